"""Whether this host still runs a kernel (or libraries) older than the ones installed."""

from __future__ import annotations

import re

from checks.fact import Absent, Fact, Missing, reads
from checks.source import File, FileStat, Stat
from checks.text import Text


class Reboot(Fact, frozen=True):
    """The running kernel, and what waits for a reboot.

    `newest`: the newest installed kernel of the same flavour, if it is newer than the running one.
    `flagged`: the distribution itself asks for a reboot (/run/reboot-required).
    `since`: when the oldest of these was installed, in seconds since the epoch; None if nothing waits.
    Absent: no kernel is installed here (a container).
    """

    running: str
    newest: str = ""
    flagged: bool = False
    since: float | None = None


@reads(
    File("/proc/sys/kernel/osrelease"),
    # depmod writes modules.dep when a kernel is installed; vmlinuz itself keeps the date of its build.
    Stat(("/lib/modules/*/modules.dep", "/run/reboot-required", "/var/run/reboot-required")),
    absent=Text(
        "tidak ada kernel terpasang di sini (kontainer, atau kernel disediakan host virtualisasi)",
        "no kernel is installed here (a container, or the hypervisor provides the kernel)",
    ),
)
def reboot(release: str, files: tuple[FileStat, ...]) -> Reboot:
    running = release.strip()
    if not re.fullmatch(r"\d+(\.\d+)+\S*", running):
        raise Missing(
            Text("versi kernel yang berjalan tidak dapat dibaca", "the running kernel has no readable version")
        )
    flags = [file.modified for file in files if file.path.endswith("/reboot-required")]
    kernels = {file.path.split("/")[3]: file.modified for file in files if file.path.endswith("/modules.dep")}
    if not kernels:
        raise Absent(
            Text("tidak ada kernel terpasang di sini (kontainer?)", "no kernel is installed here (a container?)")
        )
    newer = {
        name: installed
        for name, installed in kernels.items()
        if _flavour(name) == _flavour(running) and _version(name) > _version(running)
    }
    return Reboot(
        running,
        max(newer, key=_version, default=""),
        bool(flags),
        min((*newer.values(), *flags), default=None),
    )


def _version(kernel: str) -> tuple[int, ...]:
    """6.1.0-18-amd64 is 6, 1, 0, 18; 5.14.0-362.8.1.el9_3.x86_64 is 5, 14, 0, 362, 8, 1."""
    numbers = re.match(r"[\d.+-]*", kernel)
    return tuple(int(number) for number in re.findall(r"\d+", numbers[0] if numbers else ""))


def _flavour(kernel: str) -> tuple[str, ...]:
    """What tells a series of kernels from another: amd64, cloud-amd64, generic, el, eluek."""
    words = re.split(r"[-.+]", kernel)
    return tuple(re.sub(r"[\d_]+", "", word) for word in words if word[:1].isalpha())
