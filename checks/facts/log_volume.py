"""How much room logs take, and how fast they grow. Never what is in them."""

from __future__ import annotations

import re

import msgspec

from checks.fact import Absent, After, Fact, Missing, reads
from checks.source import Command, FileStat, History, Samples, Stat
from checks.text import Text
from checks.trend import Trend, trend

FOLDERS = ("/var/log", "/home/appserv/*/webapp/logs", "/home/appserv/*/logs", "/opt/*/webapp/logs")
PLAIN = re.compile(r"/[\w./@+-]*")
MOST = 12


class LogFolders(Fact, frozen=True):
    """Folders of logs: the system's and SPSE's, at most 12. Absent: there is none."""

    paths: tuple[str, ...]


class LogFolder(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One folder: bytes it takes, bytes free on its file system, growth in bytes a day where history knows it."""

    path: str
    used: int
    free: int
    growth: Trend | None = None


class LogVolume(Fact, frozen=True):
    """What logs take. Absent: no folder of logs."""

    folders: tuple[LogFolder, ...]


def _used(found: LogFolders) -> Command:
    argv = ("du", "-s", "-D", "--block-size=1", "--one-file-system", "--", *found.paths)
    return Command(argv, timeout=60.0, heavy=True)


def _free(found: LogFolders) -> Command:
    return Command(("df", "--block-size=1", "--output=avail,file", "--", *found.paths))


def _sizes(found: LogVolume) -> dict[str, float]:
    return {one.path: one.used for one in found.folders}


@reads(Stat(FOLDERS))
def log_folders(found: tuple[FileStat, ...]) -> LogFolders:
    paths = [one.path for one in found if one.kind in {"directory", "link"} and PLAIN.fullmatch(one.path)]
    if not paths:
        raise Absent(Text("tidak ada folder log (/var/log)", "there is no folder of logs (/var/log)"))
    return LogFolders(tuple(dict.fromkeys(paths))[:MOST])


DU = After(LogFolders, "command du -s LOG_FOLDERS", _used)
DF = After(LogFolders, "command df LOG_FOLDERS", _free)


@reads(DU, DF, History(LogVolume, "used", _sizes), root=True)
def with_growth(du: str, df: str, remembered: tuple[Samples, ...]) -> LogVolume:
    return _volume(du, df, remembered)


@reads(DU, DF, root=True)
def at_present(du: str, df: str) -> LogVolume:
    return _volume(du, df, ())


def _volume(du: str, df: str, remembered: tuple[Samples, ...]) -> LogVolume:
    used = dict(reversed(pair) for pair in re.findall(r"^(\d{1,18})\t(/\S*)$", du, flags=re.MULTILINE))
    free = dict(reversed(pair) for pair in re.findall(r"^ *(\d{1,18}) +(/\S*) *$", df, flags=re.MULTILINE))
    paths = [path for path in used if path in free]  # du leaves out what lies within another of the folders
    if not paths:
        raise Missing(
            Text(
                "du dan df tidak menyatakan apa pun tentang folder log", "du and df said nothing of the folders of logs"
            )
        )
    points = {one.subject: one.points for one in remembered}
    return LogVolume(
        tuple(LogFolder(path, int(used[path]), int(free[path]), trend(points.get(path, ()))) for path in paths)
    )
