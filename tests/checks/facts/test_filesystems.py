from __future__ import annotations

import os
import shutil

import pytest

from agent.hosts.local import LocalHost
from agent.survey import Survey
from checks.facts.filesystems import DiskActivity, Filesystems
from tests.checks.facts.here import read


def test_the_file_system_of_the_root_has_the_size_that_df_shows() -> None:
    root = next(one for one in read(Filesystems).filesystems if one.mount == "/")
    usage, inodes = shutil.disk_usage("/"), os.statvfs("/")

    assert root.size == usage.total
    assert abs(root.free - usage.free) < 1 << 30  # others write meanwhile
    assert root.inodes == inodes.f_files
    assert 0 <= root.inodes_free <= root.inodes
    assert 0 < root.used + root.free <= root.size


def test_only_what_stores_data_counts_and_each_only_once() -> None:
    found = read(Filesystems).filesystems

    assert [one.mount for one in found] == sorted({one.mount for one in found})
    assert not {"proc", "sysfs", "devpts", "cgroup2", "squashfs"} & {one.kind for one in found}
    assert all(one.size > 0 for one in found)


def test_disks_are_busy_for_no_more_than_all_of_the_time() -> None:
    outcome = Survey(LocalHost()).outcome(DiskActivity)
    if outcome.fact is None:
        pytest.skip(f"no disk that the kernel counts: {outcome.absent or outcome.missing}")
    activity = outcome.fact

    assert isinstance(activity, DiskActivity)
    assert activity.window >= 0.5
    assert all(0 <= disk.busy <= 1 and disk.wait >= 0 and disk.operations >= 0 for disk in activity.disks)
    assert len({disk.name for disk in activity.disks}) == len(activity.disks)
