"""Files below /var/log and in SPSE's log folders: how old the oldest is, and who may read them. Never their content."""

from __future__ import annotations

from datetime import datetime

from checks.fact import Fact, Missing, reads
from checks.facts.file_dates import oldest
from checks.source import FileStat, Stat
from checks.text import Text

MOST = 50
WORLD_READ, WORLD_WRITE, WORLD_ENTER = 0o004, 0o002, 0o001
SYSTEM = (
    "/var/log/auth.log*",
    "/var/log/secure*",
    "/var/log/syslog*",
    "/var/log/messages*",
)
JOURNAL = ("/var/log/journal/*/system*.journal",)
WEB = ("/var/log/apache2/*access*", "/var/log/httpd/*access*", "/var/log/nginx/*access*")
INSTALLED = ("/etc/machine-id", "/var/log/installer", "/root/anaconda-ks.cfg", "/etc/hostname")


class LogRetention(Fact, frozen=True):
    """Last change of the oldest system log, journal file and web access log that are still there; None where there is none.

    `installed` is when this system was set up, as far as its oldest first-day file shows. Absent: no such log at all.
    """

    system: datetime | None = None
    web: datetime | None = None
    installed: datetime | None = None


class LogAccess(Fact, frozen=True):
    """Log files that anyone on this host may read or write, at most 50 of each, and how many there are. Never absent."""

    files: int
    readable: int
    writable: int
    readable_paths: tuple[str, ...] = ()
    writable_paths: tuple[str, ...] = ()


NO_LOG = Text(
    "tidak ada log sistem di /var/log (auth.log, secure, syslog, messages, journal)",
    "there is no system log in /var/log (auth.log, secure, syslog, messages, journal)",
)


@reads(Stat((*SYSTEM, *JOURNAL)), Stat((*WEB, *INSTALLED)), root=True, absent=NO_LOG)
def log_retention(logs: tuple[FileStat, ...], others: tuple[FileStat, ...]) -> LogRetention:
    files = [one for one in logs if one.kind == "file" and one.size > 0]
    if not files:
        raise Missing(Text("semua log sistem kosong", "all system logs are empty"))
    web = [one for one in others if one.path.startswith("/var/log/") and "access" in one.path and one.size > 0]
    first = [one for one in others if one.path in INSTALLED]
    return LogRetention(oldest(files), oldest(web), oldest(first))


@reads(Stat(("/var/log/auth.log*", "/var/log/secure*", "/var/log/syslog*", "/var/log/messages*")), absent=NO_LOG)
def log_retention_without_root(logs: tuple[FileStat, ...]) -> LogRetention:
    files = [one for one in logs if one.kind == "file" and one.size > 0]
    if not files:
        raise Missing(Text("semua log sistem kosong", "all system logs are empty"))
    return LogRetention(oldest(files))


@reads(
    Stat((
        "/var/log", "/var/log/*", "/var/log/*/*",
        "/home/appserv", "/home/appserv/*", "/home/appserv/*/logs", "/home/appserv/*/logs/*",
        "/home/appserv/*/webapp", "/home/appserv/*/webapp/logs", "/home/appserv/*/webapp/logs/*",
    )),
    root=True,
)  # fmt: skip
def log_access(seen: tuple[FileStat, ...]) -> LogAccess:
    folders = {one.path: one for one in seen if one.kind == "directory"}
    if "/var/log" not in folders:
        raise Missing(Text("/var/log bukan direktori", "/var/log is not a directory"))
    files = [one for one in seen if one.kind == "file" and ("/logs/" in one.path or one.path.startswith("/var/log/"))]
    if not files:
        raise Missing(Text("tidak ada berkas di /var/log", "there are no files in /var/log"))
    reachable = [one for one in files if _reachable(one.path, folders)]
    readable = [one.path for one in reachable if one.mode & WORLD_READ]
    writable = [one.path for one in reachable if one.mode & WORLD_WRITE]
    return LogAccess(
        len(files), len(readable), len(writable), tuple(sorted(readable)[:MOST]), tuple(sorted(writable)[:MOST])
    )


def _reachable(path: str, folders: dict[str, FileStat]) -> bool:
    """May anyone walk down to `path`? A folder that was not seen is taken to be open."""
    folder = path.rpartition("/")[0]
    while folder:
        if folder in folders and not folders[folder].mode & WORLD_ENTER:
            return False
        folder = folder.rpartition("/")[0]
    return True
