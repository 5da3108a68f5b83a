from __future__ import annotations

from collections.abc import Iterable

import pytest

from checks.capacity import growth
from checks.fact import Missing
from checks.facts.backup_growth import BackupGrowth
from checks.facts.backup_volume import BackupVolume
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


def test_what_a_growth_was_made_of_is_said_unless_it_is_the_agents_own_history() -> None:
    seen = Mount("/", 100 * GIB, grows(0.5), "sysstat"), Mount("/b", 100 * GIB, grows(0.5))
    sysstat, own = (one.measured for one in list(growth.days_until_full(FilesystemGrowth(seen))))  # type: ignore[arg-type]
    assert words(sysstat, "en").startswith("growth from sysstat's archives; +")
    assert words(own, "id").startswith("+512 MiB/hari")
    store = Store(STORE, 100 * GIB, 500 * GIB, 50 * GIB, grows(1.0), "files")
    (one,) = growth.documents(DocumentStore((store,), 9))  # type: ignore[misc]
    assert one.status is Status.FAIL
    assert "pertumbuhan dari tanggal berkas; yang sudah dihapus tidak terhitung; +1 GiB/hari" in words(
        one.measured, "id"
    )


NOBODY_KNOWS = Missing("no samples")


@pytest.mark.parametrize(
    ("free", "last", "copies", "status"),
    [
        (20, 10, NOBODY_KNOWS, Status.PASS),
        (19, 10, NOBODY_KNOWS, Status.FAIL),
        (19, 0, NOBODY_KNOWS, Status.UNKNOWN),
        (20, 10, BackupGrowth(99), Status.PASS),
        (100, 10, BackupGrowth(99, grows(1.0)), Status.PASS),
        (25, 10, BackupGrowth(99, grows(1.0)), Status.WARN),
        (25, 10, BackupGrowth(99, grows(2.0)), Status.FAIL),
        (25, 10, BackupGrowth(99, grows(2.0, -1.0, 3.0)), Status.WARN),
        (19, 10, BackupGrowth(99, grows(0.0)), Status.FAIL),
    ],
)
def test_two_more_backups_must_fit_and_those_of_the_next_weeks(
    free: int, last: int, copies: BackupGrowth | Missing, status: Status
) -> None:
    verdict = growth.backup_room(BackupVolume(500 * GIB, free * GIB, last * GIB), copies)
    assert isinstance(verdict, Verdict)
    assert verdict.status is status
    assert verdict.value == (None if last == 0 else free / last)


def test_growth_from_dates_of_copies_says_what_it_supposes() -> None:
    one = growth.backup_room(BackupVolume(500 * GIB, 100 * GIB, GIB), BackupGrowth(99, grows(1.0), "backups"))
    assert isinstance(one, Verdict)
    assert "as long as old ones go on being deleted; +1 GiB a day over 30 days" in words(one.measured, "en")
