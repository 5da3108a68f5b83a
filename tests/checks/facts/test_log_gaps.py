from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given

from checks.fact import Missing
from checks.facts.log_gaps import Gap, LogGaps, of_journal, of_messages, of_syslog, time_of
from checks.facts.processes import Process, ProcessTable
from checks.source import FileStat
from tests.checks.facts.fuzzing import gives_or_says_why, mixed
from tests.checks.real import NOW, real

UP = NOW - timedelta(days=40)
TABLE = ProcessTable((Process(1, 0, "systemd", "root", "", False, (), UP.timestamp()),))
JOURNAL = (FileStat("/var/log/journal/0a/system.journal", "file", 0o640, 0, 0, 8 << 20, 0.0),)
CLOCK = "2026-11-23T10:00:00+0700\n"  # NOW, as a server in Jakarta prints it


def lines(*hours: float) -> str:
    """Journal lines so many hours before NOW, in the format of `journalctl --output=short-unix --no-hostname`."""
    return "".join(
        f"{(NOW - timedelta(hours=hour)).timestamp():.6f} CRON[{n}]: (root) CMD (x)\n" for n, hour in enumerate(hours)
    )


def journal(printed: str) -> LogGaps:
    return of_journal.parse(JOURNAL, printed, CLOCK, TABLE)


def ago(hours: float) -> datetime:
    return NOW - timedelta(hours=hours)


def test_a_silence_is_told_and_an_ordinary_quarter_of_an_hour_is_not() -> None:
    found = journal(lines(24, 23.8, 23.6, 20, 19.9, 0.1))

    assert found.total == 2
    assert found.gaps == (Gap(ago(19.9), ago(0.1)), Gap(ago(23.6), ago(20)))
    assert (found.first, found.last, found.lines, found.up_since) == (ago(24), ago(0.1), 6, UP)


def test_what_lies_between_two_boots_is_no_gap() -> None:
    assert journal(lines(9, 8.9) + "-- Boot 6f3c2b0d8f0f4d7c9a3f --\n" + lines(3, 2.9)).gaps == ()
    assert journal(lines(9, 8.9) + "-- Reboot --\n" + lines(3, 2.9)).gaps == ()


def test_lines_are_asked_for_from_a_day_ago_unless_there_are_too_many() -> None:
    assert journal(lines(2, 1)).before == ago(25)
    assert journal(lines(*(1 - n / 30_000 for n in range(20_000)))).before is None


def test_a_real_journal_of_two_boots_is_read() -> None:
    found = journal(real("debian12/journalctl-short-unix.txt"))

    assert found.lines == 5
    assert found.gaps == (Gap(datetime(2026, 11, 22, 21, 0, 5, tzinfo=UTC), datetime(2026, 11, 23, 0, 0, tzinfo=UTC)),)


def test_messages_of_several_lines_do_no_harm() -> None:
    assert journal(lines(1) + "    at play.server.Server.main\n\n" + lines(0.9)).lines == 2


SYSLOG = """Nov 23 06:00:01 spse CRON[811]: (root) CMD (cd / && run-parts --report /etc/cron.hourly)
Nov 23 06:17:01 spse CRON[815]: (root) CMD (cd / && run-parts --report /etc/cron.hourly)
Nov 23 09:30:00 spse rsyslogd: [origin software="rsyslogd"] start
"""


def test_a_syslog_file_is_read_by_the_clock_of_its_host() -> None:
    rotated = (
        FileStat("/", "directory", 0o755, 0, 0, 1, 0.0),
        FileStat("/var/log/syslog.1", "file", 0, 0, 0, 9, ago(9).timestamp()),
    )
    found = of_syslog.parse(SYSLOG, CLOCK, TABLE, rotated)

    assert found.gaps == (
        Gap(datetime(2026, 11, 22, 23, 17, 1, tzinfo=UTC), datetime(2026, 11, 23, 2, 30, tzinfo=UTC)),
    )
    assert found.before == ago(9)
    assert found.log == "/var/log/syslog"


def test_times_with_zone_and_a_boot_in_the_text_are_understood() -> None:
    text = (
        "2026-11-23T01:00:00.123456+07:00 spse systemd[1]: Stopped.\n"
        "2026-11-23T08:59:00.123456+07:00 spse kernel: [    0.000000] Linux version 6.1.0-28-amd64\n"
        "2026-11-23T09:59:59.123456+07:00 spse systemd[1]: Started.\n"
    )
    (gap,) = of_messages.parse(text, CLOCK, TABLE, ()).gaps

    assert gap.end - gap.start == timedelta(hours=1, seconds=59)


def test_the_classic_stamp_of_december_belongs_to_last_year_in_january() -> None:
    when = time_of("Dec 31 23:59:00", datetime(2027, 1, 1, 0, 5, tzinfo=UTC))

    assert when is not None
    assert when.year == 2026


@pytest.mark.parametrize("printed", ["", "-- No entries --\n", "garbage\n", lines(1)])
def test_an_empty_log_is_missing(printed: str) -> None:
    with pytest.raises(Missing):
        journal(printed)


def test_without_a_journal_or_a_clock_it_is_missing() -> None:
    with pytest.raises(Missing, match="no system journal"):
        of_journal.parse((), lines(2, 1), CLOCK, TABLE)
    with pytest.raises(Missing, match="date"):
        of_journal.parse(JOURNAL, lines(2, 1), "yesterday", TABLE)
    with pytest.raises(Missing):
        of_journal.parse(JOURNAL, lines(2, 1), CLOCK, ProcessTable(()))


@given(mixed("1795402800.5 a\n", "-- Boot x --\n", "Nov 23 06:00:01 a\n", "99999999999.1 \n", "Feb 30 00:00:00 \n"))
def test_any_text_gives_a_fact_or_a_reason(text: str) -> None:
    gives_or_says_why(of_journal, JOURNAL, text, CLOCK, TABLE)
    gives_or_says_why(of_syslog, text, CLOCK, TABLE, ())
