from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import pytest

from checks.availability import hardware
from checks.facts.edac import MemoryErrors
from checks.facts.firmware import Firmware
from checks.facts.raid import software_raid
from checks.facts.sensors import Sensors, Temperature
from checks.facts.smart import DiskHealth, SmartDisks, smart_disks
from checks.verdict import Status, Verdict
from tests.checks.real import NOW, real


def one(said: Verdict | Iterable[Verdict]) -> Verdict:
    assert isinstance(said, Verdict)
    return said


def statuses(verdicts: Verdict | Iterable[Verdict]) -> dict[str, Status]:
    assert not isinstance(verdicts, Verdict)
    return {verdict.subject: verdict.status for verdict in verdicts}


def test_healthy_disks_pass() -> None:
    assert set(statuses(hardware.smart(smart_disks(real("el7/smartctl-sata-nvme.txt"), ()))).values()) == {Status.PASS}


@pytest.mark.parametrize(
    ("disk", "status"),
    [
        (DiskHealth("sda", "failed"), Status.FAIL),
        (DiskHealth("sda", "passed", pending=1), Status.FAIL),
        (DiskHealth("sda", "passed", uncorrectable=1), Status.FAIL),
        (DiskHealth("sda", "passed", reallocated=8), Status.WARN),
        (DiskHealth("sda", "passed", worn=95), Status.WARN),
        (DiskHealth("sda", "hidden"), Status.UNKNOWN),
        (DiskHealth("sda", "sleeping"), Status.UNKNOWN),
        (DiskHealth("sda", "none"), Status.NOT_APPLICABLE),
    ],
)
def test_a_disk_is_judged_by_its_sectors_too(disk: DiskHealth, status: Status) -> None:
    assert statuses(hardware.smart(SmartDisks((disk,)))) == {"sda": status}


def test_arrays_that_miss_a_disk_fail() -> None:
    found = statuses(hardware.raid(software_raid(real("linux/mdstat-mixed.txt"))))

    assert {name for name, status in found.items() if status is Status.FAIL} == {"md4", "md6", "md7"}
    assert set(statuses(hardware.raid(software_raid(real("linux/mdstat-hetzner.txt")))).values()) == {Status.FAIL}


def test_an_array_whose_spare_took_over_warns() -> None:
    found = statuses(hardware.raid(software_raid(real("linux/mdstat-spare-failed.txt"))))

    assert found == {"md0": Status.PASS, "md1": Status.WARN}


@pytest.mark.parametrize(
    ("temperature", "status"),
    [
        (Temperature("coretemp", 45.0, 80.0, 100.0), Status.PASS),
        (Temperature("coretemp", 85.0, 80.0, 100.0), Status.WARN),
        (Temperature("coretemp", 100.0, 80.0, 100.0), Status.FAIL),
        (Temperature("acpitz", 91.0), Status.FAIL),
        (Temperature("acpitz", 50.0), Status.PASS),
    ],
)
def test_the_limits_of_the_maker_go_before_ours(temperature: Temperature, status: Status) -> None:
    assert statuses(hardware.sensors(Sensors((temperature,)))) == {temperature.chip: status}


@pytest.mark.parametrize(("stopped", "status"), [(0, Status.PASS), (1, Status.WARN), (4, Status.FAIL)])
def test_fans_that_all_stand_still_fail(stopped: int, status: Status) -> None:
    assert statuses(hardware.sensors(Sensors((), 4, stopped))) == {"fans": status}


@pytest.mark.parametrize(
    ("seen", "status"),
    [
        (MemoryErrors(2, 0, 0, 100.0), Status.PASS),
        (MemoryErrors(2, 900, 0, 100.0), Status.PASS),
        (MemoryErrors(2, 1100, 0, 100.0), Status.FAIL),
        (MemoryErrors(2, 11, 0, 0.1), Status.FAIL),
        (MemoryErrors(2, 0, 1, 100.0), Status.FAIL),
    ],
)
def test_memory_errors_are_counted_by_the_day(seen: MemoryErrors, status: Status) -> None:
    assert one(hardware.memory_errors(seen)).status is status


@pytest.mark.parametrize(
    ("firmware", "status"),
    [
        (Firmware(date(2025, 6, 1), False), Status.PASS),
        (Firmware(date(2018, 6, 1), False), Status.WARN),
        (Firmware(date(2031, 6, 1), False), Status.FAIL),
        (Firmware(date(2014, 4, 1), True), Status.NOT_APPLICABLE),
    ],
)
def test_old_firmware_warns_and_that_of_a_hypervisor_is_not_ours(firmware: Firmware, status: Status) -> None:
    assert one(hardware.firmware(firmware, NOW)).status is status
