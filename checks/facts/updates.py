"""Security updates that wait to be installed."""

from __future__ import annotations

import re

from checks.fact import Fact, Missing, reads
from checks.source import Command, FileStat, Stat

MOST_NAMES = 10
SIMULATED = re.compile(r"^Inst (?P<name>\S+) (?:\[[^\]]*\] )?\((?P<version>\S+) (?P<origins>[^)\[]*)", re.MULTILINE)
SUMMARY = re.compile(r"^(\d+) upgraded, (\d+) newly installed, ", re.MULTILINE)
ADVISORY = re.compile(r"^[ i]?\s*(?P<id>[A-Z][A-Za-z]*-\S+)\s+(?P<kind>\w+)/Sec\.\s+(?P<package>\S+-[^-\s]+-[^-\s]+)\s*$")
REFRESHED = "Last metadata expiration check: "


class Updates(Fact, frozen=True):
    """Packages with a waiting security update, by the package lists as they lie on the host.

    `urgent`: of these, how many the distribution rates critical or important; None where it does not rate (apt).
    `others`: waiting updates that are not security updates; None where not counted (dnf).
    `lists_at`: when the package lists last changed, in seconds since the epoch. `names` are the first few packages.
    Absent: no package manager that Pantau knows keeps lists here.
    """

    manager: str
    security: int
    lists_at: float
    urgent: int | None = None
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
        raise Missing("apt-get --simulate dist-upgrade gave no summary")
    found = list(SIMULATED.finditer(simulated))
    if len(found) != len(re.findall(r"^Inst ", simulated, re.MULTILINE)):
        raise Missing("apt-get --simulate dist-upgrade printed lines that cannot be read")
    security = [one for one in found if _from_security(one["origins"])]
    return Updates(
        "apt",
        len(security),
        max(file.modified for file in lists),
        others=len(found) - len(security),
        names=tuple(sorted({one["name"] for one in security}))[:MOST_NAMES],
    )


@reads(
    Stat(("/var/cache/dnf/*/repodata/*updateinfo.xml*",)),
    Stat(("/var/cache/dnf/*/repodata/*",)),
    Command(("dnf", "-C", "updateinfo", "list", "security"), timeout=120, max_bytes=4 << 20, heavy=True),
    root=True,
)
def dnf(advisories: tuple[FileStat, ...], cache: tuple[FileStat, ...], printed: str) -> Updates:
    """Needs cached advisories: a repository without them (CentOS Stream) would always look up to date."""
    if not advisories:
        raise Missing("the enabled repositories publish no security advisories")
    packages: dict[str, bool] = {}
    for line in printed.splitlines():
        if not line.strip() or line.startswith(REFRESHED):
            continue
        found = ADVISORY.match(line)
        if found is None:
            raise Missing(f"dnf updateinfo printed a line that cannot be read: {line[:80]!r}")
        name = found["package"].rsplit("-", 2)[0]
        packages[name] = packages.get(name, False) or found["kind"] in ("Critical", "Important")
    if REFRESHED not in printed and not packages:
        raise Missing("dnf updateinfo printed nothing")
    return Updates(
        "dnf",
        len(packages),
        max(file.modified for file in cache),
        urgent=sum(packages.values()),
        names=tuple(sorted(packages, key=lambda name: (not packages[name], name)))[:MOST_NAMES],
    )


def _from_security(origins: str) -> bool:
    """Is one of "Debian:12.8/stable, Debian-Security:12/stable-security" a security archive?"""
    return any("security" in origin.lower() for origin in origins.split(","))
