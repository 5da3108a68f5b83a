"""Removable media: USB disks and sticks, memory cards, optical discs with something in them."""

from __future__ import annotations

import re

import msgspec

from checks.fact import Fact, Missing, reads
from checks.source import FileText, Glob
from checks.text import Text

SECTOR = 512  # bytes; sysfs counts in these whatever the device does
EMPTY_DRIVE = 0x1FFFFF  # sectors: what an optical drive says that has never seen a disc
USB = tuple(f"/sys/bus/usb/drivers/{driver}/*:*/host*/target*/*/block/*/size" for driver in ("usb-storage", "uas"))
NO_MEDIA = re.compile(r"(loop|ram|zram|dm-|md|nbd)\d")
MOST = 20


class Medium(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One medium: its name in the kernel, its size in bytes, and whether it is attached by USB."""

    name: str
    size: int
    usb: bool


class RemovableMedia(Fact, frozen=True):
    """Media that are attached now, at most 20. An empty reader or drive holds none. Never absent."""

    media: tuple[Medium, ...]


@reads(Glob("/sys/block/*/removable"), Glob("/sys/block/*/size"), Glob(USB[0]), Glob(USB[1]))
def removable_media(
    flags: tuple[FileText, ...], sizes: tuple[FileText, ...], storage: tuple[FileText, ...], uas: tuple[FileText, ...]
) -> RemovableMedia:
    if not flags:
        raise Missing(Text("/sys/block tidak terbaca atau kosong", "/sys/block cannot be read, or is empty"))
    removable = {_name(one.path) for one in flags if _number(one) == 1}
    usb = {_name(one.path): _number(one) for one in (*storage, *uas)}
    sectors = {_name(one.path): _number(one) for one in sizes} | usb
    media = [
        Medium(name[:40], count * SECTOR, name in usb)
        for name, count in sorted(sectors.items())
        if (name in usb or name in removable)
        and count > 0
        and not NO_MEDIA.match(name)
        and not (name.startswith("sr") and count == EMPTY_DRIVE)
    ]
    return RemovableMedia(tuple(media[:MOST]))


def _name(path: str) -> str:
    return path.rsplit("/", 2)[-2]


def _number(file: FileText) -> int:
    said = file.text.strip()
    if not re.fullmatch(r"[0-9]{1,18}", said):
        raise Missing(Text(f"{file.path} tidak memuat angka", f"{file.path} holds no number"))
    return int(said)
