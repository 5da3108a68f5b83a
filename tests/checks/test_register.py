from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.facts.change_register import ApprovedChange, ChangeRegister
from checks.register import RowError, cells, columns, read_csv, read_row, row_type, write_csv

WIB = ZoneInfo("Asia/Jakarta")
GOOD = {
    "number": "CHG-7", "what": "Pemutakhiran nginx", "opens": "2026-11-23 20:00", "closes": "2026-11-23 22:00",
    "approved_by": "Kepala LPSE",
}  # fmt: skip
HEAD = "number,what,opens,closes,approved_by,note"


def test_the_columns_are_those_of_the_row() -> None:
    assert row_type(ChangeRegister) is ApprovedChange
    found = columns(ApprovedChange)
    assert [(one.name, one.kind, one.needed) for one in found] == [
        ("number", "text", True), ("what", "text", True), ("opens", "moment", True), ("closes", "moment", True),
        ("approved_by", "text", True), ("note", "text", False),
    ]  # fmt: skip
    assert found[2].label.id == "Mulai"


def test_a_moment_is_typed_in_the_zone_of_the_people_and_kept_aware() -> None:
    row = read_row(ApprovedChange, GOOD, WIB)
    assert row.opens == datetime(2026, 11, 23, 13, tzinfo=UTC)
    assert cells(row, WIB) == {**GOOD, "note": ""}
    assert read_row(ApprovedChange, {**GOOD, "opens": "2026-11-23T20:00+08:00"}, WIB).opens.utcoffset() is not None


def test_every_wrong_column_is_named_in_both_languages() -> None:
    with pytest.raises(RowError) as caught:
        read_row(ApprovedChange, {**GOOD, "number": "  ", "opens": "besok", "what": "x" * 301}, WIB)
    assert [one.id for one in caught.value.problems] == [
        "Nomor formulir: harus diisi",
        "Perubahan: lebih dari 300 karakter",
        "Mulai: 'besok' tidak dimengerti; tulis seperti 2026-11-23 08:00",
    ]
    assert "From: 'besok' is not like" in str(caught.value)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_csv_file_of_a_spreadsheet_is_read_and_written_back(delimiter: str) -> None:
    line = delimiter.join([*GOOD.values(), ""])
    text = "\ufeff" + HEAD.replace(",", delimiter) + "\r\n" + line + "\r\n" + delimiter * 5 + "\r\n"
    rows = read_csv(ApprovedChange, text, WIB)
    assert rows == (read_row(ApprovedChange, GOOD, WIB),)
    assert read_csv(ApprovedChange, write_csv(ApprovedChange, rows, WIB), WIB) == rows


def test_wrong_lines_are_named_by_their_number_and_nothing_is_taken() -> None:
    text = f"{HEAD}\nCHG-1,a,2026-01-01 08:00,2026-01-01 09:00,Kepala,\nCHG-2,b,x,2026-01-01 09:00,Kepala,\n"
    with pytest.raises(RowError, match="line 3: From"):
        read_csv(ApprovedChange, text, WIB)


def test_unknown_and_missing_columns_are_named() -> None:
    with pytest.raises(RowError, match="unknown: nomor; missing: number"):
        read_csv(ApprovedChange, "nomor,what,opens,closes,approved_by\n", WIB)
    with pytest.raises(RowError, match="missing: number, what"):
        read_csv(ApprovedChange, "", WIB)


@pytest.mark.parametrize("text", ["=1+1", "+62", "-1", "@SUM(A1)"])
def test_no_cell_becomes_a_formula_in_a_spreadsheet_and_all_come_back(text: str) -> None:
    row = read_row(ApprovedChange, {**GOOD, "what": text}, WIB)
    written = write_csv(ApprovedChange, [row], WIB)
    assert f"'{text}" in written
    assert read_csv(ApprovedChange, written, WIB) == (row,)


@given(st.text(max_size=400))
def test_arbitrary_text_is_never_taken_for_rows(text: str) -> None:
    with pytest.raises(RowError) as caught:
        read_csv(ApprovedChange, text, WIB)
    assert caught.value.problems
