from __future__ import annotations

import pytest

from checks.facts.public_clock import PublicClock
from checks.security.public_clock import public_clock
from checks.verdict import Status


@pytest.mark.parametrize(
    ("offset", "accuracy", "status"),
    [
        (0.0, 0.5, Status.PASS), (-1.9, 0.6, Status.PASS), (2.4, 0.6, Status.UNKNOWN), (2.7, 0.6, Status.FAIL),
        (-60.0, 0.6, Status.FAIL), (0.0, 3.0, Status.UNKNOWN), (9.0, 3.0, Status.FAIL),
    ],
)  # fmt: skip
def test_only_what_is_certainly_more_than_two_seconds_fails(offset: float, accuracy: float, status: Status) -> None:
    said = public_clock(PublicClock(offset, accuracy))
    assert said.status is status
