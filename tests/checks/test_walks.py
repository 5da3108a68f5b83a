"""What walks over trees of files, or reads files of any size: of every check, and of every fact that it rests on.

Walks must not be felt on a server at work: they take only what others leave of processors and disks, end within a time that
is short beside their cadence, stay where they were told to look, and print no more than is kept.
"""

from __future__ import annotations

import types
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec
import pytest

from checks.catalogue import catalogue
from checks.check import MINUTE
from checks.fact import After, Fact, Unread, recipes
from checks.facts.backup_test import TESTS, BackupOrigin
from checks.facts.backups import Backups, Guard
from checks.facts.spse_manifests import JarsHashed
from checks.source import Command, Source

LONGEST = 900.0  # seconds
LARGEST = 32 << 20  # bytes
READERS = {
    "debsums", "du", "find", "getfattr", "gpg", "grep", "md5sum", "pg_restore", "rpm", "sadf", "sha256sum", "tar", "zcat", "zgrep",
}  # fmt: skip
ELSEWHERE_TOO = {"WorldWritable": "what is mounted below the folders of a web server is served as well"}
MADE = {  # what an After is made of, where not any value will do
    BackupOrigin: [
        BackupOrigin(f"/backup/x{end}") for suffixes, _, _ in TESTS for end in (*suffixes, f"{suffixes[0]}.gpg")
    ],
    Backups: [Backups((), Guard(1, 0, 0, 0, 0, 0), "/backup/x.dump")],
    JarsHashed: [JarsHashed(("/srv/x",))],
}


def any_of(kind: Any) -> Any:
    """Some value of `kind`: text is a path, and nothing that can be there is left out."""
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        hints = get_type_hints(kind)
        return kind(**{field.name: any_of(hints[field.name]) for field in msgspec.structs.fields(kind)})
    origin, inner = get_origin(kind), get_args(kind)
    if origin is tuple:
        return (any_of(inner[0]),) if inner[-1] is ... else tuple(map(any_of, inner))
    if origin is Literal:
        return inner[0]
    if origin in (Union, types.UnionType):
        return any_of(next(one for one in inner if one is not type(None)))
    if origin is not None:
        return origin()
    return {str: "/srv/x", int: 1, float: 1.0, bool: True, datetime: datetime(2026, 11, 23, tzinfo=UTC)}.get(
        kind
    ) or kind()


def sources(source: Source[object]) -> Iterator[Source[object]]:
    """`source`, or what it becomes after the fact that it follows."""
    if not isinstance(source, After):
        yield source
        return
    for before in MADE.get(source.fact) or [any_of(source.fact)]:
        try:
            yield from sources(source.make(before))
        except Unread:  # a dump of this suffix is tested in another way; SPSE's address is not /srv/x
            if source.fact is not BackupOrigin and {*source.template.split()[1:2]} & {*READERS, "timeout"}:
                raise


def found() -> dict[Command, tuple[str, int]]:
    """Every command of a host, with the fact that runs it and the shortest cadence at which it is run, in seconds."""
    seen: dict[Command, tuple[str, int]] = {}
    for check in catalogue().surveyed:
        left: list[type[Fact]] = list(check.facts)
        known = set(left)
        while left:
            fact = left.pop()
            for recipe in recipes(fact):
                before = {one.fact for one in recipe.sources if isinstance(one, After)} | {recipe.given} - {None}
                left += [one for one in before if one not in known]
                known |= before
                for source in (made for one in recipe.sources for made in sources(one)):
                    if isinstance(source, Command):
                        seen[source] = (fact.__name__, min(check.every, seen.get(source, ("", check.every))[1]))
    return seen


def reads_files(argv: tuple[str, ...]) -> bool:
    """Does this command walk over a tree, or read what may be large?"""
    runs = [*argv[:1], *(after for word, after in pairwise(argv) if word == "-exec")]
    if argv[0] == "timeout":
        return reads_files(argv[2:])
    if argv[0] == "rpm":
        return not (argv[1] == "-q" and "-a" not in argv)
    if argv[0] == "find" and "-maxdepth 0" in " ".join(argv):
        return any(one in READERS and one != "find" for one in runs) and "-size" not in argv
    return any(one in READERS for one in runs)


COMMANDS = found()
WALKS = tuple(
    pytest.param(command, *COMMANDS[command], id=f"{COMMANDS[command][0]}-{number}")
    for number, command in enumerate(COMMANDS)
    if reads_files(command.argv)
)


@pytest.mark.parametrize(("walk", "fact", "every"), WALKS)
def test_a_walk_is_modest_bounded_and_stays_where_it_was_sent(walk: Command, fact: str, every: int) -> None:
    assert walk.heavy, walk.describe()
    assert walk.timeout <= min(LONGEST, every / 5)
    assert walk.max_bytes <= LARGEST
    argv = walk.argv[2:] if walk.argv[0] == "timeout" else walk.argv
    if argv[0] == "find":
        assert {"-xdev", "-maxdepth"} & set(argv) or fact in ELSEWHERE_TOO
        assert "-L" not in argv or "-maxdepth 0" in " ".join(argv)
        assert "-follow" not in argv
    if argv[0] == "du":
        assert "--one-file-system" in argv
        assert not {"-L", "--dereference"} & set(argv)
    if argv[0] == "grep":
        assert not {"-R", "--dereference-recursive"} & set(argv)


def test_no_walk_is_part_of_a_minute() -> None:
    assert [fact for command, (fact, every) in COMMANDS.items() if every <= MINUTE and reads_files(command.argv)] == []


def test_the_walks_that_we_know_of_are_among_them() -> None:
    names = {COMMANDS[command][0] for command in COMMANDS if reads_files(command.argv)}
    assert names >= {
        "AgentHealth", "Autostart", "BackupTest", "DocumentStore", "FilesystemGrowth", "LinkUse", "LogVolume", "PackageChanges",
        "Scripts", "SmartDisks", "SpseErrors", "SpseManifests", "SuidFiles", "WafBlocks", "WebShells", "WorldWritable",
    }  # fmt: skip
