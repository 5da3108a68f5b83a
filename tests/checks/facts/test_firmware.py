from __future__ import annotations

from datetime import date

import pytest

from checks.fact import Missing
from checks.facts.firmware import DMI, firmware, with_serial
from checks.source import FileText


@pytest.mark.parametrize(
    ("vendor", "product", "virtual"),
    [
        ("Dell Inc.\n", "PowerEdge R730\n", False),
        ("HPE\n", "ProLiant DL380 Gen10\n", False),
        ("VMware, Inc.\n", "VMware Virtual Platform\n", True),
        ("QEMU\n", "Standard PC (i440FX + PIIX, 1996)\n", True),
        ("Microsoft Corporation\n", "Virtual Machine\n", True),
    ],
)
def test_a_machine_is_told_from_a_virtual_one(vendor: str, product: str, virtual: bool) -> None:
    fact = firmware("11/12/2020\n", "2.12.1\n", vendor, product)

    assert (fact.released, fact.virtual, fact.version) == (date(2020, 11, 12), virtual, "2.12.1")


@pytest.mark.parametrize("day", ["", "2020-11-12", "99/99/9999", "\x00"])
def test_a_date_that_is_none_is_missing(day: str) -> None:
    with pytest.raises(Missing):
        firmware(day, "1", "Dell Inc.", "R730")


def products(**files: str) -> tuple[FileText, ...]:
    return tuple(FileText(f"{DMI}/product_{name}", text) for name, text in files.items())


def test_root_reads_the_serial_number_beside() -> None:
    fact = with_serial(
        "11/12/2020\n", "2.12.1\n", "Dell Inc.\n", products(name="PowerEdge R730\n", serial="7XK2M03 \n", sku="")
    )

    assert (fact.serial, fact.version, fact.virtual) == ("7XK2M03", "2.12.1", False)


@pytest.mark.parametrize(
    "serial",
    ["", "\n", "None", "0", "0000000000", "To Be Filled By O.E.M.", "Not Specified", "Default string", "System Serial Number",
     "XXXXXXXX", "0123456789"],
)  # fmt: skip
def test_what_a_maker_forgot_to_write_is_no_serial_number(serial: str) -> None:
    assert with_serial("11/12/2020", "1", "QEMU", products(name="Standard PC", serial=serial)).serial == ""


def test_a_machine_without_a_name_is_missing_and_one_without_a_serial_number_is_not() -> None:
    with pytest.raises(Missing):
        with_serial("11/12/2020", "1", "QEMU", products(serial="7XK2M03"))
    assert with_serial("11/12/2020", "1", "QEMU", products(name="Standard PC")).serial == ""


def test_the_vmware_of_a_centos_7() -> None:
    """Values of its `dmidecode` (kellyjonbrazil/jc, tests/fixtures/centos-7.7/dmidecode.out), as /sys shows them."""
    fact = firmware("04/13/2018\n", "6.00\n", "VMware, Inc.\n", "VMware Virtual Platform\n")

    assert (fact.released, fact.virtual, fact.version) == (date(2018, 4, 13), True, "6.00")
