"""Packages that were installed, upgraded or removed lately, by day."""

from __future__ import annotations

import re
from datetime import date, datetime

import msgspec

from checks.fact import Fact, Missing, reads
from checks.source import Command, File, FileText, Glob
from checks.text import Text

MOST_DAYS = 14
MOST_NAMES = 8
CHANGE = re.compile(r"(\d{4}-\d\d-\d\d) \d\d:\d\d:\d\d (install|upgrade|remove|purge) ([^\s:]+)")
LINE = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \S+ ")
DATES = ("%a %d %b %Y %I:%M:%S %p", "%a %b %d %H:%M:%S %Y", "%a %d %b %Y %H:%M:%S")  # EL8/9, EL7/10/Amazon, en_GB


class ChangedDay(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One day (of the host's own calendar) on which packages changed: how many, and the first few names."""

    day: date
    packages: int
    names: tuple[str, ...]


class PackageChanges(Fact, frozen=True):
    """The last 14 days on which packages changed, newest first; none if the log knows of no change. Never absent.

    rpm tells only what is still installed, so a removed package does not show there.
    """

    days: tuple[ChangedDay, ...] = ()


@reads(File("/var/log/dpkg.log", max_bytes=32 << 20), Glob("/var/log/dpkg.log.1", max_bytes=32 << 20))
def dpkg(log: str, rotated: tuple[FileText, ...]) -> PackageChanges:
    text = "".join(file.text for file in rotated) + log
    if not any(LINE.match(line) for line in text.splitlines()):
        raise Missing(
            Text("/var/log/dpkg.log kosong atau bukan log dpkg", "/var/log/dpkg.log is empty or is not a log of dpkg")
        )
    changed = [(match[1], match[3]) for line in text.splitlines() if (match := CHANGE.match(line))]
    try:
        return _by_day([(date.fromisoformat(day), name) for day, name in changed])
    except ValueError as error:
        raise Missing(f"/var/log/dpkg.log: {error}") from error


@reads(Command(("rpm", "-qa", "--last"), timeout=60.0, heavy=True))
def rpm(printed: str) -> PackageChanges:
    found = []
    for line in printed.splitlines():
        package, _, stamp = line.strip().partition(" ")
        if package:
            found.append((_day(stamp), re.sub(r"-[^-]+-[^-]+$", "", package)))
    if not found:
        raise Missing(Text("rpm -qa --last tidak menampilkan paket", "rpm -qa --last printed no packages"))
    return _by_day(found)


def _by_day(changes: list[tuple[date, str]]) -> PackageChanges:
    days: dict[date, dict[str, None]] = {}
    for day, name in changes:
        days.setdefault(day, {})[name] = None
    newest = sorted(days, reverse=True)[:MOST_DAYS]
    return PackageChanges(
        tuple(ChangedDay(day, len(days[day]), tuple(sorted(days[day])[:MOST_NAMES])) for day in newest)
    )


def _day(stamp: str) -> date:
    words = stamp.split()
    if len(words) > 5 and words[-1].isalpha() and words[-1] not in ("AM", "PM"):
        words = words[:-1]  # the time zone
    text = " ".join(words)
    for form in DATES:
        try:
            return datetime.strptime(text, form).date()
        except ValueError:
            continue
    raise Missing(
        Text(
            f"rpm -qa --last: tanggal tidak dapat dibaca: {stamp.strip()[:40]!r}",
            f"rpm -qa --last: cannot read the date {stamp.strip()[:40]!r}",
        )
    )
