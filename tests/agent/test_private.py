from __future__ import annotations

import os
from pathlib import Path

import pytest

from agent.private import NotPrivate, check_directory, prepare, read, tighten
from tests.agent.as_nobody import as_nobody

NOBODY = 65534
root = pytest.mark.skipif(os.geteuid() != 0, reason="gives files to other users")


def file(folder: Path, mode: int, owner: int | None = None) -> Path:
    path = folder / "agent_key.pem"
    path.write_bytes(b"key")
    path.chmod(mode)
    if owner is not None:
        os.chown(path, owner, owner)
    return path


@pytest.mark.parametrize("mode", [0o644, 0o660, 0o602, 0o604])
def test_a_file_of_our_own_that_is_open_is_closed_and_that_is_said(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, mode: int
) -> None:
    path = file(tmp_path, mode)
    assert read(path) == b"key"
    assert path.stat().st_mode & 0o777 == 0o600
    assert f"mode={mode:04o}; other users could read or write it until now" in caplog.text


@pytest.mark.parametrize("mode", [0o600, 0o400])
def test_a_file_that_is_closed_is_read_and_left_as_it_is(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, mode: int
) -> None:
    path = file(tmp_path, mode)
    assert read(path) == b"key"
    assert (path.stat().st_mode & 0o777, caplog.text) == (mode, "")


@root
def test_a_file_of_somebody_else_is_refused_in_a_directory_of_ours(tmp_path: Path) -> None:
    path = file(tmp_path, 0o600, NOBODY)
    with pytest.raises(NotPrivate, match=r"belongs to another user \(uid 65534\) and is not trusted"):
        read(path)


@root
def test_root_reads_what_belongs_to_the_owner_of_the_directory_but_closes_nothing_for_them(tmp_path: Path) -> None:
    os.chown(tmp_path, NOBODY, NOBODY)
    path = file(tmp_path, 0o600, NOBODY)
    assert read(path) == b"key"
    path.chmod(0o644)
    with pytest.raises(NotPrivate, match=f"its owner must close it: `chmod 600 {path}`"):
        read(path)
    assert path.stat().st_mode & 0o777 == 0o644


@root
def test_a_key_of_root_that_others_may_read_is_refused_for_it_is_not_ours_to_close(public: Path) -> None:
    path = file(public, 0o644)

    def work() -> str:
        try:
            read(path)
        except NotPrivate as error:
            return str(error)
        return ""

    assert "is open to other users (mode 0644)" in as_nobody(work)


@pytest.mark.parametrize("mode", [0o700, 0o750, 0o755])
def test_a_directory_that_only_its_owner_writes_is_good(tmp_path: Path, mode: int) -> None:
    tmp_path.chmod(mode)
    check_directory(tmp_path)


@pytest.mark.parametrize(("mode", "mend"), [(0o770, "chmod 700"), (0o707, "chmod 700"), (0o1777, "--state DIR")])
def test_a_directory_that_others_may_write_is_refused_and_never_changed(tmp_path: Path, mode: int, mend: str) -> None:
    tmp_path.chmod(mode)
    with pytest.raises(NotPrivate, match=rf"can be written by other users \(mode {mode:04o}\).*{mend}"):
        check_directory(tmp_path)
    assert tmp_path.stat().st_mode & 0o7777 == mode


def test_a_file_is_made_closed_whatever_the_umask_and_what_is_in_it_stays(tmp_path: Path) -> None:
    path = tmp_path / "state" / "history.db"
    before = os.umask(0)
    try:
        prepare(path)
    finally:
        os.umask(before)
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    path.write_bytes(b"kept")
    path.chmod(0o666)
    prepare(path)
    assert (path.stat().st_mode & 0o777, path.read_bytes()) == (0o600, b"kept")


def test_a_link_is_not_followed_to_change_what_it_points_at(tmp_path: Path) -> None:
    target = file(tmp_path, 0o644)
    (tmp_path / "link").symlink_to(target)
    tighten(tmp_path / "link")
    prepare(tmp_path / "link")
    assert target.stat().st_mode & 0o777 == 0o644
