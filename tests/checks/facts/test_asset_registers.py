from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from checks.facts.asset_registers import Licence, PhysicalAsset, SoftwareAsset
from checks.register import RowError, columns, read_csv

WIB = ZoneInfo("Asia/Jakarta")


def test_the_columns_of_the_form_come_first() -> None:
    assert [one.name for one in columns(PhysicalAsset)] == [
        "code", "name", "sub_class", "owner", "vendor", "holder", "location", "contract", "valid_until", "confidentiality",
        "integrity", "availability", "host", "serial", "cores", "memory", "disks",
    ]  # fmt: skip


def test_the_value_of_an_asset_is_the_mean_of_the_three() -> None:
    assert PhysicalAsset(code="F-1", name="Server", confidentiality=3, integrity=3, availability=2).value == 2.67
    assert PhysicalAsset(code="F-1", name="Server", confidentiality=3, integrity=3).value is None


def test_a_spreadsheet_with_indonesian_heads_is_read() -> None:
    text = (
        "Kode;Nama;Nama program;Jenis lisensi;Masa berlaku sampai;Kerahasiaan (1-3)\r\n"
        "PL-1;PostgreSQL;postgresql;Sumber terbuka;31/12/2027;3\r\n"
    )
    (row,) = read_csv(SoftwareAsset, text, WIB)
    assert (row.licence, str(row.valid_until), row.confidentiality, row.host) == (Licence.OPEN, "2027-12-31", 3, "*")


@pytest.mark.parametrize("value", ["0", "4", "tinggi"])
def test_a_value_is_one_two_or_three(value: str) -> None:
    with pytest.raises(RowError, match=r"line 2: Integrity \(1-3\)"):
        read_csv(PhysicalAsset, f"code,name,integrity\nF-1,Server,{value}\n", WIB)
