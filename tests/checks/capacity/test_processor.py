from __future__ import annotations

import pytest

from checks.capacity.processor import utilisation, waiting
from checks.facts.processor import Processor
from checks.verdict import Status, Verdict


def processor(busy: float = 0.1, iowait: float = 0.0, steal: float = 0.0, load: float = 0.5) -> Processor:
    return Processor(4, busy, iowait, steal, 0.5, load, load, load)


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
