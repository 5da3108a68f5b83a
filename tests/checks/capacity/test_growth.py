from __future__ import annotations

from collections.abc import Iterable

import pytest

from checks.capacity import growth
from checks.facts.document_store import DocumentStore, Store
from checks.facts.filesystem_growth import FilesystemGrowth, Mount
from checks.facts.log_volume import LogFolder, LogVolume
from checks.text import words
from checks.trend import Trend
from checks.verdict import Status, Verdict

GIB = 1 << 30
STORE = "/home/file/file_prod"


def grows(slope: float, low: float | None = None, high: float | None = None) -> Trend:
    """A trend in GiB a day; its interval is narrow unless it is said."""
    return Trend(slope * GIB, (slope if low is None else low) * GIB, (slope if high is None else high) * GIB, 30.0, 700)


def statuses(verdicts: Verdict | Iterable[Verdict]) -> dict[str, Status]:
    assert not isinstance(verdicts, Verdict)
    return {verdict.subject: verdict.status for verdict in verdicts}


@pytest.mark.parametrize(
    ("moving", "status"),
    [
        (grows(0.5), Status.PASS),  # 200 days
        (grows(2.0), Status.WARN),  # 50 days
        (grows(5.0), Status.FAIL),  # 20 days
        (grows(5.0, -1.0, 9.0), Status.WARN),  # 20 days, if it grows at all
        (grows(-1.0), Status.PASS),
        (grows(0.0), Status.PASS),
        (None, Status.UNKNOWN),
    ],
)
def test_days_until_a_file_system_is_full(moving: Trend | None, status: Status) -> None:
    seen = FilesystemGrowth((Mount("/", 100 * GIB, moving),))
    assert statuses(growth.days_until_full(seen)) == {"/": status}


def test_a_full_file_system_that_surely_grows_fails() -> None:
    assert statuses(growth.days_until_full(FilesystemGrowth((Mount("/", 0, grows(0.1)),)))) == {"/": Status.FAIL}


def test_the_interval_stands_beside_the_days() -> None:
    one = growth.forecast(100 * GIB, grows(2.0, 1.0, 4.0), fail=30, warn=90)
    assert words(one.measured, "id") == "+2 GiB/hari selama 30 hari; penuh dalam 50 hari (95%: 25 sampai 100)"
    assert words(one.measured, "en") == "+2 GiB a day over 30 days; full in 50 days (95%: 25 to 100)"
    assert words(growth.forecast(GIB, grows(1.0, 0.0, 2.0), fail=30).measured, "en").endswith("(95%: 0 to ...)")
    assert words(growth.forecast(GIB, grows(-1.0), fail=30).measured, "en") == (
        "-1 GiB a day over 30 days; never full at this rate"
    )


@pytest.mark.parametrize(
    ("free", "moving", "status"),
    [
        (50, None, Status.PASS),
        (20, None, Status.WARN),
        (5, None, Status.FAIL),
        (50, grows(0.5), Status.PASS),
        (50, grows(1.0), Status.FAIL),
        (5, grows(0.0), Status.FAIL),
        (50, grows(1.0, -1.0, 2.0), Status.WARN),
    ],
)
def test_the_store_is_judged_by_its_growth_where_history_knows_it(
    free: int, moving: Trend | None, status: Status
) -> None:
    store = DocumentStore((Store(STORE, 100 * GIB, 500 * GIB, free * GIB, moving),), 1000)

    assert statuses(growth.documents(store)) == {STORE: status}


@pytest.mark.parametrize(
    ("moving", "status"),
    [(grows(0.1), Status.PASS), (grows(0.5), Status.WARN), (grows(1.0), Status.FAIL), (None, Status.UNKNOWN)],
)
def test_logs_need_two_weeks_of_room(moving: Trend | None, status: Status) -> None:
    assert statuses(growth.logs(LogVolume((LogFolder("/var/log", GIB, 10 * GIB, moving),)))) == {"/var/log": status}
