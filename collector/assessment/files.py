"""Evidence files on disk: how they are taken in, and how they are given out again.

    with taken((upload.chunks(), upload.name)) as (held,):      # raises Refused; what was not attached is removed again
        attach(account, ..., held=held)
    return attachment(row)                # a response, once the view found `row` by `EvidenceFile.objects.visible_to(account)`

Laws:
- A file lies in the folder `evidence` of the state directory under a random name without ending,
  mode 0600: nothing serves or runs it.
- More than the limit is never written: reading stops there.
- What is given out is what came in: its SHA-256 is computed anew each time, and it leaves as an attachment only.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpResponse
from django.utils.http import content_disposition_header

from collector.assessment.file_types import FileKind, Refused, recognise, tidy_name
from collector.assessment.models import EvidenceFile

MOST_BYTES = 10 << 20
MOST_OF_PROVIDER = 2 << 30  # bytes that one provider may keep here


@dataclass(frozen=True)
class HeldFile:
    """A file that was taken in: its tidied name, kind, SHA-256 (hex), size in bytes, and where it lies in the folder."""

    name: str
    kind: FileKind
    sha256: str
    size: int
    stored: str


class DamagedFile(RuntimeError):
    """A stored file is gone, or is not what came in: restore it from the backup."""


def folder() -> Path:
    """Where the files lie; made when first asked for, for this process's user only."""
    path: Path = settings.CONFIG.path("evidence")
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def take(chunks: Iterable[bytes], name: str, most: int = MOST_BYTES) -> HeldFile:
    """Take in a file that is called `name`. Raises Refused; of a refused file nothing stays."""
    stored = secrets.token_hex(16)
    path = folder() / stored
    body = bytearray()
    for chunk in chunks:
        body += chunk
        if len(body) > most:
            raise Refused(
                f"Berkas lebih besar dari {most >> 20} MiB; perkecil atau bagi.",
                f"The file is larger than {most >> 20} MiB; make it smaller, or split it.",
            )
    raw = bytes(body)
    kind = recognise(raw, name)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(raw)
        file.flush()
        os.fsync(file.fileno())
    return HeldFile(tidy_name(name, kind), kind, hashlib.sha256(raw).hexdigest(), len(raw), stored)


@contextmanager
def taken(*uploads: tuple[Iterable[bytes], str]) -> Iterator[tuple[HeldFile, ...]]:
    """`uploads` (chunks and name), taken in; whatever no row names at the end is removed again. Raises Refused.

    Around the act that attaches them: also where it is forbidden, overtaken, or the form came twice.
    """
    held: list[HeldFile] = []
    try:
        for chunks, name in uploads:
            held.append(take(chunks, name))  # those before a refused one are removed too
        yield tuple(held)
    finally:
        for one in held:
            if not EvidenceFile.objects.filter(stored=one.stored).exists():
                drop(one)


def drop(held: HeldFile) -> None:
    """Remove a file that no row came to name: the act that would have named it was not done."""
    (folder() / held.stored).unlink(missing_ok=True)


def content(file: EvidenceFile) -> bytes:
    """The bytes of `file`. Raises DamagedFile."""
    try:
        raw = (folder() / file.stored).read_bytes()
    except OSError as error:
        raise DamagedFile(f"evidence file {file.pk} ({file.stored}): {error.strerror}") from error
    if hashlib.sha256(raw).hexdigest() != file.sha256:
        raise DamagedFile(f"evidence file {file.pk} ({file.stored}) is not what came in: its SHA-256 differs")
    return raw


def attachment(file: EvidenceFile) -> HttpResponse:
    """`file` as a download that no browser opens in place. Raises DamagedFile."""
    response = HttpResponse(content(file), content_type=file.media_type)
    response.headers["Content-Disposition"] = str(content_disposition_header(as_attachment=True, filename=file.name))
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "private, no-store"
    return response


class LimitedUpload(FileUploadHandler):
    """Stops a request with more than the limit while it comes in, so that a gigabyte is never spooled.

    A view puts it first: `request.upload_handlers.insert(0, LimitedUpload(request))`, before anything reads the form.
    """

    def __init__(self, request: object = None, most: int = MOST_BYTES) -> None:
        super().__init__(request)  # type: ignore[arg-type]  # as Django calls it
        self.most, self.received = most, 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.received += len(raw_data)
        if self.received > self.most + self.chunk_size:  # a little over is refused by `take`, with a sentence
            raise StopUpload(connection_reset=True)
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None
