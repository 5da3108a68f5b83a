from __future__ import annotations

from collections.abc import Iterable

import pytest

from checks.facts.account_files import AccountFiles
from checks.facts.mounts import Mount, Mounts, of_init
from checks.facts.permissions import Permissions
from checks.facts.world_writable import WorldWritable
from checks.security import files
from checks.verdict import Status, Verdict
from tests.checks.real import real

PASS, FAIL = Status.PASS, Status.FAIL


def one(said: object) -> Verdict:
    assert isinstance(said, Verdict)
    return said


def test_tmp_of_a_fresh_debian_lacks_noexec() -> None:
    said = one(files.tmp_options(of_init(real("debian12/mounts-nspawn.txt"))))

    assert said.status is FAIL
    assert said.measured == "/tmp tmpfs: nodev,nosuid"


def test_tmp_with_all_three_options_passes_and_none_of_its_own_fails() -> None:
    root = Mount("ext4", ("rw",))
    good = Mounts({"/": root, "/tmp": Mount("tmpfs", ("nodev", "noexec", "nosuid", "rw"))})

    assert one(files.tmp_options(good)).status is PASS
    assert one(files.tmp_options(Mounts({"/": root}))).status is FAIL


@pytest.mark.parametrize(
    ("path", "mode", "group", "status"),
    [
        ("/etc/passwd", 0o644, "root", PASS),
        ("/etc/passwd", 0o664, "root", FAIL),
        ("/etc/shadow", 0o640, "shadow", PASS),
        ("/etc/shadow", 0o000, "root", PASS),
        ("/etc/shadow", 0o644, "root", FAIL),
        ("/etc/gshadow-", 0o640, "users", FAIL),
        ("/etc/group-", 0o600, "root", PASS),
    ],
)
def test_account_files_are_judged_one_by_one(path: str, mode: int, group: str, status: Status) -> None:
    said = files.account_files(AccountFiles((Permissions(path, mode, "root", group),)))
    assert isinstance(said, Iterable)
    verdicts = list(said)

    assert [verdict.status for verdict in verdicts] == [status]
    assert verdicts[0].subject == path


def test_one_writable_file_fails_and_its_directory_is_named() -> None:
    assert one(files.world_writable(WorldWritable(("/home/appserv",), 0, 0))).status is PASS
    said = one(files.world_writable(WorldWritable(("/home/appserv",), 1, 0, ("/home/appserv/spse/conf",))))

    assert said.status is FAIL
    assert said.value == 1
    assert "/home/appserv/spse/conf" in said.measured.id  # type: ignore[union-attr]


def test_a_host_without_spse_and_web_directories_is_not_meant() -> None:
    assert files.world_writable.absent is Status.NOT_APPLICABLE
