"""What disks say of their own health (SMART), through one run of smartctl for each disk."""

from __future__ import annotations

import re

import msgspec

from checks.fact import Absent, Fact, Missing, reads
from checks.source import Command, FileText, Glob
from checks.text import Text

NAMES = ("sd[a-z]", "sd[a-z][a-z]", "nvme[0-9]n1", "nvme[0-9][0-9]n1")
EACH = (
    "find", "/dev", "-maxdepth", "1", "-type", "b",
    "(", *" -o ".join(f"-name {name}" for name in NAMES).split(), ")",
    "-printf", r"== %f\n",
    "-exec", "smartctl", "--nocheck=standby", "--info", "--health", "--attributes", "{}", ";",
)  # fmt: skip
RAID = re.compile(
    r"^(?:Vendor|Product|Device Model|Model Family): .*(?:PERC|RAID|AVAGO|BROADCOM|LSI|LOGICAL VOLUME|Adaptec|MR\d{4})|megaraid,N",
    re.IGNORECASE | re.MULTILINE,
)
VIRTUAL = re.compile(r"^(?:Virtual disk|QEMU |VBOX |VMware )", re.IGNORECASE)  # needs no smartctl to be told
HEALTH = re.compile(r"^SMART (?:overall-health self-assessment test result|Health Status): *(.+)$", re.MULTILINE)
ATTRIBUTE = re.compile(r"^ *(\d+) \S+ +0x[0-9a-f]{4} +\d+ +\d+ +[\d-]+ +\S+ +\S+ +\S+ +(\d+)", re.MULTILINE)
NVME = re.compile(
    r"^(Critical Warning|Media and Data Integrity Errors|Percentage Used): +(0x[0-9a-f]+|[\d,.]+)", re.MULTILINE
)
GROWN = re.compile(r"^Elements in grown defect list: (\d+)", re.MULTILINE)
UNCORRECTED = re.compile(r"^(?:read|write|verify):.* (\d+)$", re.MULTILINE)
REALLOCATED, PENDING, UNCORRECTABLE = 5, 197, 198
MOST = 40


class DiskHealth(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One disk. `state`: passed, failed, sleeping, hidden (behind a RAID controller), none (has no SMART).

    `pending` sectors cannot be read now, `uncorrectable` ones never could (media errors on NVMe); `worn` is in percent.
    """

    name: str
    state: str
    pending: int = 0
    uncorrectable: int = 0
    reallocated: int = 0
    worn: int = 0


class SmartDisks(Fact, frozen=True):
    """All SATA, SAS and NVMe disks, at most 40. Absent: none, or all of them virtual."""

    disks: tuple[DiskHealth, ...]


@reads(Command(EACH, timeout=60.0, heavy=True), Glob("/sys/block/*/device/model"), root=True)
def smart_disks(printed: str, models: tuple[FileText, ...]) -> SmartDisks:
    virtual = {file.path.split("/")[3] for file in models if VIRTUAL.search(file.text)}
    head, *parts = re.split(r"^== (\S+)$", printed, flags=re.MULTILINE)
    if head.strip():
        raise Missing(
            Text("find /dev menampilkan sesuatu yang bukan disk", "find /dev printed something that is no disk")
        )
    disks = [
        DiskHealth(name, "none") if name in virtual else _disk(name, text)
        for name, text in zip(parts[::2], parts[1::2], strict=True)
    ]
    if all(disk.state == "none" for disk in disks):
        raise Absent(
            Text(
                "tidak ada disk dengan SMART di sini (disk virtual tidak memilikinya)",
                "no disk here has SMART (virtual disks have none)",
            )
        )
    return SmartDisks(tuple(sorted(disks, key=lambda disk: disk.name)[:MOST]))


def _disk(name: str, text: str) -> DiskHealth:
    if "smartctl" not in text:
        raise Missing(
            Text("smartctl tidak terpasang; pasang smartmontools", "smartctl is not installed; install smartmontools")
        )
    if "Device is in" in text and "STANDBY" in text.upper():
        return DiskHealth(name, "sleeping")
    health = HEALTH.search(text)
    if health is None:
        if RAID.search(text):
            return DiskHealth(name, "hidden")
        if "device lacks SMART capability" in text or "does not support SMART" in text:
            return DiskHealth(name, "none")
        why = text.strip().splitlines()[-1]
        raise Missing(f"smartctl {name}: {why[:120]}")
    numbers = {int(number): int(raw) for number, raw in ATTRIBUTE.findall(text)}
    nvme = {key: _integer(value) for key, value in NVME.findall(text)}
    passed = health[1].strip() in {"PASSED", "OK"} and "FAILING_NOW" not in text and not nvme.get("Critical Warning")
    grown = GROWN.search(text)
    return DiskHealth(
        name=name,
        state="passed" if passed else "failed",
        pending=numbers.get(PENDING, 0),
        uncorrectable=numbers.get(UNCORRECTABLE, 0)
        + nvme.get("Media and Data Integrity Errors", 0)
        + sum(int(count) for count in UNCORRECTED.findall(text)),
        reallocated=numbers.get(REALLOCATED, 0) + (int(grown[1]) if grown else 0),
        worn=nvme.get("Percentage Used", 0),
    )


def _integer(word: str) -> int:
    return int(word, 16) if word.startswith("0x") else int(re.sub(r"\D", "", word) or 0)
