from __future__ import annotations

import json
import os
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from agent.identity import IDENTITY, KEY, BrokenIdentity, NotEnrolled, load, save
from tests.agent.as_nobody import as_nobody
from tests.agent.parts import enrolled, settings


def test_what_was_saved_is_loaded_and_is_its_owners_alone(tmp_path: Path) -> None:
    known = settings(tmp_path)
    made = enrolled(known, "https://pantau.example")
    again = load(known)
    assert (again.server, again.provider, again.collector) == ("srv-1", "LPSE Kota Contoh", "https://pantau.example")
    assert (again.key.public, again.collector_key) == (made.key.public, made.collector_key)
    assert {known.path(name).stat().st_mode & 0o777 for name in (KEY, IDENTITY)} == {0o600}
    assert Path(known.state).stat().st_mode & 0o777 == 0o700


def test_saving_again_replaces_and_leaves_no_scratch_file(tmp_path: Path) -> None:
    known = settings(tmp_path)
    enrolled(known)
    second = enrolled(known)
    assert load(known).key.public == second.key.public
    assert sorted(os.listdir(known.state)) == [KEY, IDENTITY]


@pytest.mark.parametrize("name", [KEY, IDENTITY])
def test_a_missing_file_says_that_the_agent_is_not_enrolled_and_how_to_enrol(tmp_path: Path, name: str) -> None:
    known = settings(tmp_path)
    enrolled(known)
    known.path(name).unlink()
    with pytest.raises(NotEnrolled, match=rf"{name} does not exist: .*`pantau-agent enrol --collector URL"):
        load(known)


def test_no_state_directory_at_all_says_the_same(tmp_path: Path) -> None:
    with pytest.raises(NotEnrolled, match="not enrolled"):
        load(settings(tmp_path))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (KEY, b""), (KEY, b"garbage"), (KEY, b"\xff\xfe"),
        (KEY, b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"),
        (IDENTITY, b""), (IDENTITY, b"{"), (IDENTITY, b"[]"), (IDENTITY, b"\xff"), (IDENTITY, b'{"server":1}'),
        (IDENTITY, b"[" * 100_000),
        (IDENTITY, b'{"server":"s","provider":"p","collector":"c","collector_key":"AAAA"}'),
        (IDENTITY, b'{"server":"s","provider":"p","collector":"c","collector_key":"' + b"A" * 43 + b'="}'),
    ],
    ids=lambda value: value if isinstance(value, str) else repr(value[:20]),
)  # fmt: skip
def test_a_damaged_file_says_so_and_how_to_enrol_again(tmp_path: Path, name: str, content: bytes) -> None:
    known = settings(tmp_path)
    enrolled(known)
    known.path(name).write_bytes(content)
    with pytest.raises(NotEnrolled, match=r"the identity in .* is damaged .*`pantau-agent enrol --again`"):
        load(known)


def test_a_key_that_others_could_read_is_closed_and_used_and_that_is_said(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    known = settings(tmp_path)
    made = enrolled(known)
    known.path(KEY).chmod(0o644)
    assert load(known).key.public == made.key.public
    assert known.path(KEY).stat().st_mode & 0o777 == 0o600
    assert "event=file_closed" in caplog.text


def test_an_identity_in_a_directory_that_others_may_write_is_not_believed(tmp_path: Path) -> None:
    known = settings(tmp_path)
    enrolled(known)
    Path(known.state).chmod(0o777)
    with pytest.raises(BrokenIdentity, match="can be written by other users"):
        load(known)


@pytest.mark.skipif(os.geteuid() != 0, reason="gives a file to another user")
def test_a_key_of_another_user_is_not_believed(tmp_path: Path) -> None:
    known = settings(tmp_path)
    enrolled(known)
    os.chown(known.path(KEY), 65534, 65534)
    with pytest.raises(BrokenIdentity, match=r"belongs to another user .*enrol --again"):
        load(known)


def test_an_identity_remembers_since_when_and_one_of_before_does_without(tmp_path: Path) -> None:
    known = settings(tmp_path)
    made = enrolled(known)
    assert load(known).enrolled_at is None
    at = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
    save(known, replace(made, enrolled_at=at))
    assert load(known).enrolled_at == at
    stored = json.loads(known.path(IDENTITY).read_text())
    del stored["enrolled_at"]
    known.path(IDENTITY).write_text(json.dumps(stored))
    assert load(known).server == made.server


def test_an_unreadable_file_says_who_may_read_it(public: Path) -> None:
    known = settings(public)
    enrolled(known)
    Path(known.state).chmod(0o755)

    def work() -> str:
        try:
            load(known)
        except NotEnrolled as error:
            return str(error)
        return ""

    assert "Permission denied; run as the user that enrolled, or as root" in as_nobody(work)


def test_a_directory_in_the_place_of_a_file_is_a_sentence_too(tmp_path: Path) -> None:
    known = settings(tmp_path)
    enrolled(known)
    known.path(KEY).unlink()
    known.path(KEY).mkdir()
    with pytest.raises(NotEnrolled, match="Is a directory"):
        load(known)


def test_the_key_never_shows_in_the_identity(tmp_path: Path) -> None:
    known = settings(tmp_path)
    made = enrolled(known)
    pem = known.path(KEY).read_text().splitlines()[1]
    assert pem not in repr(made)
    assert pem not in known.path(IDENTITY).read_text()


def test_an_identity_that_cannot_be_saved_raises_and_leaves_the_old_one(tmp_path: Path) -> None:
    known = settings(tmp_path)
    before = enrolled(known)
    shutil.rmtree(known.state)
    Path(known.state).write_text("a file where a directory should be")
    with pytest.raises(OSError, match="exists"):
        save(known, before)
