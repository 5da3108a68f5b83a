"""Snapshots of a virtual machine that lie in its hypervisor: entered by people, because a guest cannot see its own."""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar

from checks.fact import reads
from checks.register import Registered, Row, column
from checks.source import Register
from checks.text import Text


class VmSnapshot(Row, frozen=True):
    """One snapshot that exists, and the day it was taken."""

    name: Annotated[str, column("Nama snapshot", "Name of the snapshot")]
    taken: Annotated[date, column("Dibuat", "Taken")]
    purpose: Annotated[str, column("Keperluan", "Purpose")] = ""


class VmSnapshotRegister(Registered, frozen=True):
    """Snapshots of one server that exist; an empty register says that there is none. Absent: nobody keeps it yet."""

    title: ClassVar[Text] = Text("Register snapshot VM", "Register of VM snapshots")

    rows: tuple[VmSnapshot, ...] = ()


@reads(Register("vm_snapshot_register", VmSnapshotRegister))
def vm_snapshot_register(entered: VmSnapshotRegister) -> VmSnapshotRegister:
    return entered
