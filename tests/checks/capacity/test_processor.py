from __future__ import annotations

import pytest

from checks.capacity.processor import utilisation, waiting
from checks.facts.processor import Processor
from checks.text import words
from checks.verdict import Status, Verdict


def processor(busy: float = 0.1, iowait: float = 0.0, steal: float = 0.0, load: float = 0.5) -> Processor:
    return Processor(4, busy, iowait, steal, 60.0, load, load, load)


@pytest.mark.parametrize(("busy", "status"), [(0.2, Status.PASS), (0.7, Status.WARN), (0.95, Status.FAIL)])
def test_a_busy_processor_warns_before_it_fails(busy: float, status: Status) -> None:
    verdict = utilisation(processor(busy))
    assert isinstance(verdict, Verdict)
    assert verdict.status is status


@pytest.mark.parametrize(
    ("one", "fails"),
    [
        (processor(), set()),
        (processor(load=6.0), set()),
        (processor(load=6.1), {"load"}),
        (processor(iowait=0.21), {"iowait"}),
        (processor(steal=0.11), {"steal"}),
    ],
)
def test_each_kind_of_waiting_is_judged_alone(one: Processor, fails: set[str]) -> None:
    assert {verdict.subject for verdict in waiting(one) if verdict.status is Status.FAIL} == fails  # type: ignore[union-attr]


def test_short_peaks_are_no_finding() -> None:
    assert utilisation.grace == waiting.grace == 900


def sampled(window: float) -> Processor:
    return Processor(4, 0.95, 0.5, 0.5, window, 0.1, 0.1, 0.1)


def test_a_short_sample_warns_at_most_and_says_what_it_is() -> None:
    said = [utilisation(sampled(0.5)), *(one for one in waiting(sampled(0.5)) if one.subject != "load")]  # type: ignore[union-attr]

    assert {one.status for one in said if isinstance(one, Verdict)} == {Status.WARN}
    for one in said:
        assert isinstance(one, Verdict)
        assert "contoh singkat 0.5 detik" in words(one.measured, "id")
        assert "short sample of 0.5 s" in words(one.measured, "en")


def test_the_time_since_the_last_survey_is_judged_and_named() -> None:
    said = utilisation(sampled(61.2))

    assert isinstance(said, Verdict)
    assert said.status is Status.FAIL
    assert words(said.measured, "en") == "95% in the last 61 s"
