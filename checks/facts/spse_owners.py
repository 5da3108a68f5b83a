"""Accounts that own an SPSE installation in a usual place: only theirs, and root's, are believed to run SPSE.

Laws:
- Anyone can start a process that looks like SPSE, or write a file that looks like its backup. Only root makes folders in
  the usual places.
"""

from __future__ import annotations

from checks.source import FileStat, FileText, Glob, Stat

PLACES = (
    "/home/appserv/*/webapp",
    "/home/appserv/*",
    "/export/home/appserv/*/webapp",
    "/export/home/appserv/*",
    "/opt/*/webapp",
    "/opt/*",
)
CONFIG = "/conf/application.conf"
ITS_OWN = ("", "/logs", "/tmp", CONFIG)  # noqa: S108 - SPSE's own folder, below its installation

# "/" is always there: no installation is an empty list, not an unread one.
OWNERS = Stat(("/", *(f"{place}{part}" for place in PLACES for part in ITS_OWN)))
PASSWD = Glob("/etc/passwd")


def uids(stats: tuple[FileStat, ...]) -> frozenset[int]:
    """User ids of root and of all who own an installation: its folder, its configuration, its logs."""
    apps = {one.path.removesuffix(CONFIG) for one in stats if one.path.endswith(CONFIG)}
    own = {f"{app}{part}" for app in apps for part in ITS_OWN}
    return frozenset({0, *(one.uid for one in stats if one.path in own and one.kind != "link")})


def numbers(passwd: tuple[FileText, ...]) -> dict[str, int]:
    """User ids by name."""
    rows = [line.split(":") for file in passwd for line in file.text.splitlines()]
    return {row[0]: int(row[2]) for row in rows if len(row) > 3 and row[2].isascii() and row[2].isdigit()}


def names(stats: tuple[FileStat, ...], passwd: tuple[FileText, ...]) -> frozenset[str]:
    """Names of the accounts of `uids`; the number itself where it has no name."""
    known = uids(stats)
    return frozenset({"root", *map(str, known), *(name for name, uid in numbers(passwd).items() if uid in known)})
