from __future__ import annotations

from collections.abc import Iterable

import pytest

from checks.capacity import disk
from checks.facts.filesystems import Disk, DiskActivity, Filesystem, Filesystems
from checks.text import words
from checks.verdict import Status, Verdict

GIB = 1 << 30


def statuses(verdicts: Verdict | Iterable[Verdict]) -> dict[str, Status]:
    assert not isinstance(verdicts, Verdict)
    return {verdict.subject: verdict.status for verdict in verdicts}


def mount(path: str, used: int, free: int, inodes: int = 100, inodes_free: int = 50) -> Filesystem:
    return Filesystem(path, f"/dev{path}", "ext4", 100 * GIB, used * GIB, free * GIB, inodes, inodes_free)


def test_each_mount_is_judged_by_what_an_ordinary_process_can_still_write() -> None:
    mounts = Filesystems((mount("/", 50, 50), mount("/home", 85, 15), mount("/var", 90, 10), mount("/x", 0, 0)))

    assert statuses(disk.space(mounts)) == {
        "/": Status.PASS, "/home": Status.WARN, "/var": Status.FAIL, "/x": Status.UNKNOWN,
    }  # fmt: skip


def test_inodes_are_judged_where_there_is_a_number_of_them() -> None:
    mounts = Filesystems((mount("/", 1, 9, 100, 50), mount("/var", 1, 9, 100, 5), mount("/b", 1, 9, 0, 0)))

    assert statuses(disk.inodes(mounts)) == {"/": Status.PASS, "/var": Status.FAIL, "/b": Status.NOT_APPLICABLE}


def test_disks_are_judged_and_not_their_partitions() -> None:
    activity = DiskActivity(
        60.0,
        (
            Disk("sda", 100, 0.005, 0.2),
            Disk("sda1", 100, 0.9, 1.0),
            Disk("nvme0n1", 100, 0.09, 0.2),
            Disk("nvme0n1p2", 100, 0.09, 0.2),
            Disk("vdb", 5, 0.2, 0.5),
            Disk("vdc", 5, 0.2, 0.9),
            Disk("xvda1", 100, 0.01, 0.1),
        ),
    )

    assert statuses(disk.speed(activity)) == {
        "sda": Status.PASS, "nvme0n1": Status.FAIL, "vdb": Status.PASS, "vdc": Status.FAIL, "xvda1": Status.PASS,
    }  # fmt: skip


@pytest.mark.parametrize(("size", "said"), [(0, "0 B"), (1536, "1.5 KiB"), (5 * GIB, "5 GiB"), (3 << 40, "3 TiB")])
def test_sizes_are_told_in_a_unit_people_read(size: int, said: str) -> None:
    assert disk.amount(size) == said


def test_a_short_sample_of_a_disk_warns_at_most_and_says_what_it_is() -> None:
    (said,) = disk.speed(DiskActivity(0.5, (Disk("sda", 100, 0.9, 1.0),)))  # type: ignore[misc]

    assert said.status is Status.WARN
    assert "contoh singkat 0.5 detik" in words(said.measured, "id")
