"""SSH logins that failed or succeeded in the last ten minutes, by address."""

from __future__ import annotations

import re
from collections import Counter
from datetime import datetime, timedelta

import msgspec

from checks.fact import Fact, Missing, reads
from checks.facts.ssh_files import SshFiles
from checks.source import Command, FileStat, Stat
from checks.text import Text

WINDOW = 600  # seconds; the journalctl below says the same
MOST = 20
# "/" is always there: that a host keeps no journal is said by the parser, and is no sign that sshd is absent.
JOURNALS = Stat(("/", "/var/log/journal/*/system.journal", "/run/log/journal/*/system.journal"))
CLOCK = Command(("date", "+%Y-%m-%dT%H:%M:%S%z"))
LINE = re.compile(
    r"(?P<when>\d{4}-\d\d-\d\dT\S+|[A-Z][a-z]{2}\s+\d{1,2} \d\d:\d\d:\d\d) \S+ (?:\S+: )?sshd(?:-session)?\[(?P<pid>\d+)\]: "
    r"(?:message repeated (?P<times>\d{1,6}) times: \[ )?(?P<said>.*?)\]?"
)
PORT = r"from (?P<address>[0-9A-Fa-f.:]+(?:%\w+)?) port \d+"
FAILED = re.compile(rf"(?:error: )?Failed (?!publickey)\S+ for .*{PORT}(?: ssh\d)?(?:: .*)?")
HINTS = (
    re.compile(rf"Invalid user .*{PORT}"),
    re.compile(
        r"Connection (?:closed|reset) by (?:authenticating|invalid) user .* (?P<address>[0-9A-Fa-f.:]+) port \d+ \[preauth"
    ),
)
ACCEPTED = re.compile(rf"Accepted \S+ for .*{PORT} ssh\d(?:: .*)?")


class Attempts(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Failures from one address. `before_success`: how many came before a login from it that then succeeded."""

    address: str
    failures: int
    before_success: int = 0


class FailedLogins(Fact, frozen=True):
    """Failed SSH logins of the last `window` seconds: the busiest 20 addresses. Absent: no OpenSSH server.

    `accepted`: addresses (at most 20) from which a login succeeded in that time.
    """

    window: int
    failures: int
    addresses: int
    sources: tuple[Attempts, ...] = ()
    accepted: tuple[str, ...] = ()


@reads(
    JOURNALS,
    Command((
        "journalctl", "--system", "--no-pager", "--output=short-iso", "--since=-10min", "--lines=5000",
        "_COMM=sshd", "_COMM=sshd-session",
    )),
    root=True, given=SshFiles,
)  # fmt: skip
def by_journal(journals: tuple[FileStat, ...], printed: str) -> FailedLogins:
    """`journalctl` itself refuses where this user may read none of the journals; without any it says "no entries"."""
    if not any(journal.kind == "file" and journal.size for journal in journals):
        raise Missing(Text("tidak ada jurnal sistem di sini", "no system journal is kept here"))
    if not re.match(r"-- |\d{4}-\d\d-\d\dT", printed):
        raise Missing(Text("journalctl tidak menampilkan jurnal", "journalctl did not print a journal"))
    return _count([match for line in printed.splitlines() if (match := LINE.fullmatch(line.strip()))])


@reads(Command(("tail", "-n", "5000", "/var/log/auth.log")), CLOCK, root=True, given=SshFiles)
def by_auth_log(printed: str, clock: str) -> FailedLogins:
    return _recent(printed, clock)


@reads(Command(("tail", "-n", "5000", "/var/log/secure")), CLOCK, root=True, given=SshFiles)
def by_secure(printed: str, clock: str) -> FailedLogins:
    return _recent(printed, clock)


def _recent(printed: str, clock: str) -> FailedLogins:
    try:
        now = datetime.fromisoformat(clock.strip())
    except ValueError as error:
        raise Missing(Text("date tidak menampilkan waktu", "date did not print the time")) from error
    if now.tzinfo is None:
        raise Missing(Text("date tidak menampilkan zona waktu", "date did not print the time zone"))
    if not re.search(r"^(\d{4}-\d\d-\d\dT|[A-Z][a-z]{2}\s+\d{1,2} \d\d:)", printed, re.MULTILINE):
        raise Missing(
            Text("log login kosong atau bukan berkas syslog", "the log of logins is empty or is not a syslog file")
        )
    lines = [match for line in printed.splitlines() if (match := LINE.fullmatch(line.strip()))]
    return _count([match for match in lines if _is_recent(match["when"], now)])


def _is_recent(stamp: str, now: datetime) -> bool:
    try:
        if stamp[0].isdigit():
            when = datetime.fromisoformat(stamp)
            when = when if when.tzinfo else when.replace(tzinfo=now.tzinfo)
        else:  # the classic form has neither year nor zone
            when = datetime.strptime(f"{now.year} {stamp}", "%Y %b %d %H:%M:%S").replace(tzinfo=now.tzinfo)
            if when > now + timedelta(days=1):
                when = when.replace(year=now.year - 1)
    except (ValueError, OverflowError):  # a clock or a line of the year 9999
        return False
    return when >= now - timedelta(seconds=WINDOW)


def _count(lines: list[re.Match[str]]) -> FailedLogins:
    failures: Counter[str] = Counter()
    before: dict[str, int] = {}
    counted: set[str] = set()  # connections by process id, so that one attempt is not counted by several lines
    for line in lines:
        said, pid, times = line["said"], line["pid"], int(line["times"] or 1)
        if match := FAILED.fullmatch(said):
            # the line "Invalid user" of the same connection was counted already
            failures[match["address"]] += times - (pid in counted)
            counted.discard(pid)
            counted.add(f"{pid} failed")
        elif match := ACCEPTED.fullmatch(said):
            before[match["address"]] = max(before.get(match["address"], 0), failures[match["address"]])
        elif f"{pid} failed" not in counted and pid not in counted and (match := _hint(said)):
            failures[match["address"]] += 1
            counted.add(pid)
    worst = [(address, number) for address, number in failures.most_common() if number > 0]
    worst.sort(key=lambda one: -max(one[1], before.get(one[0], 0) * 1000))
    return FailedLogins(
        WINDOW,
        sum(number for _, number in worst),
        len(worst),
        tuple(Attempts(address, number, before.get(address, 0)) for address, number in worst[:MOST]),
        tuple(sorted(before))[:MOST],
    )


def _hint(said: str) -> re.Match[str] | None:
    return next((match for hint in HINTS if (match := hint.match(said))), None)
