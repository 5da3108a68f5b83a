"""Uploads: what they are by their content, and what is refused."""

from __future__ import annotations

import contextlib
import io
import zipfile
import zlib
from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.assessment.file_types import (
    DOCX,
    JPEG,
    KINDS,
    MOST_MEMBERS,
    MOST_NAME,
    PDF,
    PNG,
    TEXT,
    XLSX,
    FileKind,
    Refused,
    recognise,
    tidy_name,
)

A_PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<<>>\n%%EOF\n"
A_JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + b"\x01" * 40 + b"\xff\xd9"


def a_png() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")

    head = (1).to_bytes(4, "big") * 2 + bytes([8, 0, 0, 0, 0])
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")


def container(**members: bytes | str) -> bytes:
    """A zip with `members`; in their names "__" stands for "/"."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            made.writestr("[Content_Types].xml" if name == "types" else name.replace("__", "/"), content)
    return out.getvalue()


def an_xlsx(**more: bytes | str) -> bytes:
    return container(types="<Types/>", **{"xl__workbook.xml": "<workbook/>", **more})


@pytest.mark.parametrize(
    ("raw", "name", "kind"),
    [
        (A_PDF, "SK 12.pdf", PDF),
        (A_PDF, "SK 12.PDF", PDF),
        (a_png(), "diagram.png", PNG),
        (A_JPEG, "ruang server.jpeg", JPEG),
        (an_xlsx(), "register.xlsx", XLSX),
        (container(types="<Types/>", **{"word__document.xml": "<w/>"}), "notulen.docx", DOCX),
        ("nomor;tanggal\r\n1;2026-11-23\r\n".encode("utf-8-sig"), "tiket.csv", TEXT),
        ("Notulen rapat – tinjauan kebijakan".encode(), "notulen.txt", TEXT),
    ],
)
def test_what_people_send_as_evidence_is_taken(raw: bytes, name: str, kind: FileKind) -> None:
    assert recognise(raw, name) is kind


@pytest.mark.parametrize(
    ("raw", "name", "said"),
    [
        (b"", "a.pdf", "empty"),
        (b"MZ\x90\x00" + b"\0" * 64, "SK.pdf", "Programs"),
        (b"\x7fELF\x02\x01\x01" + b"\0" * 64, "SK.pdf", "Programs"),
        (b"#!/bin/sh\nrm -rf /\n", "catatan.txt", "Programs"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "lama.doc", "Programs"),
        (b"MZ\x90\x00" + A_PDF, "SK.pdf", "Programs"),
        (A_PDF[:-8], "SK.pdf", "cut short"),
        (A_PDF.replace(b"/Type", b"/OpenAction << /JavaScript (app.alert) >> /Type"), "SK.pdf", "scripts"),
        (A_PDF, "SK.pdf.exe", "Accepted are"),
        (A_PDF, "SK", "Accepted are"),
        (A_PDF, "SK.xlsx", "The content is PDF"),
        (a_png(), "SK.pdf", "The content is PNG"),
        (a_png()[:-20], "a.png", "damaged"),
        (b"<html><script>alert(1)</script>", "catatan.txt", "Web pages"),
        (b"  <?php system($_GET[0]); ?>", "catatan.csv", "Web pages"),
        (b"<svg onload=alert(1)>", "a.txt", "Web pages"),
        (b"a;b\n1;\x00\n", "tiket.csv", "Unknown kind"),
        (container(catatan="isi"), "bukti.zip", "Zip archives"),
        (container(catatan="isi"), "bukti.xlsx", "Zip archives"),
        (an_xlsx(**{"xl__vbaProject.bin": b"x"}), "register.xlsx", "macros"),
        (an_xlsx(**{"..__..__etc__passwd": b"x"}), "register.xlsx", "damaged"),
        (an_xlsx()[:-30], "register.xlsx", "damaged"),
        (b"PK\x03\x04garbage", "register.xlsx", "damaged"),
    ],
)
def test_what_is_no_evidence_is_refused_with_a_sentence(raw: bytes, name: str, said: str) -> None:
    with pytest.raises(Refused, match=said) as refused:
        recognise(raw, name)
    assert refused.value.why.id != refused.value.why.en


def test_a_zip_bomb_is_refused_without_being_unpacked() -> None:
    bomb = an_xlsx(**{"xl__sheet.xml": b"0" * (64 << 20)})
    assert len(bomb) < 100_000
    with pytest.raises(Refused, match="too much"):
        recognise(bomb, "register.xlsx")
    many = an_xlsx(**{f"xl__{number}.xml": b"" for number in range(MOST_MEMBERS + 1)})
    with pytest.raises(Refused, match="too much"):
        recognise(many, "register.xlsx")


@given(
    st.binary(max_size=300),
    st.sampled_from([b"", b"PK\x03\x04", b"PK\x05\x06" + b"\0" * 18, b"%PDF-1.4", b"\xff\xd8\xff"]),
)
def test_any_bytes_are_a_kind_or_refused(raw: bytes, start: bytes) -> None:
    for ending in (".pdf", ".xlsx", ".txt"):
        with contextlib.suppress(Refused):
            assert recognise(start + raw, f"a{ending}") in KINDS


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\Budi\\SK 12.PDF", "SK 12.PDF"[:-4] + ".pdf"),
        ("..pdf", "berkas.pdf"),
        (".pdf", "pdf.pdf"),
        ("a\u202efdp.exe.pdf", "afdp.exe.pdf"),
        ('x"; filename="y.pdf', "x_ filename=_y.pdf"),
        ("a\r\nSet-Cookie: b.pdf", "aSet-Cookie_ b.pdf"),
        ("x" * 400 + ".pdf", "x" * (MOST_NAME - 4) + ".pdf"),
    ],
)
def test_names_lose_folders_and_whatever_misleads(typed: str, kept: str) -> None:
    assert tidy_name(typed, PDF) == kept


@given(st.text(max_size=300))
def test_any_name_becomes_a_plain_one(name: str) -> None:
    made = tidy_name(name, PDF)
    assert made.endswith(".pdf")
    assert len(made) <= MOST_NAME
    assert PurePosixPath(made).name == made
    assert not set(made) & set('/\\\r\n\0"<>')
