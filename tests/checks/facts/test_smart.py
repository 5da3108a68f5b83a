from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis.strategies import text

from checks.fact import Absent, Missing
from checks.facts import smart
from checks.facts.smart import DiskHealth, SmartDisks
from checks.source import FileText
from tests.checks.real import real

GOOD = "el7/smartctl-sata-nvme.txt"


def smart_disks(printed: str, model: str = "TOSHIBA DT01ACA0\n") -> SmartDisks:
    return smart.smart_disks(printed, (FileText("/sys/block/sda/device/model", model),))


def test_healthy_disks_of_three_kinds() -> None:
    assert smart_disks(real(GOOD)).disks == (DiskHealth("nvme0n1", "passed"), DiskHealth("sda", "passed"))
    assert smart_disks(real("linux/smartctl-sas.txt")).disks == (DiskHealth("sdag", "passed"),)


def test_unreadable_sectors_are_counted_whatever_the_disk_says_of_itself() -> None:
    line = "197 Current_Pending_Sector  0x0022   100   100   000    Old_age   Always       -       "
    disk = smart_disks(real(GOOD).replace(f"{line}0", f"{line}624")).disks[1]

    assert (disk.state, disk.pending) == ("passed", 624)


def test_media_errors_and_a_critical_warning_of_nvme() -> None:
    text = real(GOOD).replace("Critical Warning:                   0x00", "Critical Warning:                   0x04")
    disk = smart_disks(text.replace("Data Integrity Errors:    0", "Data Integrity Errors:    1,024")).disks[0]

    assert (disk.state, disk.uncorrectable) == ("failed", 1024)


def test_an_attribute_that_fails_now_is_a_failure_though_smart_passed() -> None:
    assert smart_disks(real("linux/smartctl-failing-now.txt")).disks[0].state == "failed"


def test_uncorrected_errors_of_a_sas_disk() -> None:
    text = (
        real("linux/smartctl-sas.txt")
        .replace("87202,134 0", "87202,134 3")
        .replace("defect list: 0", "defect list: 12")
    )

    assert smart_disks(text).disks == (DiskHealth("sdag", "passed", uncorrectable=3, reallocated=12),)


def test_disks_behind_a_raid_controller_are_hidden_and_virtual_ones_absent() -> None:
    assert smart_disks(real("ubuntu2204/smartctl-raid.txt")).disks == (DiskHealth("sda", "hidden"),)
    with pytest.raises(Absent):
        smart_disks(real("el8/smartctl-vmware.txt"))


@pytest.mark.parametrize("model", ["Virtual disk    \n", "QEMU HARDDISK   \n", "VBOX HARDDISK\n"])
def test_a_virtual_disk_needs_no_smartctl_to_be_told(model: str) -> None:
    with pytest.raises(Absent):
        smart_disks("== sda\n", model)


def test_a_sleeping_disk_is_not_woken() -> None:
    text = "== sda\nsmartctl 7.3 2022-02-28 r5338\n\nDevice is in STANDBY mode, exit(2)\n"

    assert smart_disks(text).disks == (DiskHealth("sda", "sleeping"),)


def test_disks_without_smartctl_are_missing_and_no_disks_absent() -> None:
    with pytest.raises(Missing, match="smartmontools"):
        smart_disks("== sda\n")
    with pytest.raises(Missing, match="Permission"):
        smart_disks("== sda\nsmartctl 7.3\n\nSmartctl open device: /dev/sda failed: Permission denied\n")
    with pytest.raises(Absent):
        smart_disks("")


@given(text())
def test_no_text_breaks_it(said: str) -> None:
    for printed in (said, f"== sda\nsmartctl\n{said}", f"{real(GOOD)}\n{said}"):
        with suppress(Missing, Absent):
            assert isinstance(smart_disks(printed), SmartDisks)
