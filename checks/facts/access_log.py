"""What the web server logged in its last minutes: how many requests, how many it failed, and how long they took.

Laws:
- Only counts and times are kept: no address, no path, no user.
- The last five minutes are those before the newest line; whether that is recent is judged with the clock at hand.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from datetime import datetime, timedelta

from checks.fact import Absent, After, Fact, Missing, reads
from checks.facts.web_service import PROGRAMS
from checks.source import Command, FileStat, Stat
from checks.text import Text

LOGS = (
    "/var/log/apache2/*access*log", "/var/log/httpd/*access*log", "/var/log/nginx/*access*log",
    "/usr/local/apache2/logs/*access*log", "/usr/local/nginx/logs/*access*log",
)  # fmt: skip
PLAIN = re.compile(r"/[\w./@+-]+")
WINDOW = 300  # seconds
LINES, MOST_LOGS = 2000, 6
DAY = 86400  # seconds: what was not written to for longer than the newest by this is no log of today
SHARE = 0.95
# Common and combined log format, with or without a virtual host before it (mod_log_config, ngx_http_log_module).
LINE = re.compile(
    r"\[(\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d):(\d\d) ([+-]\d{4})\] "
    r'"(?:[^"\\]|\\.)*" (\d{3}) (.*)'
)
STAMP = re.compile(r"\[(\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d):\d\d ([+-]\d{4})\] ")
TOOK = re.compile(
    r"""(?:^|[\s"])(?:rt|request_time)=(?P<seconds>\d{1,6}(?:\.\d{1,6})?)(?=\s|$)"""  # nginx: rt=$request_time
    r"""|(?:^|[\s"])(?:us|D)=(?P<micros>\d{1,12})(?=\s|$)"""  # Apache: us=%D
    r"""|"\s(?P<last>\d{1,6}\.\d{3})$"""  # nginx: $request_time as the last word
)
QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
MONTHS = {
    name: number
    for number, name in enumerate(
        ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"), 1
    )
}


class AccessLogs(Fact, frozen=True):
    """Access logs in the usual places that are written to, at most 6, the newest first. Absent: no web server is installed,
    or it has logged no request since its logs were rotated.
    """

    paths: tuple[str, ...]


class Requests(Fact, frozen=True):
    """Requests of the `window` seconds until the newest, `until`, among the last 2000 lines. `errors`: answered with 5xx.

    `timed`: how many say how long they took; `p95`: the 95th percentile of those, in seconds. Absent: as AccessLogs.
    """

    until: datetime
    window: int
    requests: int
    errors: int
    timed: int = 0
    p95: float | None = None


@reads(Stat(("/", *PROGRAMS, *LOGS)), root=True)
def access_logs(found: tuple[FileStat, ...]) -> AccessLogs:
    logs = [one for one in found if one.kind == "file" and one.path not in PROGRAMS and PLAIN.fullmatch(one.path)]
    written = sorted((one for one in logs if one.size), key=lambda one: -one.modified)
    if not logs and any(one.path in PROGRAMS for one in found):
        raise Missing(
            Text("log akses server web tidak ada di tempat biasa", "the access log is not in the usual places")
        )
    if not logs:
        raise Absent(Text("Apache maupun nginx tidak terpasang di sini", "neither Apache nor nginx is installed here"))
    if not written:
        raise Absent(
            Text(
                "log akses kosong: belum ada permintaan sejak dirotasi",
                "access logs are empty: no request since rotation",
            )
        )
    newest = written[0].modified
    return AccessLogs(tuple(one.path for one in written if newest - one.modified <= DAY)[:MOST_LOGS])


def _tail(found: AccessLogs) -> Command:
    return Command(("tail", "-q", "-n", str(LINES), "--", *found.paths), max_bytes=16 << 20)


@reads(After(AccessLogs, f"command tail -n {LINES} ACCESS_LOGS", _tail), root=True)
def requests(printed: str) -> Requests:
    lines = [match for line in _newest(printed.splitlines()) if (match := LINE.search(line))]
    if not lines:
        raise Missing(
            Text("log akses tidak berformat common atau combined", "the access log is not in common or combined format")
        )
    times = list(_times(lines))
    until = max(times)
    since = until - timedelta(seconds=WINDOW)
    recent = [line for line, at in zip(lines, times, strict=True) if at > since]
    took = sorted(seconds for line in recent if (seconds := _took(line[5])) is not None)
    return Requests(
        until=until,
        window=WINDOW,
        requests=len(recent),
        errors=sum(line[4].startswith("5") for line in recent),
        timed=len(took),
        p95=took[math.ceil(SHARE * len(took)) - 1] if took else None,
    )


def _newest(lines: list[str]) -> Iterator[str]:
    """The lines of the newest minute and of the window before it: finding out which is cheap, taking them apart is not."""
    minutes = [(match[1], match[2]) if (match := STAMP.search(line)) else None for line in lines]
    known = {minute: _minute(*minute) for minute in set(minutes) if minute}
    since = max(known.values(), default=None)
    for line, minute in zip(lines, minutes, strict=True):
        if minute and since and since - known[minute] <= timedelta(seconds=WINDOW + 60):
            yield line


def _times(lines: list[re.Match[str]]) -> Iterator[datetime]:
    """The time of each line. Most share their minute with others, and making a time costs."""
    known = {minute: _minute(*minute) for minute in {(line[1], line[3]) for line in lines}}
    for line in lines:
        yield known[line[1], line[3]] + timedelta(seconds=int(line[2]))


def _minute(said: str, zone: str) -> datetime:
    day, month, year, hour, minute = re.split("[/:]", said)
    try:
        iso = f"{year}-{MONTHS[month]:02}-{day}T{hour}:{minute}:00{zone}"
        return datetime.fromisoformat(iso)
    except (KeyError, ValueError) as error:
        raise Missing(
            Text(f"waktu {said} di log akses tidak masuk akal", f"the time {said} in the access log makes no sense")
        ) from error


def _took(rest: str) -> float | None:
    match = TOOK.search(QUOTED.sub('""', rest))  # what the client chose is quoted
    if match is None:
        return None
    if match["micros"]:
        return int(match["micros"]) / 1e6
    return float(match["seconds"] or match["last"])
