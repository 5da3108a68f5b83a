"""Servers that are virtual machines (standard i): the tools that should run in them, and the snapshots that should not last.

Law: what nobody declared is undetermined. A guest cannot see its snapshots, so people enter them in a register.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from checks.check import AVAILABILITY, DAY, LOW, check
from checks.facts.virtual_machine import TOOLS, VirtualMachine
from checks.facts.vm_snapshot_register import VmSnapshotRegister
from checks.governance.changes import WIB
from checks.text import Text
from checks.verdict import Verdict, judge, not_applicable, unknown

SHOWN = 5


@check(
    "I-VM-01", severity=LOW, aspect=AVAILABILITY, every=DAY, source="Pantau default (7 days)",
    title=Text(
        "Mesin virtual memakai alat tamu dan tidak menyimpan snapshot lama",
        "The virtual machine runs guest tools and keeps no old snapshots",
    ),
    why=Text(
        "Tanpa alat tamu, hypervisor mencadangkan disk di tengah penulisan. Snapshot lama memenuhi penyimpanan dan "
        "memperlambat disk, dan bukan cadangan.",
        "Without guest tools the hypervisor backs up disks in the midst of writing. Old snapshots fill the storage and slow the "
        "disk down, and are no backup.",
    ),
    remedy=Text(
        "Pasang alat tamu hypervisor Anda. KVM: Debian/Ubuntu `apt install qemu-guest-agent`; EL: `dnf install "
        "qemu-guest-agent`. VMware: `open-vm-tools`. Hyper-V: `hyperv-daemons`. Hapus snapshot lama di hypervisor, dan catat "
        "yang ada di konsol, halaman server, Register snapshot VM (kosong: tidak ada).",
        "Install the guest tools of your hypervisor. KVM: Debian/Ubuntu `apt install qemu-guest-agent`; EL: `dnf install "
        "qemu-guest-agent`. VMware: `open-vm-tools`. Hyper-V: `hyperv-daemons`. Delete old snapshots in the hypervisor, and "
        "enter those that exist in the console, on the server's page, Register of VM snapshots (empty: there is none).",
    ),
)  # fmt: skip
def virtual_machine_is_kept(
    machine: VirtualMachine, snapshots: VmSnapshotRegister | None, now: datetime, *, days: int = 7
) -> Iterator[Verdict]:
    wanted = TOOLS.get(machine.kind)
    if machine.kind == "none":
        yield not_applicable(Text("bukan mesin virtual", "no virtual machine"))
    elif wanted is None:
        reason = f"{machine.kind}: kontainer, atau awan yang tidak memerlukan alat tamu"
        yield not_applicable(Text(reason, f"{machine.kind}: a container, or a cloud that needs no guest tools"))
    else:
        running = ", ".join(machine.tools)
        yield judge(
            bool(machine.tools),
            Text(f"{machine.kind}: {running or 'tidak ada'}", f"{machine.kind}: {running or 'none'}"),
            Text(" atau ".join(wanted), " or ".join(wanted)) if len(wanted) > 1 else wanted[0],
            subject="guest tools",
        )
        yield _snapshots(snapshots, now, days)


def _snapshots(snapshots: VmSnapshotRegister | None, now: datetime, days: int) -> Verdict:
    if snapshots is None:
        reason = Text(
            "tidak terlihat dari dalam mesin virtual, dan belum ada yang mencatatnya di register snapshot VM",
            "cannot be seen from inside a virtual machine, and nobody keeps the register of VM snapshots yet",
        )
        return unknown(reason, subject="snapshots")
    expected = Text(f"paling lama {days} hari", f"at most {days} days old")
    today = now.astimezone(WIB).date()
    old = sorted((one for one in snapshots.rows if (today - one.taken).days > days), key=lambda one: one.taken)
    if not old:
        count = len(snapshots.rows)
        said = Text(f"{count} tercatat, tidak ada yang lama", f"{count} declared, none old")
        return judge(True, said, expected, subject="snapshots", value=0)
    said_old = ", ".join(f"{one.name} ({one.taken})" for one in old[:SHOWN]) + (", ..." if len(old) > SHOWN else "")
    return judge(False, said_old, expected, subject="snapshots", value=len(old))
