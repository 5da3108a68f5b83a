from __future__ import annotations

from datetime import date

import pytest

from checks.fact import Missing
from checks.facts.firmware import firmware


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
