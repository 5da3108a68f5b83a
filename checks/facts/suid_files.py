"""Files that run with another account's rights (setuid, setgid), on every local file system.

Law: a file's name can add an item or change one, never take one away.
"""

from __future__ import annotations

import re

from checks.baseline import Approved, Listed, listed
from checks.fact import After, Fact, Missing, reads
from checks.facts.items import item, summed
from checks.source import Command, File, Register, Source
from checks.text import Text

LOCAL = frozenset({"bcachefs", "btrfs", "ext2", "ext3", "ext4", "f2fs", "jfs", "reiserfs", "tmpfs", "xfs", "zfs"})
ROOTS = LOCAL | {"overlay", "squashfs", "erofs"}  # what `/` itself may be: a container's, a live system's
IMAGES = ("/var/lib/containerd", "/var/lib/containers", "/var/lib/docker")  # whole systems of others, that come and go
HASHED = 20 << 10  # KiB; a larger file is known by its size and time
SEEN = re.compile(r"s ([0-7]{1,5}) (\S+) (\S+) (\d+) (\S+) (/.*)")


class LocalMounts(Fact, frozen=True):
    """Where local file systems are mounted that honour setuid; `/` always. Never absent."""

    paths: tuple[str, ...]


class SuidFiles(Listed, frozen=True):
    """Every setuid or setgid file: path, mode, owner:group, digest. Never absent. Images of containers are left out,
    and file systems that are mounted nosuid or lie on another machine.
    """


class ApprovedSuidFiles(Approved, frozen=True):
    """What of `SuidFiles` a person approved. Absent: nothing yet."""


@reads(File("/proc/self/mounts"))
def local_mounts(text: str) -> LocalMounts:
    kinds: dict[str, tuple[str, str]] = {}
    for line in text.splitlines():
        fields = line.split(" ")
        if len(fields) != 6 or not fields[1].startswith("/"):
            raise Missing(
                Text(
                    f"daftar mount tidak dapat dibaca: {line[:60]!r}",
                    f"the list of mounts cannot be read: {line[:60]!r}",
                )
            )
        path = re.sub(r"\\([0-7]{3})", lambda octal: chr(int(octal[1], 8)), fields[1])
        kinds[path] = fields[2], fields[3]  # the last mount on a path hides the earlier ones
    if kinds.get("/", ("", ""))[0] not in ROOTS:
        raise Missing(Text("sistem berkas / bukan sistem berkas lokal", "the file system at / is not a local one"))
    paths = [
        path
        for path, (kind, options) in sorted(kinds.items())
        if kind in LOCAL
        and "nosuid" not in options.split(",")
        and path != "/"
        and not any(path.startswith(f"{one}/") for one in IMAGES)
    ]
    return LocalMounts(("/", *paths))


def find(mounts: LocalMounts) -> Source[str]:
    """One walk over the local file systems: a line for the walk itself, then one for each file and its digest."""
    pruned: list[str] = []
    for path in IMAGES:
        pruned += ["-o", "-path", path]
    return Command(
        (
            "find", *mounts.paths, "-xdev", "-ignore_readdir_race",
            "(", "-path", "/", "-printf", r"s 0 - - 0 - /\n", "-false", ")", "-o",
            "(", *pruned[1:], ")", "-prune", "-o",
            "-type", "f", "-perm", "/6000", "-printf", r"s %m %u %g %s %T+ %p\n",
            "-size", f"-{HASHED}k", "-exec", "sha256sum", "{}", "+",
        ),
        timeout=900, max_bytes=8 << 20, heavy=True,
    )  # fmt: skip


@reads(
    After(LocalMounts, "command find LOCAL-FILE-SYSTEMS -xdev -type f -perm /6000 -exec sha256sum {} +", find),
    root=True,
)
def suid_files(printed: str) -> SuidFiles:
    lines = printed.removesuffix("\n").split("\n")
    if lines[0] != "s 0 - - 0 - /":
        raise Missing(Text("find tidak mencapai /", "find did not reach /"))
    seen: dict[str, str] = {}
    sums: dict[str, set[str]] = {}
    last = ""
    for line in lines[1:]:
        if one := summed(line):
            sums.setdefault(one[0], set()).add(one[1])
        elif found := SEEN.fullmatch(line):
            last = found[6]
            seen[last] = f"{found[1].zfill(4)} {found[2]}:{found[3]}\0{found[4]} {found[5]}"
        elif last:  # the rest of a name that holds a line break
            seen[f"{last}\n{line}"] = seen.pop(last, "?\0?")
            last = f"{last}\n{line}"
        else:
            raise Missing(Text(f"keluaran find tidak dikenali: {line[:60]!r}", f"find printed {line[:60]!r}"))
    items = []
    for path in seen.keys() | sums.keys():
        rights, _, size_and_time = seen.get(path, "?\0?").partition("\0")
        items += [item(path, rights, said) for said in sorted(sums.get(path, {size_and_time}))]
    return listed(SuidFiles, items)


@reads(Register("approved_suid_files", ApprovedSuidFiles))
def approved_suid_files(approved: ApprovedSuidFiles) -> ApprovedSuidFiles:
    return approved
