from __future__ import annotations

import pytest

from checks.capacity.network import errors
from checks.facts.interfaces import Interface, Interfaces
from checks.verdict import Status


@pytest.mark.parametrize(
    ("packets", "bad", "lost", "status"),
    [
        (100_000, 0, 0, Status.PASS),
        (100_000, 101, 0, Status.FAIL),
        (100_000, 0, 500, Status.WARN),
        (100_000, 200, 500, Status.FAIL),
        (500, 400, 0, Status.NOT_APPLICABLE),
    ],
)
def test_errors_fail_and_drops_alone_only_warn(packets: int, bad: int, lost: int, status: Status) -> None:
    verdicts = list(errors(Interfaces((Interface("eth0", packets, bad, lost),))))  # type: ignore[arg-type]

    assert [verdict.status for verdict in verdicts] == [status]
