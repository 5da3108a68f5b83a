"""Room on the file system that receives the backups."""

from __future__ import annotations

import re

from checks.fact import Absent, After, Fact, Missing, reads
from checks.facts.backups import Backups
from checks.source import Command
from checks.text import Text


class BackupVolume(Fact, frozen=True):
    """The file system of the newest dump, in bytes, and the size of that dump. Absent: no dump."""

    size: int
    free: int
    last: int


def _room(found: Backups) -> Command:
    if not found.newest:
        raise Absent(Text("tidak ada dump basis data", "there is no database dump"))
    return Command(("df", "--block-size=1", "--output=size,avail", "--", found.newest))


def _last(found: Backups) -> Command:
    return Command(("stat", "--dereference", "--format=%s", "--", found.newest or "/nonexistent"))


@reads(After(Backups, "command df NEWEST", _room), After(Backups, "command stat NEWEST", _last))
def backup_volume(df: str, size: str) -> BackupVolume:
    rooms = re.findall(r"^ *(\d{1,18}) +(\d{1,18}) *$", df, flags=re.MULTILINE)
    if len(rooms) != 1 or not re.fullmatch(r"\d{1,18}\n?", size):
        raise Missing(
            Text(
                "df atau stat tidak menyatakan apa pun tentang dump terbaru",
                "df or stat said nothing of the newest dump",
            )
        )
    return BackupVolume(int(rooms[0][0]), int(rooms[0][1]), int(size))
