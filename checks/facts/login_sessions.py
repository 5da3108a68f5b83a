"""Who was logged in, from where and when: the sessions that wtmp holds."""

from __future__ import annotations

import re
from datetime import datetime

import msgspec

from checks.fact import Fact, Missing, reads
from checks.source import Command
from checks.text import Text

MOST = 200
LINE = re.compile(r"(\S+)\s+(\S+)\s+(?:(\S+)\s+)?(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d)(?:\s+-\s+(\S+))?.*")
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
    begins = re.search(r"^\S+ begins (\d{4}-\d\d-\d\dT\S+)$", printed, re.MULTILINE)
    try:
        since = datetime.fromisoformat(begins[1]) if begins else None
        sessions = [session for line in printed.splitlines() if (session := _session(line))]
    except ValueError as error:
        raise Missing(f"last: {error}") from error
    if since is None or since.tzinfo is None:
        raise Missing(Text("last tidak menyebut awal catatan wtmp", "last does not say where wtmp begins"))
    return LoginSessions(since, tuple(sessions[:MOST]))


def _session(line: str) -> Session | None:
    found = LINE.fullmatch(line.rstrip())
    if found is None or found[1] in NOBODY or found[2] == "begins":
        return None
    address = found[3] or ""
    console = bool(CONSOLE.fullmatch(found[2])) and (not address or address in HERE or address.startswith(":"))
    return Session(found[1], found[2], "" if address in HERE else address, datetime.fromisoformat(found[4]), console)
