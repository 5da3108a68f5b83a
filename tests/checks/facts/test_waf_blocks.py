from __future__ import annotations

import gzip
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given

from agent.hosts import commands
from checks.fact import After, Missing
from checks.facts.log_rates import Rate
from checks.facts.waf_blocks import WafBlocks, WafLogs, waf_blocks, waf_logs
from checks.source import Command, FileStat
from tests.checks.facts.fuzzing import gives_or_says_why, mixed
from tests.checks.trees import plant

NOW = datetime(2026, 11, 23, 10, 0)
CLOCK = "2026-11-23T10:00:00+0000\n"
# The form of both lines as public logs show them (find_string "ModSecurity: Access denied with code 403 (phase 2)").
APACHE = (
    "[{:%a %b %d %H:%M:%S}.102543 2026] [security2:error] [pid 12345:tid 140123] [client 192.0.2.50:49210] ModSecurity: "
    'Access denied with code 403 (phase 2). Pattern match "x" at ARGS:q. [id "942100"]\n'
)
NGINX = "{:%Y/%m/%d %H:%M:%S} [error] 85#85: *11 [client 192.0.2.1] ModSecurity: Access denied with code 403 (phase 2). Matched\n"
OTHER = "[{:%a %b %d %H:%M:%S}.102543 2026] [core:notice] [pid 1] AH00094: Command line: '/usr/sbin/apache2'\n"


def ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


def of(*logs: Path, since: float) -> WafBlocks:
    """What the real commands print of real files."""
    fact = WafLogs(tuple(map(str, logs)), ago(since).replace(tzinfo=UTC))
    refused, date, _ = waf_blocks.sources
    assert isinstance(refused, After)
    assert isinstance(date, After)
    command = refused.make(fact)
    assert isinstance(command, Command)
    return waf_blocks.parse(commands.run(command), f"{fact.since:%Y-%m-%dT%H:%M:%S%z}\n", CLOCK)


@pytest.mark.parametrize("form", [APACHE, NGINX])
def test_refused_requests_are_counted_by_day_in_packed_logs_too(tmp_path: Path, form: str) -> None:
    new = plant(tmp_path, "error.log", OTHER.format(ago(0.9)) + form.format(ago(0.5)) * 4)
    old = tmp_path / "error.log.2.gz"
    old.write_bytes(gzip.compress("".join(form.format(ago(day + 0.5)) * 2 for day in range(1, 8)).encode()))

    assert of(new, old, since=9).rate == Rate(4, 7, 2.0)


def test_logs_that_reach_back_a_day_have_no_median(tmp_path: Path) -> None:
    assert of(plant(tmp_path, "error.log", APACHE.format(ago(0.5))), since=0).rate == Rate(1, 0, 0.0)


def test_a_log_without_refusals_is_quiet(tmp_path: Path) -> None:
    assert of(plant(tmp_path, "error.log", OTHER.format(ago(0.5))), since=8).rate == Rate(0, 7, 0.0)


def test_logs_are_taken_with_the_time_from_which_on_they_hold_everything() -> None:
    seen = (
        FileStat("/var/log/apache2/error.log", "file", 0o640, 0, 4, 9, 2000.0),
        FileStat("/var/log/apache2/error.log.1", "file", 0o640, 0, 4, 9, 1000.0),
        FileStat("/var/log/apache2/er ror", "file", 0o640, 0, 4, 9, 1.0),
    )

    assert waf_logs.parse(seen) == WafLogs(
        ("/var/log/apache2/error.log", "/var/log/apache2/error.log.1"), datetime.fromtimestamp(1000, UTC)
    )


@pytest.mark.parametrize("printed", ["<html>\n", "[Mon Feb 30 10:11:12.1 2026]\n", "2026/13/01 10:11:12\n"])
def test_other_output_is_missing(printed: str) -> None:
    with pytest.raises(Missing):
        waf_blocks.parse(printed, CLOCK, CLOCK)


@given(mixed("[Mon Nov 23 10:11:12.1 2026]", "2026/11/23 10:11:12", "\n"))
def test_any_text_gives_a_fact_or_a_reason(text: str) -> None:
    gives_or_says_why(waf_blocks, text, CLOCK, CLOCK)
