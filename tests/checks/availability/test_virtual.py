from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from checks.availability.virtual import virtual_machine_is_kept
from checks.facts.virtual_machine import VirtualMachine
from checks.facts.vm_snapshot_register import VmSnapshot, VmSnapshotRegister
from checks.verdict import Status
from tests.checks.real import NOW

PASS, FAIL, UNKNOWN, NOT_APPLICABLE = Status.PASS, Status.FAIL, Status.UNKNOWN, Status.NOT_APPLICABLE
KVM = VirtualMachine("kvm", ("qemu-ga",))


def judged(machine: VirtualMachine, snapshots: VmSnapshotRegister | None = None) -> dict[str, Status]:
    said = virtual_machine_is_kept(machine, snapshots, NOW)
    assert isinstance(said, Iterable)
    return {one.subject: one.status for one in said}


def test_a_virtual_machine_runs_the_guest_tools_of_its_hypervisor() -> None:
    assert judged(KVM)["guest tools"] is PASS
    assert judged(VirtualMachine("kvm"))["guest tools"] is FAIL
    assert judged(VirtualMachine("microsoft", ("hypervkvpd",)))["guest tools"] is PASS


def test_a_snapshot_that_was_declared_may_be_a_week_old() -> None:
    def with_one(day: int) -> Status:
        return judged(KVM, VmSnapshotRegister((VmSnapshot("sebelum-upgrade", date(2026, 11, day)),)))["snapshots"]

    assert with_one(16) is PASS
    assert with_one(15) is FAIL


def test_an_empty_register_says_that_there_is_none_and_no_register_says_nothing() -> None:
    assert judged(KVM, VmSnapshotRegister())["snapshots"] is PASS
    assert judged(KVM)["snapshots"] is UNKNOWN


def test_what_is_no_virtual_machine_is_not_meant() -> None:
    for kind in ("none", "systemd-nspawn", "docker", "amazon"):
        assert judged(VirtualMachine(kind)) == {"": NOT_APPLICABLE}
