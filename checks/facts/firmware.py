"""The firmware (BIOS, UEFI) of the machine, and whether the machine is a real one."""

from __future__ import annotations

from datetime import date, datetime

from checks.fact import Fact, Missing, reads
from checks.source import File
from checks.text import Text

VIRTUAL = (
    "qemu", "kvm", "vmware", "virtualbox", "innotek", "xen", "bochs", "virtual machine", "openstack", "amazon ec2", "google",
    "bhyve", "parallels", "red hat", "ovirt", "nutanix", "alibaba", "huawei cloud", "proxmox", "hyper-v",
)  # fmt: skip


class Firmware(Fact, frozen=True):
    """Date of the firmware, and whether the hypervisor's own. Absent: no DMI (containers, some ARM machines)."""

    released: date
    virtual: bool
    version: str = ""


@reads(
    File("/sys/class/dmi/id/bios_date"), File("/sys/class/dmi/id/bios_version"),
    File("/sys/class/dmi/id/sys_vendor"), File("/sys/class/dmi/id/product_name"),
    absent=Text(
        "mesin ini tidak menyebut tanggal firmware (mesin virtual tanpa DMI)",
        "this machine names no date of its firmware (a virtual one without DMI)",
    ),
)  # fmt: skip
def firmware(day: str, version: str, vendor: str, product: str) -> Firmware:
    try:
        released = datetime.strptime(day.strip(), "%m/%d/%Y").date()
    except ValueError as error:
        raise Missing(
            Text(f"bios_date bukan tanggal: {day.strip()[:20]!r}", f"bios_date is no date: {day.strip()[:20]!r}")
        ) from error
    name = f"{vendor} {product}".lower()
    return Firmware(released, any(word in name for word in VIRTUAL), version.strip()[:40])
