"""What an uploaded file is, by its content, and what it may be called. Pure.

Laws:
- A file is one of the kinds below by its content and bears that kind's ending; else it is refused, with what to do.
- Nothing is unpacked: of a zip container only its directory is read, and only so much of it.
- What could run is no evidence: programs, scripts, macros, pages.
"""

from __future__ import annotations

import io
import re
import struct
import unicodedata
import zipfile
from dataclasses import dataclass
from pathlib import PurePosixPath

from checks.column import UNSEEN
from checks.text import Text

MOST_NAME = 120  # characters
MOST_MEMBERS = 5000
MOST_UNPACKED = 200 << 20  # bytes that a container says it holds
MOST_RATIO = 200  # unpacked to packed, of a whole container
CENTRAL = b"PK\x01\x02"  # begins each line of a container's directory


class Refused(ValueError):
    """This file is not taken. `why`: in both languages."""

    def __init__(self, indonesian: str, english: str) -> None:
        self.why = Text(indonesian, english)
        super().__init__(english)


@dataclass(frozen=True)
class FileKind:
    """A kind of file: what people call it, its media type, the endings of its name (the first is the usual one)."""

    label: str
    media_type: str
    endings: tuple[str, ...]


OFFICE = "application/vnd.openxmlformats-officedocument."
PDF = FileKind("PDF", "application/pdf", (".pdf",))
PNG = FileKind("PNG", "image/png", (".png",))
JPEG = FileKind("JPEG", "image/jpeg", (".jpg", ".jpeg"))
XLSX = FileKind("XLSX", OFFICE + "spreadsheetml.sheet", (".xlsx",))
DOCX = FileKind("DOCX", OFFICE + "wordprocessingml.document", (".docx",))
TEXT = FileKind("teks/CSV", "text/plain; charset=utf-8", (".txt", ".csv"))
KINDS = (PDF, PNG, JPEG, XLSX, DOCX, TEXT)
PROGRAMS = (b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"\xfe\xed\xfa", b"\xcf\xfa\xed\xfe", b"\xd0\xcf\x11\xe0")
PAGE = re.compile(rb"<\s*(?:!doctype|html|head|body|script|svg|iframe|\?php|\?xml)", re.IGNORECASE)
CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")
ACTIVE_PDF = re.compile(rb"/(?:JavaScript|Launch|EmbeddedFile|RichMedia)\b")


def recognise(raw: bytes, name: str) -> FileKind:
    """The kind of a file with the bytes `raw` that was called `name`. Raises Refused."""
    if not raw:
        raise Refused("Berkas kosong.", "The file is empty.")
    kind = _by_content(raw)
    ending = PurePosixPath(_last(name)).suffix.casefold()
    if ending not in kind.endings:
        allowed = ", ".join(one for known in KINDS for one in known.endings)
        if any(ending in known.endings for known in KINDS):
            raise Refused(
                f"Isi berkas adalah {kind.label}, bukan {ending}. Beri nama dengan akhiran {kind.endings[0]}.",
                f"The content is {kind.label}, not {ending}. Give it a name that ends in {kind.endings[0]}.",
            )
        raise Refused(f"Yang diterima: {allowed}.", f"Accepted are: {allowed}.")
    return kind


def tidy_name(name: str, kind: FileKind) -> str:
    """`name` without folders, hidden characters and what file systems mind; with an ending of `kind`, 120 characters at most."""
    last = PurePosixPath(unicodedata.normalize("NFC", UNSEEN.sub("", _last(name))))
    ending = last.suffix.casefold() if last.suffix.casefold() in kind.endings else kind.endings[0]
    stem = re.sub(r'[<>:"|?*;%]+', "_", last.stem).strip(" .") or "berkas"
    return stem[: MOST_NAME - len(ending)] + ending


def _last(name: str) -> str:
    return name.replace("\\", "/").rstrip("/").rpartition("/")[2]


def _by_content(raw: bytes) -> FileKind:
    if raw.startswith(PROGRAMS):
        raise Refused("Program, skrip, dan dokumen Office lama tidak diterima.", "Programs, scripts and old Office documents "
                      "are not accepted.")  # fmt: skip
    if raw.startswith(b"%PDF-"):
        return _pdf(raw)
    if raw.startswith(b"\x89PNG\r\n\x1a\n"):
        if raw[12:16] != b"IHDR" or b"IEND" not in raw[-64:]:
            raise _damaged("PNG")
        return PNG
    if raw.startswith(b"\xff\xd8\xff"):
        if b"\xff\xd9" not in raw[-1024:]:
            raise _damaged("JPEG")
        return JPEG
    if raw.startswith(b"PK"):
        return _container(raw)
    return _text(raw)


def _pdf(raw: bytes) -> FileKind:
    if b"%%EOF" not in raw[-2048:]:
        raise _damaged("PDF")
    if ACTIVE_PDF.search(raw):
        raise Refused(
            "PDF ini berisi skrip atau lampiran; cetak ulang menjadi PDF biasa.",
            "This PDF holds scripts or attachments; print it to a plain PDF.",
        )
    return PDF


def _container(raw: bytes) -> FileKind:
    """A workbook or a document, by the directory of its container."""
    too_much = Refused(
        "Isi wadah ini terlalu besar bila dibuka.", "This container would hold too much if it were unpacked."
    )
    if raw.count(CENTRAL) > MOST_MEMBERS:
        raise too_much
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as container:
            members = container.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, struct.error, EOFError, IndexError) as error:
        raise _damaged("zip") from error
    unpacked, packed = sum(one.file_size for one in members), sum(one.compress_size for one in members)
    if len(members) > MOST_MEMBERS or unpacked > MOST_UNPACKED or unpacked > MOST_RATIO * max(packed, 4096):
        raise too_much
    names = {one.filename for one in members}
    if any(one.flag_bits & 1 for one in members):
        raise Refused("Dokumen bersandi tidak dapat diperiksa.", "A document under a password cannot be examined.")
    if any(name.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", name) for name in names) or packed > len(raw):
        raise _damaged("zip")
    if any("vbaproject" in name.casefold() or "/embeddings/" in name.casefold() for name in names):
        raise Refused("Dokumen dengan makro tidak diterima.", "Documents with macros are not accepted.")
    if "[Content_Types].xml" in names:
        if "xl/workbook.xml" in names:
            return XLSX
        if "word/document.xml" in names:
            return DOCX
    raise Refused(
        "Arsip zip tidak diterima; unggah berkasnya satu per satu.",
        "Zip archives are not accepted; send the files one by one.",
    )


def _text(raw: bytes) -> FileKind:
    if CONTROL.search(raw):
        raise Refused(
            "Jenis berkas tidak dikenali; yang diterima PDF, PNG, JPEG, XLSX, DOCX, CSV, dan teks.",
            "Unknown kind of file; accepted are PDF, PNG, JPEG, XLSX, DOCX, CSV and text.",
        )
    if PAGE.search(raw[:4096]):
        raise Refused("Halaman web dan skrip tidak diterima.", "Web pages and scripts are not accepted.")
    return TEXT


def _damaged(kind: str) -> Refused:
    return Refused(f"Berkas {kind} ini rusak atau terpotong.", f"This {kind} file is damaged or cut short.")
