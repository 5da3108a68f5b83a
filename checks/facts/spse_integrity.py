"""SPSE's own integrity file, conf/integrity: an encrypted list of files with their MD5, and the MD5 of that list."""

from __future__ import annotations

import hashlib

import msgspec

from checks.fact import Absent, Fact, Recipe
from checks.facts.spse_instances import APPLICATIONS, SpseInstances
from checks.source import MEBIBYTE, FileText, Glob
from checks.text import Text


class IntegrityFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One conf/integrity. `consistent`: its second line is the MD5 of its first, as SPSE itself checks at start."""

    path: str
    consistent: bool


class SpseIntegrity(Fact, frozen=True):
    """All conf/integrity files of SPSE. Absent: this SPSE has none (newer releases do without)."""

    files: tuple[IntegrityFile, ...]


def _files(*texts: tuple[FileText, ...]) -> SpseIntegrity:
    files = [file for group in texts for file in group]
    if not files:
        raise Absent(Text("tidak ada conf/integrity", "there is no conf/integrity"))
    return SpseIntegrity(tuple(IntegrityFile(file.path, _consistent(file.text)) for file in files))


integrity = Recipe(
    SpseIntegrity,
    tuple(Glob(f"{app}/conf/integrity", max_bytes=16 * MEBIBYTE) for app in APPLICATIONS),
    _files,
    root=True,
    given=SpseInstances,
)


def _consistent(text: str) -> bool:
    lines = text.splitlines()
    if len(lines) < 2 or not lines[0]:
        return False
    return hashlib.md5(lines[0].encode(), usedforsecurity=False).hexdigest() == lines[1].strip()
