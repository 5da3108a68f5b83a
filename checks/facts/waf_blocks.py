"""How many requests ModSecurity refused, by day, from the error logs of Apache and nginx. Of a line only its time is read."""

from __future__ import annotations

import re
from datetime import datetime

from checks.fact import After, Fact, Missing, reads
from checks.facts.failed_logins import CLOCK
from checks.facts.file_dates import changed
from checks.facts.log_rates import Rate, clock, rate
from checks.source import Command, FileStat, Stat
from checks.text import Text

MOST = 60
PLACES = (
    "/var/log/apache2/*error*",
    "/var/log/httpd/*error*",
    "/var/log/nginx/*error*",
    "/usr/local/apache2/logs/*error*",
)
NAME = re.compile(r"/(?:[\w.-]+/)+[\w.-]+")
REFUSED = r"(?=[^\n]{0,600}?ModSecurity: Access denied)"
# "[Mon Nov 23 10:11:12.123456 2026] [security2:error] ..." of Apache, "2026/11/23 10:11:12 [error] ..." of nginx
PATTERN = rf"^\[\w{{3}} \w{{3}} [ \d]\d \d\d:\d\d:\d\d(?:\.\d+)? \d{{4}}\]{REFUSED}|^\d{{4}}/\d\d/\d\d \d\d:\d\d:\d\d{REFUSED}"
APACHE = re.compile(r"\[\w{3} (\w{3}) +(\d{1,2}) (\d\d:\d\d:\d\d)(?:\.\d+)? (\d{4})\]")


class WafLogs(Fact, frozen=True):
    """Error logs of web servers, those of earlier days included: at most 60 paths, the newest first. Absent: there is none
    in the usual places. `since`: when the oldest was last written to, so from when on they hold everything.
    """

    paths: tuple[str, ...]
    since: datetime


class WafBlocks(Fact, frozen=True):
    """Requests that ModSecurity refused. Absent: as WafLogs."""

    rate: Rate


@reads(Stat(PLACES), root=True)
def waf_logs(seen: tuple[FileStat, ...]) -> WafLogs:
    files = [one for one in seen if one.kind == "file" and NAME.fullmatch(one.path)]
    if not files:
        raise Missing(Text("log galat server web bukan berkas", "the error logs of the web server are no files"))
    files.sort(key=lambda one: (-one.modified, one.path))
    files = files[:MOST]
    return WafLogs(tuple(one.path for one in files), changed(files[-1]))


def _refused(logs: WafLogs) -> Command:
    # zgrep reads what logrotate has compressed as well
    return Command(
        ("zgrep", "-ahoP", "-e", PATTERN, "--", *logs.paths), ok=(0, 1), timeout=60.0, max_bytes=32 << 20, heavy=True
    )


def _since(logs: WafLogs) -> Command:
    """`date` of the moment from which on the logs hold everything, and of now: both as this host writes times."""
    return Command(("date", f"--date=@{logs.since.timestamp():.0f}", "+%Y-%m-%dT%H:%M:%S%z"))


@reads(
    After(WafLogs, "command zgrep (times of refused requests) {error logs}", _refused),
    After(WafLogs, "command date --date={oldest log}", _since),
    CLOCK,
    root=True,
)
def waf_blocks(refused: str, since: str, date: str) -> WafBlocks:
    times = [_time(line) for line in refused.splitlines()]
    return WafBlocks(rate(times, min((clock(since), *times)), clock(date)))


def _time(stamp: str) -> datetime:
    try:
        if match := APACHE.fullmatch(stamp):
            return datetime.strptime(f"{match[4]} {match[1]} {match[2]} {match[3]}", "%Y %b %d %H:%M:%S")
        return datetime.strptime(stamp, "%Y/%m/%d %H:%M:%S")
    except ValueError as error:
        raise Missing(
            Text("log galat memuat waktu yang tidak terbaca", "the error log has an unreadable time")
        ) from error
