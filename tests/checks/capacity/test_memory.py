from __future__ import annotations

from datetime import timedelta

import pytest

from checks.capacity.memory import swap_and_oom, utilisation
from checks.fact import Missing
from checks.facts.memory import Memory
from checks.facts.oom import OomHistory
from checks.verdict import Status, Verdict
from tests.checks.real import NOW

GIB = 1 << 30
GOOD = Memory(16 * GIB, 8 * GIB, 4 * GIB, 0)


@pytest.mark.parametrize(("available", "status"), [(8, Status.PASS), (3, Status.WARN), (1, Status.FAIL)])
def test_memory_warns_before_it_fails(available: int, status: Status) -> None:
    verdict = utilisation(Memory(16 * GIB, available * GIB, 0, 0))
    assert isinstance(verdict, Verdict)
    assert verdict.status is status


def test_no_memory_at_all_is_unknown() -> None:
    verdict = utilisation(Memory(0, 0, 0, 0))
    assert isinstance(verdict, Verdict)
    assert verdict.status is Status.UNKNOWN


@pytest.mark.parametrize(
    ("memory", "oom", "swap_status", "oom_status"),
    [
        (GOOD, OomHistory(0), Status.PASS, Status.PASS),
        (Memory(GIB, GIB, 4 * GIB, 2 * GIB), OomHistory(2), Status.FAIL, Status.UNKNOWN),
        (Memory(GIB, GIB, 4 * GIB, 2 * GIB), Missing("denied"), Status.FAIL, Status.UNKNOWN),
        (Memory(GIB, GIB, 0, 0), None, Status.NOT_APPLICABLE, Status.UNKNOWN),
        (GOOD, OomHistory(2, NOW - timedelta(hours=3)), Status.PASS, Status.FAIL),
        (GOOD, OomHistory(2, NOW - timedelta(days=3)), Status.PASS, Status.WARN),
    ],
)
def test_a_recent_kill_fails_an_old_one_warns_and_one_of_an_unknown_day_is_unknown(
    memory: Memory, oom: OomHistory | Missing | None, swap_status: Status, oom_status: Status
) -> None:
    verdicts = {verdict.subject: verdict.status for verdict in swap_and_oom(memory, oom, NOW)}  # type: ignore[union-attr]

    assert verdicts == {"swap": swap_status, "oom": oom_status}
