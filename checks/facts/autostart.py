"""What starts by itself: cron, systemd units and their links, rc.local, init scripts, at. Paths and digests, never content.

Law: a file's name can add an item or change one, never take one away.
"""

from __future__ import annotations

import re

from checks.baseline import Approved, Listed, listed
from checks.fact import After, Fact, Missing, reads
from checks.facts.items import item, summed
from checks.source import Command, FileStat, Register, Source, Stat
from checks.text import Text

VENDOR = ("/usr/lib/systemd/system", "/lib/systemd/system")  # what packages bring; one of them is often a link
PLACES = (
    "/etc/crontab", "/etc/anacrontab", "/etc/cron.d", "/etc/cron.hourly", "/etc/cron.daily", "/etc/cron.weekly",
    "/etc/cron.monthly", "/etc/cron.yearly", "/var/spool/cron", "/var/spool/at",
    "/etc/inittab", "/etc/init", "/etc/init.d", "/etc/rc.d/init.d", "/etc/rc.local", "/etc/rc.d/rc.local",
    "/etc/systemd/system", "/etc/systemd/user", "/usr/local/lib/systemd/system", "/usr/local/lib/systemd/user",
    "/root/.config/systemd/user", "/root/.local/share/systemd/user",
    "/home/*/.config/systemd/user", "/home/*/.local/share/systemd/user",
)  # fmt: skip
HASHED = 2 << 10  # KiB; a larger file is known by its size and time
LINK = re.compile(r"link (/.*?)//(.*)")  # no name holds a slash, and no path that find prints holds two
LARGE = re.compile(r"large (\d+) (\S+) (/.*)")
UNOWNED = re.compile(r"file (/.+) is not owned by any package")
EVERY_CODE = tuple(range(256))  # rpm -q ends with the number of files that no package owns


class AutostartPlaces(Fact, frozen=True):
    """Which files and folders of autostart entries exist. Absent: none of them."""

    paths: tuple[str, ...]


class VendorUnits(Fact, frozen=True):
    """The unit files in the folder that packages write to. Absent: no systemd."""

    paths: tuple[str, ...]


class Autostart(Listed, frozen=True):
    """Every autostart entry: a file with its digest, a link with where it leads. Of the folder of packaged units only
    what no package brought. Absent: this host has no place for such entries.
    """


class ApprovedAutostart(Approved, frozen=True):
    """What of `Autostart` a person approved. Absent: nothing yet."""


@reads(Stat((*PLACES, *VENDOR)), root=True)
def autostart_places(seen: tuple[FileStat, ...]) -> AutostartPlaces:
    paths = [one.path for one in seen if one.kind in ("file", "directory", "link")]
    if VENDOR[0] in paths and VENDOR[1] in paths:
        paths.remove(VENDOR[1])
    return AutostartPlaces(tuple(dict.fromkeys(paths)))


@reads(Stat((f"{VENDOR[0]}/*", f"{VENDOR[0]}/*/*")))
def vendor_units(seen: tuple[FileStat, ...]) -> VendorUnits:
    return VendorUnits(tuple(sorted(one.path for one in seen if one.kind in ("file", "link"))))


def find(places: AutostartPlaces) -> Source[str]:
    """One line for each file and link below the places, two folders deep."""
    if not places.paths:
        raise Missing(
            Text("tempat entri otomatis bukan berkas atau direktori", "the places of autostart entries are no files")
        )
    return Command(
        (
            "find", "-H", *places.paths, "-maxdepth", "2", "-ignore_readdir_race",
            "!", "-name", ".placeholder", "!", "-name", ".SEQ",
            "(", "-type", "l", "-printf", r"link %p//%l\n",
            "-o", "-type", "f", "-size", f"+{HASHED - 1}k", "-printf", r"large %s %T+ %p\n",
            "-o", "-type", "f", "-exec", "sha256sum", "{}", "+", ")",
        ),
        timeout=30, max_bytes=2 << 20, heavy=True,
    )  # fmt: skip


FOUND = After(AutostartPlaces, "command find PLACES -maxdepth 2 -type f -exec sha256sum {} +", find)
DPKG = Command(
    ("grep", "-rhF", "--include=*.list", "/systemd/", "/var/lib/dpkg/info"), timeout=30, max_bytes=4 << 20, heavy=True
)


def _asked(units: VendorUnits) -> Source[str]:
    if not units.paths:
        raise Missing(Text("folder unit systemd kosong", "the folder of systemd units is empty"))
    return Command(("rpm", "-qf", *units.paths), ok=EVERY_CODE, timeout=60, heavy=True)


@reads(FOUND, DPKG, root=True)
def with_dpkg(printed: str, packaged: str) -> Autostart:
    """Which units came from a package, dpkg's own lists say. A path in them may lack the /usr of a merged system."""
    paths = {_merged(line) for line in packaged.splitlines() if line.startswith("/")}
    if not any(path.startswith(f"{VENDOR[0]}/") for path in paths):
        raise Missing(Text("daftar dpkg tidak menyebut satu unit pun", "dpkg's lists name no unit"))
    return listed(Autostart, [line for path, line in _entries(printed) if not _is_vendors(path) or path not in paths])


@reads(FOUND, After(VendorUnits, "command rpm -qf UNITS", _asked), root=True)
def with_rpm(printed: str, owners: str) -> Autostart:
    unowned, owned = set(), 0
    for line in owners.splitlines():
        if found := UNOWNED.fullmatch(line):
            unowned.add(_merged(found[1]))
        elif re.fullmatch(r"\S+-\S+-\S+", line):
            owned += 1
        else:
            raise Missing(Text(f"keluaran rpm tidak dikenali: {line[:60]!r}", f"rpm printed {line[:60]!r}"))
    if not owned:
        raise Missing(Text("rpm tidak mengenal satu unit pun", "rpm knows none of the units"))
    return listed(Autostart, [line for path, line in _entries(printed) if not _is_vendors(path) or path in unowned])


@reads(Register("approved_autostart", ApprovedAutostart))
def approved_autostart(approved: ApprovedAutostart) -> ApprovedAutostart:
    return approved


def _entries(printed: str) -> list[tuple[str, str]]:
    """(path, item) of each entry."""
    found: list[tuple[str, str]] = []
    for line in printed.removesuffix("\n").split("\n"):
        if file := summed(line):
            found.append((_merged(file[0]), item(*file)))
        elif one := LINK.fullmatch(line):
            found.append((_merged(one[1]), item(one[1], "->", one[2])))
        elif one := LARGE.fullmatch(line):
            found.append((_merged(one[3]), item(one[3], one[1], one[2])))
        elif found:  # the rest of a link's name that holds a line break
            found.append(("", item(line)))
        else:
            raise Missing(Text(f"keluaran find tidak dikenali: {line[:60]!r}", f"find printed {line[:60]!r}"))
    return found


def _merged(path: str) -> str:
    return f"/usr{path}" if path.startswith("/lib/") else path


def _is_vendors(path: str) -> bool:
    return path.startswith(f"{VENDOR[0]}/")
