"""Two people, or two clicks, at the same moment."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connection

from collector.assessment.acts import begin, factual, self_assessment
from collector.assessment.acts.step import Sent
from collector.assessment.models import Certificate, Recommendation, Submission, Transition
from collector.assessment.unlawful import Overtaken, Unlawful
from collector.registry.models import RegisterEntry
from tests.collector.assessment.cast import Cast
from tests.collector.world import World

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast() -> Cast:
    return Cast.of(World.create())


def at_once(*acts: Callable[[], object]) -> list[object]:
    """What each of `acts` gave or raised; they begin together, each with a connection of its own."""
    start = threading.Barrier(len(acts))
    found: list[object] = [None] * len(acts)

    def run(place: int) -> None:
        start.wait()
        try:
            found[place] = acts[place]()
        except (Unlawful, Overtaken) as error:
            found[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(acts))]
    for one in threads:
        one.start()
    for one in threads:
        one.join(60)
    return found


def test_of_two_officers_at_once_one_wins_and_the_other_is_told_who_was_first(cast: Cast) -> None:
    cast.self_assessed()
    shown = cast.standard().version
    sent = [cast.sent("Kurang", seen=shown), cast.sent(seen=shown)]
    done = at_once(
        lambda: factual.return_for_completion(cast.assessor, cast.lpse.pk, "k", sent[0]),
        lambda: factual.assess(cast.second, cast.lpse.pk, "k", sent[1], mode="desk"),
    )
    told = next(one for one in done if isinstance(one, Overtaken))
    won = next(one for one in done if isinstance(one, Transition))
    assert told.who == str(won.account)
    assert cast.standard().version == shown + 1


def test_of_two_clicks_at_once_one_recommendation_comes(cast: Cast) -> None:
    cast.self_assessed()
    factual.assess(cast.assessor, cast.lpse.pk, "k", cast.sent(), mode="desk")
    sent = cast.sent(key="one-form")

    def click() -> object:
        return factual.recommend(cast.assessor, cast.lpse.pk, "k", sent, text="Perbaiki", item="k.1").pk

    assert len(set(at_once(click, click, click))) == 1
    assert Recommendation.objects.count() == 1


def test_two_standards_submitted_at_once_lose_no_answer_of_each_other(cast: Cast) -> None:
    for letter, items in (("k", 3), ("a", 5)):
        begin.begin(cast.admin, cast.lpse, letter, cast.sent())
        for number in range(1, items + 1):
            sent, item = cast.sent(), f"{letter}.{number}"
            self_assessment.answer(cast.admin, cast.lpse.pk, letter, sent, item=item, answer="1")
    sent = cast.sent()

    def submits(letter: str) -> Callable[[], object]:
        return lambda: self_assessment.submit(cast.head, cast.lpse.pk, letter, Sent(sent.now))

    at_once(submits("k"), submits("a"))
    assert Submission.objects.count() == 2
    rows = RegisterEntry.objects.filter(register="self_assessments").latest("pk").content["rows"]
    assert sorted((row["standard"], row["item"]) for row in rows) == [
        *(("a", number) for number in range(1, 6)), *(("k", number) for number in range(1, 4)),
    ]  # fmt: skip


def test_two_certificates_at_once_bear_two_numbers(cast: Cast) -> None:
    from collector.assessment.acts import determination

    for letter in ("k", "m"):
        cast.self_assessed(letter)
        cast.judged(letter)
        factual.conclude(cast.assessor, cast.lpse.pk, letter, cast.sent())
        determination.propose(cast.assessor, cast.lpse.pk, letter, cast.sent("Memenuhi"))
    sent = cast.sent()

    def determines(letter: str) -> Callable[[], object]:
        return lambda: determination.determine(
            cast.approver, cast.lpse.pk, letter, sent, signatory="Dr. Sari", position="Deputi II"
        )

    at_once(determines("k"), determines("m"))
    assert sorted(Certificate.objects.values_list("sequence", flat=True)) == [1, 2]
