"""Evidence files on disk."""

from __future__ import annotations

import io
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.files.uploadhandler import StopUpload
from django.test import RequestFactory

from collector.assessment.acts import begin, self_assessment
from collector.assessment.file_types import Refused
from collector.assessment.files import (
    MOST_BYTES,
    DamagedFile,
    LimitedUpload,
    attachment,
    content,
    drop,
    folder,
    take,
    taken,
)
from collector.assessment.models import EvidenceFile
from collector.assessment.unlawful import Unlawful
from tests.collector.assessment.cast import Cast
from tests.collector.assessment.test_file_types import A_PDF


@pytest.fixture
def file(cast: Cast) -> EvidenceFile:
    begin.begin(cast.admin, cast.lpse, "k", cast.sent())
    held = take([A_PDF[:10], A_PDF[10:]], '../SK "12";\u202e.pdf')
    self_assessment.attach(cast.admin, cast.lpse.pk, "k", cast.sent(), item="k.1", held=held, dated=cast.today)
    return EvidenceFile.objects.get()


def test_a_file_lies_under_a_random_name_that_nobody_can_run(file: EvidenceFile, own_state: Path) -> None:
    path = own_state / "evidence" / file.stored
    assert path.read_bytes() == A_PDF
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert path.suffix == ""
    assert "SK" not in file.stored


def test_it_leaves_as_an_attachment_only(file: EvidenceFile) -> None:
    response = attachment(file)
    assert response.content == A_PDF
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == 'attachment; filename="SK _12_.pdf"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]


def test_what_is_not_what_came_in_is_not_given_out(file: EvidenceFile) -> None:
    path = folder() / file.stored
    path.write_bytes(A_PDF + b" ")
    with pytest.raises(DamagedFile, match="not what came in"):
        content(file)
    path.unlink()
    with pytest.raises(DamagedFile, match="No such file"):
        attachment(file)


def test_of_what_is_too_large_no_more_is_read_than_the_limit(own_state: Path) -> None:
    read = 0

    def gigabyte() -> Iterator[bytes]:
        nonlocal read
        for _ in range(16 * 1024):
            read += 1 << 16
            yield b"x" * (1 << 16)

    with pytest.raises(Refused, match="larger than 10 MiB"):
        take(gigabyte(), "besar.txt")
    assert read <= MOST_BYTES + (1 << 16)
    assert list(folder().iterdir()) == []


def test_of_a_refused_or_dropped_file_nothing_stays() -> None:
    with pytest.raises(Refused):
        take([b"MZ\x90"], "SK.pdf")
    drop(take([A_PDF], "SK.pdf"))
    assert list(folder().iterdir()) == []


def test_what_was_not_attached_is_removed_again(cast: Cast) -> None:
    begin.begin(cast.admin, cast.lpse, "k", cast.sent())
    day, upload = cast.today, ([A_PDF], "SK.pdf")
    about = {"item": "k.1", "dated": day}
    sent = cast.sent(key="form")
    for _ in range(2):  # the second is a double click
        with taken(upload) as (held,):
            self_assessment.attach(cast.admin, cast.lpse.pk, "k", sent, held=held, **about)
    with pytest.raises(Unlawful), taken(upload) as (held,):
        self_assessment.attach(cast.assessor, cast.lpse.pk, "k", cast.sent(), held=held, **about)
    with pytest.raises(Refused), taken(upload, ([b"MZ"], "b.pdf")):
        pytest.fail("not reached")
    assert [path.name for path in folder().iterdir()] == [EvidenceFile.objects.get().stored]


def test_a_document_is_not_dated_ahead(cast: Cast) -> None:
    begin.begin(cast.admin, cast.lpse, "k", cast.sent())
    held = take([A_PDF], "SK.pdf")
    for year in (1989, 2099):
        with pytest.raises(Unlawful, match="1990"):
            self_assessment.attach(
                cast.admin, cast.lpse.pk, "k", cast.sent(), item="k.1", held=held, dated=cast.today.replace(year=year)
            )  # fmt: skip


def test_a_gigabyte_is_stopped_while_it_comes_in() -> None:
    body = io.BytesIO(
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n' + b"0" * (20 << 20) + b"\r\n--x--\r\n"
    )  # fmt: skip
    request = RequestFactory().generic("POST", "/", body.getvalue(), content_type="multipart/form-data; boundary=x")
    handler = LimitedUpload(request)
    request.upload_handlers.insert(0, handler)
    assert not request.FILES
    assert handler.received < MOST_BYTES + (1 << 18)
    with pytest.raises(StopUpload):
        handler.receive_data_chunk(b"0", 0)
