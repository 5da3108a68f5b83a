"""Who was logged in, from where and when: the sessions that wtmp holds."""

from __future__ import annotations

import re
from datetime import datetime

import msgspec

from checks.fact import Fact, Missing, reads
from checks.facts.failed_logins import CLOCK
from checks.source import Command
from checks.text import Text

MOST = 200
LINE = re.compile(r"(\S+)\s+(\S+)\s+(?:(\S+)\s+)?(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:?\d\d)(?:\s+-\s+(\S+))?.*")
TIMED = re.compile(r"\s\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:?\d\d")  # until util-linux 2.34: +0700
FULL = re.compile(r"\b[A-Z][a-z]{2} ([A-Z][a-z]{2} {1,2}\d{1,2} \d\d:\d\d:\d\d \d{4})\b")  # Tue Jan  5 14:29:24 2021
NOBODY = frozenset({"reboot", "runlevel", "shutdown"})
CONSOLE = re.compile(r"(tty\d+|ttyS\d+|console|:\d+)\b.*")
HERE = frozenset({"127.0.0.1", "::1", "localhost", "0.0.0.0"})  # noqa: S104 - as `last` prints it, not an address to bind


class Session(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One login: account, terminal, address (empty: none was noted), when it began. `console`: in front of the machine."""

    account: str
    terminal: str
    address: str
    began_at: datetime
    console: bool


class LoginSessions(Fact, frozen=True):
    """The last 200 sessions, newest first. Never absent; `since` is where the records begin."""

    since: datetime
    sessions: tuple[Session, ...] = ()


@reads(Command(("last", "--time-format", "iso", "-w", "-n", "300")))
def login_sessions(printed: str) -> LoginSessions:
    return _sessions(printed)


@reads(Command(("last", "-F", "-w", "-n", "300")), CLOCK)
def of_el_7(printed: str, clock: str) -> LoginSessions:
    """Where `last` knows no other form of the time than that of people, without a zone: that of the clock is taken."""
    return _sessions(with_zone(printed, clock))


def with_zone(printed: str, clock: str) -> str:
    """What `last -F` printed, with its times in ISO form and in the zone of `clock`. Raises Missing without a zone."""
    try:
        zone = datetime.fromisoformat(clock.strip()).tzinfo
    except ValueError as error:
        raise Missing(Text("date tidak menampilkan waktu", "date did not print the time")) from error
    if zone is None:
        raise Missing(Text("date tidak menampilkan zona waktu", "date did not print the time zone"))

    def iso(found: re.Match[str]) -> str:
        try:
            return datetime.strptime(found[1], "%b %d %H:%M:%S %Y").replace(tzinfo=zone).isoformat()
        except ValueError:
            return found[0]

    return FULL.sub(iso, printed)


def _sessions(printed: str) -> LoginSessions:
    begins = re.search(r"^\S+ begins (\d{4}-\d\d-\d\dT\S+)$", printed, re.MULTILINE)
    try:
        since = datetime.fromisoformat(begins[1]) if begins else None
        sessions = [session for line in printed.splitlines() if (session := _session(line))]
    except ValueError as error:
        raise Missing(f"last: {error}") from error
    if since is None or since.tzinfo is None:
        raise Missing(Text("last tidak menyebut awal catatan wtmp", "last does not say where wtmp begins"))
    strange = [line for line in printed.splitlines() if line[:1].strip() and not TIMED.search(line)]
    if strange:  # a login that cannot be read must not pass for none
        raise Missing(
            Text(
                f"last menampilkan baris tanpa waktu: {strange[0][:80]!r}",
                f"last printed a line without a time: {strange[0][:80]!r}",
            )
        )
    return LoginSessions(since, tuple(sessions[:MOST]))


def _session(line: str) -> Session | None:
    found = LINE.fullmatch(line.rstrip())
    if found is None or found[1] in NOBODY or found[2] == "begins":
        return None
    address = found[3] or ""
    console = bool(CONSOLE.fullmatch(found[2])) and (not address or address in HERE or address.startswith(":"))
    return Session(found[1], found[2], "" if address in HERE else address, datetime.fromisoformat(found[4]), console)
