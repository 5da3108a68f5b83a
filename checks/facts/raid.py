"""Software RAID (md): which arrays miss a disk."""

from __future__ import annotations

import re

import msgspec

from checks.fact import Absent, Fact, Missing, reads
from checks.source import File
from checks.text import Text

ARRAY = re.compile(r"^(md\S*) : (\w+)(?: \([\w-]+\))?(?: (?!\S+\[\d+\])([a-z]\w*))?(.*)$")
DISKS = re.compile(r"\[(\d+)/(\d+)\] \[[U_]+\]")
REBUILD = re.compile(
    r"(recovery|resync|reshape|check) *= *(\d+(?:\.\d+)?)%|(recovery|resync|reshape) *= *(DELAYED|PENDING)"
)
MOST = 40


class Array(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One array. `wanted` and `present` disks are 0 for levels without redundancy; `faulty` counts members marked (F)."""

    name: str
    level: str
    active: bool
    wanted: int = 0
    present: int = 0
    faulty: int = 0
    rebuild: str = ""  # "recovery 8.5 %"

    @property
    def whole(self) -> bool:
        """Is every disk there? A faulty one may still hang on after a spare took its place."""
        return self.active and self.present == self.wanted


class SoftwareRaid(Fact, frozen=True):
    """All md arrays, at most 40. Absent: none (hardware RAID is not seen here)."""

    arrays: tuple[Array, ...]


@reads(
    File("/proc/mdstat"),
    absent=Text(
        "tidak ada RAID perangkat lunak di sini (/proc/mdstat)", "there is no software RAID here (/proc/mdstat)"
    ),
)
def software_raid(text: str) -> SoftwareRaid:
    if "Personalities" not in text:
        raise Missing(Text("/proc/mdstat tidak memiliki baris Personalities", "/proc/mdstat has no line Personalities"))
    arrays: list[Array] = []
    parts = re.split(r"^(?=md)", text, flags=re.MULTILINE)[1:]
    for part in parts:
        first, _, rest = part.partition("\n")
        found = ARRAY.match(first)
        if found is None:
            raise Missing(
                Text(f"/proc/mdstat: {first[:60]!r} tidak terbaca", f"/proc/mdstat: cannot read {first[:60]!r}")
            )
        name, state, level, members = found.groups()
        if "super external:" in rest and level is None:
            continue  # a container of firmware RAID: never active itself
        rest = rest.partition("unused devices")[0]
        disks, rebuild = DISKS.search(rest), REBUILD.search(rest)
        arrays.append(
            Array(
                name,
                level or "",
                state == "active",
                int(disks[1]) if disks else 0,
                int(disks[2]) if disks else 0,
                members.count("(F)"),
                " ".join(filter(None, (rebuild[1], f"{rebuild[2]} %" if rebuild[2] else "", rebuild[3], rebuild[4])))
                if rebuild
                else "",
            )
        )
    if not arrays:
        raise Absent(Text("tidak ada RAID perangkat lunak", "there is no software RAID"))
    return SoftwareRaid(tuple(sorted(arrays, key=lambda one: one.name)[:MOST]))
