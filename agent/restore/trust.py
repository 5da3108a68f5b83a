"""Who could have put a file where it is, or could put another in its place?

Law: every folder and link on the way counts, from `/` on. A sticky folder (/tmp) is trusted with what belongs to a keeper.
"""

from __future__ import annotations

import errno
import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path

MOST_LINKS = 40  # as Linux: more is a loop


@dataclass(frozen=True)
class Keepers:
    """The user ids and group ids that are trusted with a path."""

    uids: frozenset[int]
    gids: frozenset[int]


def keepers(*users: str) -> Keepers:
    """Root, ourselves, and the named users as far as they exist."""
    known = [one for name in users for one in _known(name)]
    return Keepers(
        frozenset({0, os.geteuid(), *(one.pw_uid for one in known)}), frozenset({0, *(one.pw_gid for one in known)})
    )


def exchangeable(path: Path, by: Keepers) -> Path | None:
    """The first part of the way to `path` that somebody else could exchange; None if there is none. Raises OSError."""
    here = Path("/")
    rest = list(path.absolute().parts[1:])
    links = 0
    while True:
        found = here.lstat()
        if stat.S_ISLNK(found.st_mode):
            links += 1
            if links > MOST_LINKS:
                raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path))
            if found.st_uid not in by.uids:
                return here
            target = here.readlink()
            rest = [*(part for part in target.parts if part != "/"), *rest]
            here = Path("/") if target.is_absolute() else here.parent
        elif _open(found, by):
            return here
        if not rest:
            return None
        part = rest.pop(0)
        here = here.parent if part == ".." else here / part


def _open(found: os.stat_result, by: Keepers) -> bool:
    """May somebody else write to this file, or exchange what lies in this folder?"""
    sticky = stat.S_ISDIR(found.st_mode) and found.st_mode & stat.S_ISVTX
    by_group = found.st_mode & stat.S_IWGRP and found.st_gid not in by.gids
    return found.st_uid not in by.uids or (not sticky and bool(found.st_mode & stat.S_IWOTH or by_group))


def _known(name: str) -> list[pwd.struct_passwd]:
    try:
        return [pwd.getpwnam(name)]
    except KeyError:
        return []
