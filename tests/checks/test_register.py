from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.facts.change_register import ApprovedChange, ChangeRegister
from checks.register import MOST_BYTES, RowError, cells, columns, decode, read_csv, read_row, row_type, write_csv

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
        ("approved_by", "text", True), ("note", "text", False), ("kind", "choice", False), ("category", "choice", False),
        ("impact", "text", False), ("test_plan", "text", False), ("rollback", "text", False), ("executor", "text", False),
    ]  # fmt: skip
    assert found[2].label.id == "Mulai"


def test_a_moment_is_typed_in_the_zone_of_the_people_and_kept_aware() -> None:
    row = read_row(ApprovedChange, GOOD, WIB)
    assert row.opens == datetime(2026, 11, 23, 13, tzinfo=UTC)
    assert {name: cell for name, cell in cells(row, WIB).items() if cell} == GOOD
    assert read_row(ApprovedChange, {**GOOD, "opens": "2026-11-23T20:00+08:00"}, WIB).opens.utcoffset() is not None


def test_every_wrong_column_is_named_in_both_languages() -> None:
    with pytest.raises(RowError) as caught:
        read_row(ApprovedChange, {**GOOD, "number": "  ", "opens": "besok", "what": "x" * 301}, WIB)
    assert [one.id for one in caught.value.problems] == [
        "Nomor formulir: harus diisi",
        "Perubahan: lebih dari 300 karakter",
        "Mulai: 'besok' tidak dimengerti; tulis seperti 2026-11-23 08:00 atau 23/11/2026 08:00",
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


@pytest.mark.parametrize("text", ["=1+1", "+62", "-1", "@SUM(A1)", "'=1", "''=1", "'", "''", "'a", "='", "- "])
def test_no_cell_becomes_a_formula_in_a_spreadsheet_and_all_come_back(text: str) -> None:
    row = read_row(ApprovedChange, {**GOOD, "what": text}, WIB)
    written = write_csv(ApprovedChange, [row], WIB)
    assert not re.search(r"(^|,)[=+@-]", written)
    assert read_csv(ApprovedChange, written, WIB) == (row,)


@given(st.text(max_size=400))
def test_arbitrary_text_is_never_taken_for_rows(text: str) -> None:
    with pytest.raises(RowError) as caught:
        read_csv(ApprovedChange, text, WIB)
    assert caught.value.problems


# Files of spreadsheets

LINE = "CHG-1,a,2026-01-01 08:00,2026-01-01 09:00,Kepala,"


def problems(text: str, most: int = 500) -> list[str]:
    with pytest.raises(RowError) as caught:
        read_csv(ApprovedChange, text, WIB, most)
    return [one.en for one in caught.value.problems]


def test_columns_are_known_by_their_labels_too() -> None:
    text = "Nomor formulir;PERUBAHAN;From;Selesai;Disetujui  oleh\r\n1;a;23/11/2026 20.00;23/11/2026 22.00;Kepala\r\n"
    (row,) = read_csv(ApprovedChange, text, WIB)
    assert row.opens == datetime(2026, 11, 23, 13, tzinfo=UTC)


def test_the_first_line_that_excel_wants_and_columns_that_it_left_empty_are_passed_over() -> None:
    text = f"sep=;\r\n{HEAD};;\r\n{LINE};;\r\n".replace(",", ";")
    assert len(read_csv(ApprovedChange, text, WIB)) == 1
    assert problems(f"sep=,\n{HEAD}\n{LINE.replace('Kepala', '')}\n") == ["line 3: Approved by: is needed"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_end_as_on_any_system(end: str) -> None:
    assert len(read_csv(ApprovedChange, f"{HEAD}{end}{LINE}{end}{end}{LINE}{end}", WIB)) == 2


def test_a_comma_too_many_is_noticed_because_it_moves_what_follows() -> None:
    assert problems(f"{HEAD}\n{LINE.replace('a,', 'a,b,', 1)},x\n") == ["line 2: more cells than columns"]


def test_a_column_that_stands_twice_is_named() -> None:
    assert problems(f"{HEAD},Note\n{LINE},x\n")[0].endswith("; unknown: -; missing: -; twice: note")


def test_a_quote_that_is_never_closed_is_no_csv() -> None:
    assert problems(f'{HEAD}\n"CHG-1,a\n')[0].startswith("not a CSV file: ")


def test_fifty_problems_are_named_and_the_rest_is_counted() -> None:
    found = problems(HEAD + "\n" + LINE.replace("Kepala", "") + ("\n" + LINE.replace("Kepala", "")) * 69)
    assert len(found) == 51
    assert found[-1] == "and 20 more problems"


def test_too_many_rows_are_refused_before_they_are_read() -> None:
    text = f"{HEAD}\n" + "x\n" * 100_000
    assert problems(text) == ["more than 500 rows"]
    assert problems(f"{HEAD}\n{LINE}\n{LINE}\n", most=1) == ["more than 1 rows"]
    assert len(read_csv(ApprovedChange, f"{HEAD}\n{LINE}\n\n,,\n", WIB, 1)) == 1


def test_a_register_that_would_be_too_large_for_an_entry_is_refused() -> None:
    wide = LINE.replace(",a,", f",{'a' * 300},") + "b" * 300
    (said,) = problems(f"{HEAD}\n" + f"{wide}\n" * 2000, most=2000)
    assert said.endswith(f"{MOST_BYTES} at the most")


TYPED = f"{HEAD}\r\nCHG-1,Café – “é”,2026-01-01 08:00,2026-01-01 09:00,Kepala,\r\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_file_is_read_in_whatever_encoding_spreadsheets_write(encoding: str) -> None:
    (row,) = read_csv(ApprovedChange, decode(TYPED.encode(encoding)), WIB)
    assert row.what == "Café – “é”"


def test_utf_16_of_the_other_byte_order_is_read_by_its_mark() -> None:
    assert decode(b"\xfe\xff" + TYPED.encode("utf-16-be")) == TYPED


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"PK\x03\x04\x14\0", "a workbook of Excel or LibreOffice; save it as CSV UTF-8"),
        (b"\xd0\xcf\x11\xe0\xa1", "an old workbook of Excel"),
        (b"%PDF-1.7", "a PDF"),
        (TYPED.encode("utf-16-le"), "unknown text encoding"),
        (b"number,what\x81", "unknown text encoding"),
        (b"\xff\xfea", "unknown text encoding"),
        (b"a\0b", "unknown text encoding"),
    ],
)
def test_what_is_no_text_says_what_to_do(raw: bytes, said: str) -> None:
    with pytest.raises(RowError, match=said):
        decode(raw)


@given(st.binary(max_size=300))
def test_arbitrary_bytes_are_text_or_an_error_with_a_sentence(raw: bytes) -> None:
    with suppress(RowError):
        assert "\0" not in decode(raw)


CELLS = st.text(st.characters(codec="utf-8"), max_size=12)


@given(st.lists(st.lists(CELLS, max_size=7), max_size=6), st.sampled_from(",;\t"), st.sampled_from(("\n", "\r\n")))
def test_arbitrary_lines_below_a_good_first_one_are_rows_or_an_error(
    lines: list[list[str]], delimiter: str, end: str
) -> None:
    text = end.join([HEAD.replace(",", delimiter), *(delimiter.join(line) for line in lines)])
    with suppress(RowError):
        rows = read_csv(ApprovedChange, text, WIB)
        assert read_csv(ApprovedChange, write_csv(ApprovedChange, rows, WIB), WIB) == rows
