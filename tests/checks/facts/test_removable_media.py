from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given

from agent.hosts.local import LocalHost
from checks.fact import Missing
from checks.facts.removable_media import Medium, RemovableMedia, removable_media
from checks.source import FileText
from tests.checks.facts.fuzzing import TEXT, gives_or_says_why
from tests.checks.facts.here import read
from tests.checks.trees import plant


def disk(root: Path, name: str, removable: int, sectors: int, usb: str = "") -> None:
    """A block device as sysfs shows it; that of USB is reached by links, as there."""
    real = f"/sys/devices/{name}"
    plant(root, f"{real}/removable", f"{removable}\n")
    plant(root, f"{real}/size", f"{sectors}\n")
    (root / "sys/block").mkdir(parents=True, exist_ok=True)
    (root / f"sys/block/{name}").symlink_to(f"../devices/{name}")
    if usb:
        place = root / f"sys/devices/usb-{name}/host6/target6:0:0/6:0:0:0/block"
        place.mkdir(parents=True)
        (place / name).symlink_to(f"/sys/devices/{name}")
        driver = root / f"sys/bus/usb/drivers/{usb}"
        driver.mkdir(parents=True, exist_ok=True)
        (driver / "1-1:1.0").symlink_to(f"/sys/devices/usb-{name}")


def media(root: Path) -> RemovableMedia:
    host = LocalHost(str(root))
    return removable_media(*[host.read(source) for source in removable_media.sources])


def test_sticks_usb_disks_and_discs_are_found_and_built_in_disks_are_not(tmp_path: Path) -> None:
    disk(tmp_path, "sda", 0, 1953525168)
    disk(tmp_path, "sdb", 1, 31260672, usb="usb-storage")  # a stick
    disk(tmp_path, "sdc", 0, 3907029168, usb="uas")  # an external disk says it is not removable
    disk(tmp_path, "sr0", 1, 1228800)
    disk(tmp_path, "loop0", 1, 8)
    assert media(tmp_path).media == (
        Medium("sdb", 31260672 * 512, True), Medium("sdc", 3907029168 * 512, True), Medium("sr0", 1228800 * 512, False),
    )  # fmt: skip


def test_empty_readers_and_drives_hold_nothing(tmp_path: Path) -> None:
    disk(tmp_path, "sda", 1, 0, usb="usb-storage")  # a card reader, or virtual media of a BMC
    disk(tmp_path, "sr0", 1, 0x1FFFFF)
    assert media(tmp_path).media == ()


def test_a_system_without_sysfs_is_missing(tmp_path: Path) -> None:
    with pytest.raises(Missing, match="sys/block"):
        media(tmp_path)


def test_this_machine_can_tell() -> None:
    read(RemovableMedia)


@given(TEXT, TEXT)
def test_no_text_breaks_it(flag: str, size: str) -> None:
    flags, sizes = (FileText("/sys/block/sda/removable", flag),), (FileText("/sys/block/sda/size", size),)
    gives_or_says_why(removable_media, flags, sizes, (), ())
