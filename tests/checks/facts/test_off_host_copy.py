from __future__ import annotations

import os
from pathlib import Path

from agent.hosts.local import LocalHost
from checks.facts.filesystems import Filesystem, Filesystems
from checks.facts.off_host_copy import OffHostCopy, off_host_copy
from tests.checks.trees import plant

OLD, NEW = 1.76e9, 1.763e9


def mounted(kind: str, mount: str = "/mnt/nas") -> Filesystems:
    root = Filesystem("/", "/dev/vda1", "ext4", 9, 1, 8, 9, 9)
    return Filesystems((root, Filesystem(mount, "nas:/x", kind, 9, 1, 8, 9, 9)))


def seen(root: Path, filesystems: Filesystems) -> OffHostCopy:
    plant(root, "/etc/passwd", "root:x:0:0\n")
    host = LocalHost(str(root))
    return off_host_copy(*[host.read(source) for source in off_host_copy.sources[:3]], filesystems)


def at(root: Path, path: str, moment: float, content: str = "x") -> None:
    os.utime(plant(root, path, content), (moment, moment))


def test_stamps_say_when_a_copy_left_host_and_site(tmp_path: Path) -> None:
    at(tmp_path, "/backup/off-host.stamp", NEW, "")
    at(tmp_path, "/backup/offsite.stamp", OLD, "")
    at(tmp_path, "/backup/epns_prod.dump", NEW + 9)
    assert seen(tmp_path, mounted("ext4")) == OffHostCopy(NEW, OLD, False)


def test_what_left_the_site_left_the_host(tmp_path: Path) -> None:
    at(tmp_path, "/backup/luar-lokasi.stamp", NEW)
    assert seen(tmp_path, mounted("ext4")) == OffHostCopy(NEW, NEW, False)


def test_a_dump_on_network_storage_is_off_the_host(tmp_path: Path) -> None:
    at(tmp_path, "/mnt/nas/backup/epns_prod-1.dump", OLD)
    at(tmp_path, "/mnt/nas/backup/epns_prod-2.dump", NEW)
    at(tmp_path, "/mnt/nas/backup/epns_prod-3.dump", NEW + 9, "")  # empty
    assert seen(tmp_path, mounted("nfs4")) == OffHostCopy(NEW, None, True)
    assert seen(tmp_path, mounted("ext4")) == OffHostCopy(None, None, False)
    assert seen(tmp_path, mounted("nfs4", "/mnt/na")) == OffHostCopy(None, None, False)


def test_without_a_sign_nothing_is_known(tmp_path: Path) -> None:
    at(tmp_path, "/backup/epns_prod.dump", NEW)
    at(tmp_path, "/backup/off-host.log", NEW)
    assert seen(tmp_path, mounted("nfs4")) == OffHostCopy()
