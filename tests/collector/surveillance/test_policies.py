from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from checks.catalogue import catalogue
from checks.policy import Policy, PolicyError
from collector.accounts.models import Act, Role
from collector.surveillance.models import PolicyVersion
from collector.surveillance.policies import Rulebooks, in_force, publish
from tests.collector.world import World

STRICT = Policy(version="2027-1", thresholds={"K-SSH-04": {"maximum": 2}}, grace={"G-CPU-01": 60})


def test_the_default_policy_holds_where_none_was_published(world: World) -> None:
    assert in_force(world.now) == Policy()


def test_a_policy_holds_from_its_moment_on_and_not_before(world: World) -> None:
    publish(STRICT, now=world.ago(hours=1), by=None)
    assert in_force(world.ago(hours=1)) == STRICT
    assert in_force(world.ago(hours=1) - timedelta(microseconds=1)) == Policy()


def test_a_published_policy_is_an_act_with_its_person(world: World) -> None:
    person = world.account(Role.APPROVER)
    publish(STRICT, now=world.now, by=person)
    act = Act.objects.get(verb="policy.publish")
    assert (act.account, act.at) == (person, world.now)
    assert act.subject == f"2027-1 {STRICT.digest[:12]}"


@pytest.mark.parametrize(
    ("policy", "says"),
    [
        (Policy(thresholds={"Z-NOT-01": {"maximum": 1}}), "Z-NOT-01: there is no such check"),
        (Policy(thresholds={"K-SSH-04": {"max": 1}}), "K-SSH-04 has no such threshold (it has: maximum)"),
        (Policy(thresholds={"K-SSH-04": {"maximum": "four"}}), "thresholds.K-SSH-04.maximum"),
        (Policy(grace={"K-SSH-04": -1}), "must not be negative"),
        (Policy(silence_after=0), "silence_after"),
    ],
)
def test_a_policy_that_does_not_fit_is_refused_whole(world: World, policy: Policy, says: str) -> None:
    with pytest.raises(PolicyError) as refused:
        publish(policy, now=world.now, by=None)
    assert says in str(refused.value)
    assert not PolicyVersion.objects.exists()
    assert not Act.objects.exists()


def test_to_return_to_an_earlier_policy_it_needs_another_version(world: World) -> None:
    publish(STRICT, now=world.ago(days=2), by=None)
    publish(Policy(version="mild"), now=world.ago(days=1), by=None)
    with pytest.raises(PolicyError, match="give it another version than '2027-1'"):
        publish(STRICT, now=world.now, by=None)
    import msgspec

    again = msgspec.structs.replace(STRICT, version="2027-2")
    publish(again, now=world.now, by=None)
    assert in_force(world.now) == again


def test_rulebooks_are_those_in_force_at_each_moment_and_seen_at_once(world: World) -> None:
    books = Rulebooks(catalogue())
    books.refresh()
    assert books.at(world.now).policy == Policy()
    publish(STRICT, now=world.ago(hours=1), by=None)
    books.refresh()
    assert books.at(world.now).policy == STRICT
    assert books.at(world.ago(hours=2)).policy == Policy()
    assert books.named(STRICT.digest) is books.at(world.now)
    assert books.named(Policy().digest) is books.at(world.ago(hours=2))
    assert books.named("0" * 64) is None


def test_a_stored_policy_that_fits_no_longer_never_makes_the_default_one_hold_instead(world: World) -> None:
    publish(STRICT, now=world.ago(hours=2), by=None)
    books = Rulebooks(catalogue())
    books.refresh()
    odd = Policy(version="of another release", thresholds={"K-OLD-99": {"maximum": 1}})
    PolicyVersion.objects.create(digest=odd.digest, body=odd.encode(), in_force_from=world.ago(hours=1))
    for _ in range(2):
        with pytest.raises(PolicyError):
            books.refresh()
        assert books.at(world.now).policy == STRICT


def test_two_policies_cannot_begin_at_the_same_moment(world: World) -> None:
    publish(STRICT, now=world.now, by=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        publish(Policy(version="other"), now=world.now, by=None)
