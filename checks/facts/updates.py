"""Security updates that wait to be installed."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from checks.fact import Fact, Missing, reads
from checks.source import Command, FileStat, Stat
from checks.text import Text

MOST_NAMES = 10
SIMULATED = re.compile(
    r"^Inst (?P<name>\S+) (?P<installed>\[[^\]]*\] )?\(\S+ (?P<origins>[^)\[]*)\[[^\]]*\]\)", re.MULTILINE
)
SUMMARY = re.compile(r"^(\d+) upgraded, (\d+) newly installed, ", re.MULTILINE)
ADVISORY = re.compile(
    r"^\S+\s+(?P<kind>\w+)/Sec\.\s+(?P<package>\S+-[^-\s]+-[^-\s]+)"
    r"(?:\s+(?P<issued>\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}))?\s*$"
)
ADVISED = re.compile(r"\s*[A-Z]{3,}[A-Z-]*-\d{4}[:-]\w+\s")  # RHSA-2023:0333, FEDORA-EPEL-2018-604613b5d5
REFRESHED = "Last metadata expiration check: "


class Updates(Fact, frozen=True):
    """Packages with a waiting security update, by the package lists as they lie on the host.

    `urgent`: of these, how many the distribution rates critical or important; None where it does not rate (apt).
    `oldest`: when the oldest waiting advisory was issued; None where it does not say (apt).
    `others`: waiting updates that are not security updates; None where not counted (dnf).
    `lists_at`: when the list of the security archive last changed, in seconds since the epoch. `names` are the first few packages.
    Absent: no package manager that Pantau knows keeps lists here.
    """

    manager: str
    security: int
    lists_at: float
    urgent: int | None = None
    oldest: datetime | None = None
    others: int | None = None
    names: tuple[str, ...] = ()


@reads(
    Stat(("/var/lib/apt/lists/*_InRelease", "/var/lib/apt/lists/*_Release")),
    Command(
        ("apt-get", "--simulate", "-o", "Debug::NoLocking=1", "dist-upgrade"),
        timeout=120, max_bytes=4 << 20, heavy=True,
    ),
)  # fmt: skip
def apt(lists: tuple[FileStat, ...], simulated: str) -> Updates:
    if not SUMMARY.search(simulated):
        raise Missing(
            Text(
                "apt-get --simulate dist-upgrade tidak memberi ringkasan",
                "apt-get --simulate dist-upgrade gave no summary",
            )
        )
    fresh = [file.modified for file in lists if _from_security(file.path)]
    if not fresh:
        raise Missing(
            Text(
                "daftar paket tidak memuat arsip keamanan; tambahkan ke sumber apt lalu jalankan `apt update`",
                "the package lists name no security archive; add it to the apt sources and run `apt update`",
            )
        )
    found = list(SIMULATED.finditer(simulated))
    if len(found) != len(re.findall(r"^Inst ", simulated, re.MULTILINE)):
        raise Missing(
            Text(
                "keluaran apt-get --simulate dist-upgrade tidak dapat dibaca",
                "apt-get --simulate dist-upgrade printed lines that cannot be read",
            )
        )
    updates = [one for one in found if one["installed"]]  # the others are new, needed by an update
    security = [one for one in updates if _from_security(one["origins"])]
    return Updates(
        "apt",
        len(security),
        max(fresh),
        others=len(updates) - len(security),
        names=tuple(sorted({one["name"] for one in security}))[:MOST_NAMES],
    )


@reads(
    Stat(("/var/cache/dnf/*/repodata/*updateinfo.xml*",)),
    Stat(("/var/cache/dnf/*/repodata/*",)),
    # -v alone says that a cache was used, and when each advisory was issued; without a cache it ends with 0 as well
    Command(("dnf", "-C", "-v", "updateinfo", "list", "security"), timeout=120, max_bytes=4 << 20, heavy=True),
    root=True,
)
def dnf(advisories: tuple[FileStat, ...], cache: tuple[FileStat, ...], printed: str) -> Updates:
    """Repositories without advisories (CentOS Stream) are Absent: they would always look up to date."""
    if REFRESHED not in printed:
        raise Missing(
            Text(
                "dnf updateinfo tidak menemukan metadata tersimpan; jalankan `dnf makecache`",
                "dnf updateinfo used no cached metadata; run `dnf makecache`",
            )
        )
    urgent: dict[str, bool] = {}
    issued: list[datetime] = []
    for line in printed.splitlines():
        if "/Sec." not in line and not ADVISED.match(line):
            continue
        found = ADVISORY.match(line)
        if found is None:
            raise Missing(
                Text(
                    f"keluaran dnf updateinfo tidak dapat dibaca: {line[:80]!r}",
                    f"dnf updateinfo printed a line that cannot be read: {line[:80]!r}",
                )
            )
        name = found["package"].rsplit("-", 2)[0]
        urgent[name] = urgent.get(name, False) or found["kind"] in ("Critical", "Important")
        if found["issued"]:
            issued.append(_time(found["issued"]))
    return Updates(
        "dnf",
        len(urgent),
        max(file.modified for file in (*advisories, *cache)),
        urgent=sum(urgent.values()),
        oldest=min(issued, default=None),
        names=tuple(sorted(urgent, key=lambda name: (not urgent[name], name)))[:MOST_NAMES],
    )


def _time(said: str) -> datetime:
    try:
        return datetime.fromisoformat(said).replace(tzinfo=UTC)
    except ValueError as error:
        raise Missing(
            Text(f"dnf updateinfo menyebut tanggal {said!r}", f"dnf updateinfo printed the date {said!r}")
        ) from error


def _from_security(origins: str) -> bool:
    """Is one of "Debian:12.8/stable, Debian-Security:12/stable-security" a security archive?"""
    return any("security" in origin.lower() for origin in origins.split(","))
