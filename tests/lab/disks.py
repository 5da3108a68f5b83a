"""Disks of the laboratory's hosts: ext4 in files, so that they can be file systems of their own, and be full.

Law: what an interrupted run left mounted is unmounted before anything below it is removed.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Disk:
    """A file system of `mebibytes` at `mount` (absolute, in the host); `inodes` at the most, 0: as many as usual."""

    mount: str
    mebibytes: int
    inodes: int = 0


def insert(disks: Iterable[Disk], root: Path, folder: Path) -> None:
    """Put each disk in its place below `root`, with what stood there. Their files go to `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, disk in enumerate(disks):
        image, place, beside = folder / f"{number}.ext4", root / disk.mount.lstrip("/"), folder / f"{number}"
        with image.open("wb") as file:
            file.truncate(disk.mebibytes << 20)
        inodes = ["-N", str(disk.inodes)] if disk.inodes else []
        _run("mkfs.ext4", "-q", "-F", "-m", "0", "-O", "^has_journal", *inodes, str(image))
        beside.mkdir()
        _run("mount", "-o", "loop", str(image), str(beside))
        (beside / "lost+found").rmdir()
        _run("cp", "-a", f"{place}/.", str(beside))
        _run("mount", "--move", str(beside), str(place))


def release(below: Path) -> None:
    """Unmount everything at or below `below`, the last mounted first."""
    for line in reversed(Path("/proc/self/mounts").read_text(encoding="utf-8").splitlines()):
        place = Path(line.split(" ")[1])
        if place == below or below in place.parents:
            subprocess.run(["umount", str(place)], check=False)


def _run(*argv: str) -> None:
    subprocess.run(argv, check=True, stdout=subprocess.DEVNULL)
