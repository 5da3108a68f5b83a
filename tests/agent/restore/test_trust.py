from __future__ import annotations

import os
from pathlib import Path

import pytest

from agent.restore.trust import Keepers, exchangeable, keepers
from tests.agent.as_nobody import as_nobody

US = keepers()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    folder = tmp_path / "backup"
    folder.mkdir(mode=0o700)
    path = folder / "epns.dump"
    path.touch(mode=0o600)
    return path


def test_a_file_of_ours_in_folders_of_ours_is_trusted_also_below_tmp(file: Path) -> None:
    assert exchangeable(file, US) is None
    assert exchangeable(Path("/etc/passwd"), US) is None
    assert exchangeable(file.parent / ".." / "backup" / file.name, US) is None


@pytest.mark.parametrize("mode", [0o602, 0o620, 0o666])
def test_a_file_that_others_may_write_is_not(file: Path, mode: int) -> None:
    file.chmod(mode)
    by = Keepers(US.uids, frozenset({999999}))
    assert exchangeable(file, by) == file


def test_a_group_that_is_trusted_may_write(file: Path) -> None:
    file.chmod(0o660)
    assert exchangeable(file, Keepers(US.uids, frozenset({os.getgid()}))) is None


def test_a_folder_on_the_way_that_others_may_write_is_named(file: Path) -> None:
    file.parent.chmod(0o777)
    assert exchangeable(file, US) == file.parent
    file.parent.chmod(0o1777)  # as /tmp: others may add, and exchange nothing of ours
    assert exchangeable(file, US) is None


def test_links_are_followed_and_their_way_counts(file: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("backup/epns.dump")
    (tmp_path / "far").symlink_to(tmp_path / "link")
    assert exchangeable(tmp_path / "far", US) is None
    file.chmod(0o666)
    assert exchangeable(tmp_path / "far", US) == file
    (tmp_path / "loop").symlink_to("loop")
    with pytest.raises(OSError, match="levels of symbolic links"):
        exchangeable(tmp_path / "loop", US)


def test_what_belongs_to_somebody_else_is_not_trusted(file: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can give a file away")
    os.chown(file, 12345, 0)
    assert exchangeable(file, US) == file
    assert as_nobody(lambda: os.geteuid() in keepers("no-such-user").uids)
