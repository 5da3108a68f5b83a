"""Files that every account may change, below the directories of SPSE and of the web server.

Procurement secrecy: no name below the document store is ever printed, only counts. Elsewhere only names of directories.
"""

from __future__ import annotations

import re

from checks.fact import After, Fact, Missing, reads
from checks.source import Command, FileStat, Source, Stat
from checks.text import Text

# Where SPSE and the web server usually live; /export/home is seen on older installations.
APPLICATION = ("/home/appserv", "/export/home/appserv", "/var/www", "/usr/share/nginx/html", "/srv/www")
DOCUMENTS = ("/home/file", "/home/file_prod", "/home/file_latihan", "/export/home/file")
MOST = 10


class WebPaths(Fact, frozen=True):
    """Which of the usual directories of SPSE and of the web server exist. Absent: none of them."""

    paths: tuple[str, ...]


class WorldWritable(Fact, frozen=True):
    """Below `paths`: how many files, and directories without the sticky bit, every account may write to.

    `where` are the first directories that hold them; for the document store only its own path.
    Absent: this host has none of the usual directories.
    """

    paths: tuple[str, ...]
    files: int
    directories: int
    where: tuple[str, ...] = ()


@reads(Stat((*APPLICATION, *DOCUMENTS)))
def web_paths(found: tuple[FileStat, ...]) -> WebPaths:
    return WebPaths(tuple(file.path for file in found if file.kind in ("directory", "link")))


def find(web: WebPaths) -> Source[str]:
    """One walk that names each starting point it reached, then each hit: `f` or `d`, and where."""
    if not web.paths:
        raise Missing(
            Text(
                "direktori SPSE dan server web bukan direktori",
                "the directories of SPSE and of the web server are not directories",
            )
        )
    starts: list[str] = []
    documents: list[str] = []
    for path in web.paths:
        starts += ["-o", "-path", path]
    for path in DOCUMENTS:
        documents += ["-o", "-path", path, "-o", "-path", f"{path}/*"]
    return Command(
        (
            "find", "-H", *web.paths, "-ignore_readdir_race",
            "(", *starts[1:], ")", "-printf", r"s %H\n", ",",
            "(", "-type", "f", "-o", "-type", "d", "!", "-perm", "-1000", ")", "-perm", "-0002",
            "(", "(", *documents[1:], ")", "-printf", r"%y %H\n", "-o", "-printf", r"%y %h\n", ")",
        ),
        timeout=600, max_bytes=32 << 20, heavy=True,
    )  # fmt: skip


@reads(After(WebPaths, "command find DIRECTORIES -perm -0002 -printf DIRECTORY", find), root=True)
def world_writable(printed: str) -> WorldWritable:
    starts: set[str] = set()
    counts = {"f": 0, "d": 0}
    where: dict[str, None] = {}
    for line in printed.splitlines():
        found = re.fullmatch(r"([sfd]) (/.*)", line)
        if found is None:
            continue  # the rest of a directory name that holds a line break
        if found[1] == "s":
            starts.add(found[2])
        else:
            counts[found[1]] += 1
            if len(where) < MOST:
                where[found[2][:200]] = None
    if not starts:
        raise Missing(Text("find tidak mencapai satu direktori pun", "find reached no directory"))
    return WorldWritable(tuple(sorted(starts)), counts["f"], counts["d"], tuple(where))
