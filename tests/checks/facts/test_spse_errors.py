from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given

from agent.hosts import commands
from agent.hosts.local import LocalHost
from agent.survey import Survey
from checks.fact import Absent, After, Missing
from checks.facts.log_rates import Rate
from checks.facts.spse_errors import SpseErrors, SpseLogs, spse_errors, spse_logs
from checks.source import Command, FileStat
from tests.checks.facts.fuzzing import gives_or_says_why, mixed
from tests.checks.trees import plant

NOW = datetime(2026, 11, 23, 10, 0)
CLOCK = "2026-11-23T10:00:00+0700\n"


def of(*logs: Path) -> SpseErrors:
    """What the real commands print of real files."""
    fact = SpseLogs(tuple(map(str, logs)))
    readings = []
    for source in spse_errors.sources[:-1]:
        assert isinstance(source, After)
        made = source.make(fact)
        assert isinstance(made, Command)
        readings.append(commands.run(made))
    return spse_errors.parse(*readings, CLOCK)


def line(days: float, form: str) -> str:
    when = NOW - timedelta(days=days)
    return form.format(f"{when:%Y-%m-%d %H:%M:%S}") + "\n"


# Written by hand after the patterns of log4j and Play: no log of a production SPSE is public.
@pytest.mark.parametrize(
    "form",
    [
        "{},123 ERROR ~ Oops: NullPointerException",
        "[ERROR] [{}] x",
        "{} [play-thread-1] ERROR [play.db] x",
        "ERROR {} x",
        "{} FATAL x",
    ],
)
def test_errors_are_counted_by_day_whatever_the_pattern(tmp_path: Path, form: str) -> None:
    old = [line(day + 0.5, form) for day in range(1, 8) for _ in range(2)]
    log = plant(
        tmp_path,
        "spse4.3.log",
        line(9, "{} INFO start") + "".join(old) + line(0.5, form) * 7 + line(0.1, "{} INFO ERRORS: none"),
    )

    assert of(log).rate == Rate(7, 7, 2.0)


def test_lines_below_an_error_and_ordinary_lines_are_none(tmp_path: Path) -> None:
    log = plant(
        tmp_path, "application.log", line(0.2, "{} INFO ok") + "    at ERROR.of(Play.java)\njava.lang.Error: ERROR\n"
    )

    assert of(log).rate.recent == 0


def test_rotated_logs_are_read_too(tmp_path: Path) -> None:
    old = plant(tmp_path, "spse.log.2026-11-19", line(4.5, "{} ERROR x") * 3)
    new = plant(tmp_path, "spse.log", line(0.5, "{} ERROR x"))

    assert of(new, old).rate == Rate(1, 3, 0.0)


def test_a_log_without_dates_is_missing_and_no_log_without_errors(tmp_path: Path) -> None:
    log = plant(tmp_path, "spse.log", "10:11:12,345 ERROR ~ Oops\n")

    with pytest.raises(Missing, match="carry no date"):
        of(log)


def test_logs_of_the_last_week_are_taken_and_packed_or_strange_ones_left_out() -> None:
    def file(path: str, days: float, kind: str = "file") -> FileStat:
        return FileStat(path, kind, 0o644, 0, 0, 9, 1e9 - days * 86400)

    seen = (
        file("/a/logs/x.log", 0), file("/a/logs/x.log.2", 7), file("/a/logs/x.log.3", 9), file("/a/logs/x.log.1.gz", 1),
        file("/a/logs/a\nb.log", 1), file("/", 0, "directory"),
    )  # fmt: skip

    assert spse_logs.parse(seen).paths == ("/a/logs/x.log", "/a/logs/x.log.2")
    with pytest.raises(Absent):
        spse_logs.parse(())


def test_the_logs_of_a_host_are_found(tmp_path: Path) -> None:
    plant(tmp_path, "/home/appserv/spse/webapp/conf/application.conf", "application.mode=prod\n")
    plant(tmp_path, "/home/appserv/spse/webapp/logs/spse4.3.log", "x")

    assert Survey(LocalHost(str(tmp_path))).outcome(SpseLogs).fact == SpseLogs(
        ("/home/appserv/spse/webapp/logs/spse4.3.log",)
    )


@given(mixed("2026-11-23 10:00", "2026-13-99 10:00", " ERROR x", "\n"))
def test_any_text_gives_a_fact_or_a_reason(text: str) -> None:
    gives_or_says_why(spse_errors, text, text, text, CLOCK)
