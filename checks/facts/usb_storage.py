"""Whether a USB stick would be mounted."""

from __future__ import annotations

import re

from checks.fact import Fact, Missing, reads
from checks.source import File, FileStat, FileText, Glob, Stat
from checks.text import Text

REFUSALS = r"(?:/usr)?/s?bin/(?:true|false)"


class UsbStorage(Fact, frozen=True):
    """The usb-storage driver: is it loaded, and do modprobe's settings refuse to load it? `blacklisted` alone only
    stops automatic loading. Absent: no such driver is installed (a container, or a kernel built without it).
    """

    loaded: bool
    refused: bool
    blacklisted: bool


@reads(
    Stat(("/lib/modules/*/kernel/drivers/usb/storage/usb-storage.ko*",)),
    File("/proc/modules"),
    Glob("/etc/modprobe.d/*.conf"),
    Glob("/lib/modprobe.d/*.conf"),
    absent=Text(
        "kernel ini tidak memiliki modul usb-storage (mesin virtual atau kernel khusus)",
        "this kernel has no module usb-storage (a virtual machine, or a kernel of its own)",
    ),
)
def usb_storage(
    drivers: tuple[FileStat, ...], modules: str, settings: tuple[FileText, ...], vendor: tuple[FileText, ...]
) -> UsbStorage:
    loaded = [line.split(" ")[0] for line in modules.splitlines()]
    if not drivers or not all(re.fullmatch(r"[\w-]+", name) for name in loaded):
        raise Missing(Text("/proc/modules tidak dapat dibaca", "/proc/modules cannot be read"))
    lines = [" ".join(line.split()) for file in (*settings, *vendor) for line in file.text.splitlines()]
    return UsbStorage(
        loaded="usb_storage" in loaded,
        refused=any(re.fullmatch(rf"install usb[-_]storage {REFUSALS}", line) for line in lines),
        blacklisted=any(re.fullmatch(r"blacklist usb[-_]storage", line) for line in lines),
    )
