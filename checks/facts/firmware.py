"""The firmware (BIOS, UEFI) of the machine, whether the machine is a real one, and the serial number of its chassis."""

from __future__ import annotations

import re
from datetime import date, datetime

import msgspec

from checks.fact import Fact, Missing, reads
from checks.source import File, FileText, Glob
from checks.text import Text

VIRTUAL = (
    "qemu", "kvm", "vmware", "virtualbox", "innotek", "xen", "bochs", "virtual machine", "openstack", "amazon ec2", "google",
    "bhyve", "parallels", "red hat", "ovirt", "nutanix", "alibaba", "huawei cloud", "proxmox", "hyper-v",
)  # fmt: skip


NO_SERIAL = re.compile(
    r"(?i)|0+|none|n/?a|unknown|default string|not (?:specified|available|applicable)|to be filled by o\.?e\.?m\.?"
    r"|system serial number|chassis serial number|invalid|empty|oem|x+|123456789|0123456789"
)
"""What makers leave there who forgot to write one."""


class Firmware(Fact, frozen=True):
    """Date of the firmware, and whether the hypervisor's own. Absent: no DMI (containers, some ARM machines).

    `serial` of the chassis: "" where it has none, or where it was read without root, as it needs.
    """

    released: date
    virtual: bool
    version: str = ""
    serial: str = ""


DMI = "/sys/class/dmi/id"
NO_DMI = Text(
    "mesin ini tidak menyebut tanggal firmware (mesin virtual tanpa DMI)",
    "this machine names no date of its firmware (a virtual one without DMI)",
)


@reads(
    File(f"{DMI}/bios_date"), File(f"{DMI}/bios_version"), File(f"{DMI}/sys_vendor"), Glob(f"{DMI}/product_[ns]*"),
    root=True, absent=NO_DMI,
)  # fmt: skip
def with_serial(day: str, version: str, vendor: str, products: tuple[FileText, ...]) -> Firmware:
    said = {one.path.rpartition("/")[2]: " ".join(one.text.split()) for one in products}
    if "product_name" not in said:
        raise Missing(Text("DMI tidak menyebut nama mesin", "DMI names no machine"))
    serial = said.get("product_serial", "")
    found = firmware(day, version, vendor, said["product_name"])
    return msgspec.structs.replace(found, serial="" if NO_SERIAL.fullmatch(serial) else serial[:60])


@reads(
    File(f"{DMI}/bios_date"), File(f"{DMI}/bios_version"),
    File(f"{DMI}/sys_vendor"), File(f"{DMI}/product_name"),
    absent=NO_DMI,
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
