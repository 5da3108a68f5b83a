"""Where a planted script would be of use to an intruder: below SPSE, below what the web server serves, among documents.

Laws:
- A folder of the system or of packages (/, /usr, /etc, /home, ...) is never one to walk, whoever names it.
- A folder that holds or lies in a document store is a store: there files are only counted, by their suffix.
"""

from __future__ import annotations

import posixpath

from checks.fact import Absent, After, Fact, Recipe
from checks.facts.spse_instances import SpseInstances
from checks.facts.spse_process import plain
from checks.facts.web_server import WebServers
from checks.source import FileStat, Stat
from checks.text import Text

STORES = (
    "/home/file", "/home/file_prod", "/home/file_lat", "/home/file_latihan", "/export/home/file", "/export/home/file_prod",
)  # fmt: skip
APPLICATIONS = ("/home/appserv/*", "/export/home/appserv/*", "/opt/spse*")
WEB = ("/var/www", "/srv/www", "/usr/share/nginx/html", "/usr/local/apache2/htdocs", "/usr/local/nginx/html")
TOO_WIDE = frozenset(
    {"/home", "/home/appserv", "/export", "/export/home", "/opt", "/srv", "/usr", "/usr/local", "/var", "/var/lib"}
)
SYSTEM = (
    "/bin", "/boot", "/dev", "/etc", "/lib", "/lib64", "/proc", "/root", "/run", "/sbin", "/sys", "/usr/bin", "/usr/lib",
    "/usr/lib64", "/usr/sbin", "/usr/share", "/var/log",
)  # fmt: skip
MOST = 20

# "/" is always there: that there is nothing to look at is said by the parser.
USUAL = Stat(("/", *STORES, *APPLICATIONS, *WEB))


class ScriptFolders(Fact, frozen=True):
    """Folders of SPSE, of the web server and of documents: at most 20 of each, and none inside another of its kind.

    `left_out`: folders that are served and too wide to walk, or belong to packages. Absent: there is none of the three.
    """

    applications: tuple[str, ...] = ()
    web: tuple[str, ...] = ()
    stores: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()


def _homes(spse: SpseInstances) -> Stat:
    return Stat(("/", *(path for one in spse.instances if (path := plain(one.home)))))


def _served(web: WebServers) -> Stat:
    paths = dict.fromkeys(plain(one.path) for server in web.servers for one in server.served)
    return Stat(("/", *(path for path in paths if path)))


def _all(usual: tuple[FileStat, ...], homes: tuple[FileStat, ...], served: tuple[FileStat, ...]) -> ScriptFolders:
    return _folders(usual, homes, served)


def _without_web(usual: tuple[FileStat, ...], homes: tuple[FileStat, ...]) -> ScriptFolders:
    return _folders(usual, homes, ())


def _without_spse(usual: tuple[FileStat, ...], served: tuple[FileStat, ...]) -> ScriptFolders:
    return _folders(usual, (), served)


def _usual(usual: tuple[FileStat, ...]) -> ScriptFolders:
    return _folders(usual, (), ())


HOMES = After(SpseInstances, "stat {home}", _homes)
SERVED = After(WebServers, "stat {DocumentRoot, Alias, root}", _served)
everywhere = Recipe(ScriptFolders, (USUAL, HOMES, SERVED), _all)
spse_alone = Recipe(ScriptFolders, (USUAL, HOMES), _without_web)
web_alone = Recipe(ScriptFolders, (USUAL, SERVED), _without_spse)
usual_places = Recipe(ScriptFolders, (USUAL,), _usual)


def is_store(path: str) -> bool:
    """Is `path` a document store, inside one, or does it look like one by its name?"""
    return any(_within(path, store) for store in STORES) or any(
        part.startswith(("file_prod", "file_lat")) for part in path.split("/")
    )


def _within(path: str, folder: str) -> bool:
    return path == folder or path.startswith(f"{folder}/")


def _folders(usual: tuple[FileStat, ...], homes: tuple[FileStat, ...], served: tuple[FileStat, ...]) -> ScriptFolders:
    there = {one.path: one for one in (*usual, *homes, *served) if one.kind in {"directory", "link"}}
    found = [path for path in there if path != "/"]
    if not found:
        raise Absent(
            Text(
                "tidak ada folder SPSE, folder web, atau penyimpanan dokumen di tempat biasa",
                "there is no folder of SPSE, of a web server or of documents in the usual places",
            )
        )
    own = {one.path for one in homes}
    stores = [path for path in found if is_store(path)]
    others = [path for path in found if not is_store(path)]
    wide = [path for path in others if path in TOO_WIDE or (path not in WEB and any(_within(path, s) for s in SYSTEM))]
    applications = [path for path in others if path not in wide and (path in own or _application(path))]
    web = [path for path in others if path not in wide and not any(_within(path, one) for one in applications)]
    return ScriptFolders(_outermost(applications), _outermost(web), _outermost(stores), tuple(sorted(wide))[:MOST])


def _application(path: str) -> bool:
    parent = posixpath.dirname(path)
    return parent in {"/home/appserv", "/export/home/appserv"} or path.startswith("/opt/spse")


def _outermost(paths: list[str]) -> tuple[str, ...]:
    """`paths` without those that lie in another."""
    return tuple(sorted(path for path in paths if not any(_within(path, o) and path != o for o in paths)))[:MOST]
