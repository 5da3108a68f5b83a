"""Who is logged in now, and from how many places each account is used."""

from __future__ import annotations

import re

import msgspec

from checks.fact import Fact, Missing, reads
from checks.source import Command
from checks.text import Text

MOST = 20
HEADING = re.compile(r"NAME\s+LINE\s+TIME\s+COMMENT")
ROW = re.compile(r"(\S+)\s+(\S+)\s+(?:\d{4}-\d\d-\d\d|[A-Z][a-z]{2}\s+\d{1,2}) \d\d:\d\d(?:\s+\(([^\n]*)\))?\s*")
INSIDE = re.compile(r"tmux\(|.*:S\.\d+$|:pts/")  # a session within another


class Used(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One account that is in use: from which places (at most 5 of `total`; "console" is the server itself)."""

    account: str
    total: int
    places: tuple[str, ...]


class Sessions(Fact, frozen=True):
    """How many sessions there are, and the accounts in use, those from the most places first (at most 20 of `accounts`).

    Never absent: nobody logged in is a good reading, of a `who` that answered.
    """

    sessions: int
    accounts: int
    used: tuple[Used, ...] = ()


@reads(Command(("who", "--heading")))
def sessions(printed: str) -> Sessions:
    heading, *rows = printed.splitlines() or [""]
    if not HEADING.fullmatch(heading.strip()):
        raise Missing(Text("who tidak menampilkan tabel", "who printed no table"))
    places: dict[str, set[str]] = {}
    for line in rows:
        row = ROW.fullmatch(line)
        if row is None:
            raise Missing(Text("who menampilkan baris yang tidak terbaca", "who printed a line that cannot be read"))
        comment = row[3] or ""
        if not INSIDE.match(comment):
            words = comment.split()
            place = "console" if not words or words[0].startswith(":") else words[0][:64]
            places.setdefault(row[1][:32], set()).add(place)
    used = [Used(name, len(found), tuple(sorted(found)[:5])) for name, found in places.items()]
    used.sort(key=lambda one: (-one.total, one.account))
    return Sessions(len(rows), len(used), tuple(used[:MOST]))
