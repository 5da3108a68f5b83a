"""Which paths of the far host match a pattern: shell patterns, grown directory by directory through find.

Laws:
- A pattern means what it means locally (`files`): each `*` is one path component or a part of it, names with a dot stay hidden.
- Breadth first, so that one listing serves all patterns; bounded, and too much is said, never cut off.
"""

from __future__ import annotations

import fnmatch
import posixpath
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from agent.hosts.files import MOST_NAMES
from agent.hosts.ssh_command import batches, decoded
from agent.hosts.ssh_find import LISTING, NOT_THERE, Far, check, complain, find, groups, too_many
from agent.hosts.ssh_shell import TooMuch
from checks.fact import Missing
from checks.source import Source

CANDIDATES = 20_000  # paths of one pattern that may or may not be there
WILD = re.compile(r"\[[^\]]*\]|\?")


@dataclass(frozen=True)
class _Branch:
    """A path of the far host, what of its pattern is still to be found, and the number of that pattern."""

    root: int
    path: str
    rest: tuple[str, ...]


@dataclass(frozen=True)
class Names:
    """Finds names on `far` within the time of `source`."""

    far: Far
    source: Source[object]

    def grow(self, starts: Sequence[tuple[str, str]], full: set[str] | None = None) -> list[list[str]]:
        """For each (folder, pattern) the paths that may exist, in order; breadth first, so that one listing serves all.

        With `full`: a folder with too much below it is noted there instead of being an error.
        """
        check(part for start in starts for part in start)
        grown: list[list[str]] = [[] for _ in starts]
        branches = [_Branch(number, start, _parts(pattern)) for number, (start, pattern) in enumerate(starts)]
        while branches:
            waiting: list[_Branch] = []
            for branch in branches:
                at, rest = branch.path, branch.rest
                while rest and not any(c in rest[0] for c in "*?["):
                    at, rest = posixpath.join(at, rest[0]), rest[1:]
                if rest:
                    waiting.append(_Branch(branch.root, at, rest))
                elif len(grown[branch.root]) < CANDIDATES:
                    grown[branch.root].append(at)
                else:
                    raise Missing(too_many(starts[branch.root][1], CANDIDATES))
            names = self._names({(one.path, "" if full is not None else _filter(one.rest[0])) for one in waiting})
            branches = []
            for one in waiting:
                here = names.get((one.path, "" if full is not None else _filter(one.rest[0])))
                start = starts[one.root][0]
                if here is None or (full is not None and len(here) > MOST_NAMES):
                    if full is None:
                        raise Missing(too_many(one.path, LISTING, "byte", "bytes"))
                    full.add(start)
                    continue
                head = one.rest[0]
                branches += [
                    _Branch(one.root, posixpath.join(one.path, name), one.rest[1:])
                    for name in here
                    if fnmatch.fnmatchcase(name, head) and not (name.startswith(".") and not head.startswith("."))
                ]
                if full is not None and len(branches) > CANDIDATES:
                    full.add(start)
        return [sorted(paths, key=lambda path: path.split("/")) for paths in grown]

    def _names(self, wanted: Iterable[tuple[str, str]]) -> dict[tuple[str, str], list[str] | None]:
        """The names in each (folder, filter), sorted; empty where there is no such folder, None where there are too many."""
        found: dict[tuple[str, str], list[str] | None] = {key: [] for key in wanted}
        by_filter: dict[str, list[str]] = defaultdict(list)
        for path, kept in found:
            by_filter[kept].append(path.rstrip("/") + "/")
        for kept, folders in by_filter.items():
            for batch in batches(sorted(folders)):
                for folder, names in self._listing(batch, kept).items():
                    found[folder.rstrip("/") or "/", kept] = names
        return found

    def _listing(self, folders: list[str], kept: str) -> dict[str, list[str] | None]:
        test = ("-name", kept) if kept else ()
        try:
            printed = find(
                self.far,
                [*folders, "-mindepth", "1", "-maxdepth", "1", *test, "-printf", r"%H\0%f\0"],
                self.source,
                LISTING,
            )
        except TooMuch:
            if len(folders) == 1:
                return {folders[0]: None}
            return {one: names for folder in folders for one, names in self._listing([folder], kept).items()}
        complain(printed, NOT_THERE)
        found: dict[str, list[str]] = defaultdict(list)
        for folder, name in groups(printed.out, 2):
            found[decoded(folder)].append(decoded(name))
        return {folder: sorted(names) for folder, names in found.items()}


def _parts(pattern: str) -> tuple[str, ...]:
    return tuple(part for part in pattern.split("/") if part not in {"", "."})


def _filter(head: str) -> str:
    """What find shall leave out already: a pattern of bytes that everything matching `head` matches."""
    return "" if "\\" in head else WILD.sub("*", head)
