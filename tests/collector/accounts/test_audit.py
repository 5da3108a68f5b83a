from __future__ import annotations

import json
import threading
from datetime import UTC, date, datetime, timedelta, timezone
from functools import partial

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from collector.accounts.act_chain import act_digest, plain
from collector.accounts.audit import record, verify_acts
from collector.accounts.models import Act, ActHead, Role
from collector.cli import main
from tests.collector.world import World


def raw(statement: str, *values: object) -> None:
    """What somebody with the database's password can do."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


@pytest.fixture
def trail(world: World) -> World:
    """Five acts."""
    lpse = world.provider("LPSE Kota Contoh")
    by = world.account(Role.OFFICER)
    for number in range(5):
        record(
            by, "case.open", f"kasus {number}", provider=lpse.pk, reason="surveilans", now=world.ago(minutes=9 - number),
            before={"stage": "", "share": 0.5}, after={"stage": "open", "due": date(2026, 3, 31), "items": {3, 1}},
        )  # fmt: skip
    return world


def test_a_chain_that_nobody_touched_verifies(trail: World) -> None:
    found = verify_acts()
    last = Act.objects.order_by("-sequence")[0]
    assert (found.acts, found.problems, found.head) == (5, [], f"5:{last.digest}")
    assert last.after == {"stage": "open", "due": "2026-03-31", "items": [1, 3]}


def test_every_way_of_creating_an_act_chains_it(trail: World) -> None:
    Act.objects.create(verb="a", subject="b")
    Act(verb="a", subject="b").save()
    assert [act.sequence for act in Act.objects.order_by("pk")] == [1, 2, 3, 4, 5, 6, 7]
    assert verify_acts().problems == []
    acts = Act.objects.all()
    wrong = (
        partial(acts.bulk_create, [Act()]),
        acts.delete,
        partial(acts.update, reason="x"),
        acts[0].delete,
        acts[0].save,
    )
    for attempt in wrong:
        with pytest.raises(ValueError, match="acts are"):
            attempt()


@pytest.mark.parametrize(
    ("column", "value"),
    [("reason", "lain"), ("verb", "case.close"), ("subject", "kasus 9"), ("account_id", None), ("provider_id", None),
     ("before", json.dumps({"stage": "x"})), ("after", json.dumps({})), ("at", datetime(2020, 1, 1, tzinfo=UTC)),
     ("previous", "0" * 64), ("digest", "1" * 64), ("sequence", 77)],
)  # fmt: skip
def test_a_changed_act_is_found_whatever_was_changed(trail: World, column: str, value: object) -> None:
    raw(f"UPDATE accounts_act SET {column} = %s WHERE sequence = 3", value)
    assert verify_acts().problems


@pytest.mark.parametrize("sequence", [1, 3, 5])
def test_a_removed_act_is_found_wherever_it_stood(trail: World, sequence: int) -> None:
    raw("DELETE FROM accounts_act WHERE sequence = %s", sequence)
    assert verify_acts().problems


def test_an_inserted_act_is_found(trail: World) -> None:
    last = Act.objects.order_by("-sequence")[0]
    said = {"at": trail.now, "account": None, "provider": None, "verb": "case.close", "subject": "kasus", "reason": "",
            "before": {}, "after": {}}  # fmt: skip
    digest = act_digest(sequence=6, previous=last.digest, **said)  # type: ignore[arg-type]
    raw(
        "INSERT INTO accounts_act (sequence, previous, digest, at, verb, subject, reason, before, after) "
        "VALUES (6, %s, %s, %s, 'case.close', 'kasus', '', '{}', '{}')",
        last.digest, digest, trail.now,
    )  # fmt: skip
    assert "lengthened" in verify_acts().problems[0]


def test_a_chain_written_anew_is_found_by_a_head_told_before(trail: World) -> None:
    told = verify_acts().head
    record(None, "case.close", "kasus 1", now=trail.now)
    assert verify_acts(told).problems == []
    raw("DELETE FROM accounts_act")
    ActHead.objects.update(sequence=0, digest="")
    for number in range(7):
        record(None, "case.close", f"kasus {number}", now=trail.now)
    assert verify_acts().problems == []
    assert "told before" in verify_acts(told).problems[0]


def test_verify_tells_of_acts(trail: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify"]) == 0
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (told["acts"], told["problems"]) == (5, 0)
    assert main(["verify", "--acts-head", told["acts_head"]]) == 0
    raw("UPDATE accounts_act SET reason = 'lain' WHERE sequence = 2")
    capsys.readouterr()
    assert main(["verify"]) == 1
    assert "act 2 (case.open kasus 1)" in capsys.readouterr().out


def test_a_provider_sees_its_own_peoples_acts_only(trail: World) -> None:
    ours, theirs = trail.provider("LPSE Kota A"), trail.provider("LPSE Kota B")
    head, other = trail.account(Role.PROVIDER_HEAD, ours), trail.account(Role.PROVIDER_HEAD, theirs)
    record(head, "objection.file", "kasus", provider=ours.pk, now=trail.now)
    record(other, "objection.file", "kasus", provider=theirs.pk, now=trail.now)
    record(trail.account(Role.OFFICER), "case.open", "kasus", provider=ours.pk, now=trail.now)
    assert [act.account for act in Act.objects.visible_to(head)] == [head]
    assert Act.objects.visible_to(trail.account(Role.AUDITOR)).count() == 8


@pytest.mark.django_db(transaction=True)
def test_acts_of_several_writers_at_once_are_one_chain() -> None:
    failures: list[BaseException] = []

    def write() -> None:
        try:
            for number in range(10):
                record(None, "test.act", str(number), now=datetime.now(UTC))
        except BaseException as error:
            failures.append(error)
            raise
        finally:
            connection.close()

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    found = verify_acts()
    assert (found.acts, found.problems) == (40, [])


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.datetimes(timezones=st.just(UTC)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)


@given(JSON)
def test_what_is_plain_stays_as_it_is_through_json(value: object) -> None:
    once = plain(value)
    assert json.loads(json.dumps(once)) == once == plain(once)


def test_a_digest_does_not_depend_on_the_zone() -> None:
    at = datetime(2026, 3, 17, 1, tzinfo=UTC)
    said = {"sequence": 1, "previous": "", "account": 1, "provider": None, "verb": "v", "subject": "s", "reason": "",
            "before": {}, "after": {}}  # fmt: skip
    wib = timezone(timedelta(hours=7))
    assert act_digest(at=at, **said) == act_digest(at=at.astimezone(wib), **said)  # type: ignore[arg-type]
