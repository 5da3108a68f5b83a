"""Processes whose program lies where anyone may write, or is gone from the disk."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

import msgspec

from checks.fact import Fact, reads
from checks.facts.processes import PROCESSES, Process, ProcessTable
from checks.facts.visible_processes import all_of

MOST = 20
ANYONE_WRITES = ("/tmp/", "/var/tmp/", "/dev/shm/", "/run/user/", "/run/lock/")  # noqa: S108 - looked for, not used
MEMORY = "/memfd:"
RUNC = "/memfd:runc_cloned"  # runc copies itself into memory while it starts a container
SCRIPT_RUNNERS = ("sh", "bash", "dash", "ksh", "zsh", "perl", "python", "php", "ruby", "node", "lua")


class Suspect(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The oldest of the processes of one user with one program: `path` is that of the program or script, never arguments.

    `processes`: how many there are. `deleted`: the file is gone from the disk.
    """

    pid: int
    user: str
    path: str
    started: datetime
    deleted: bool = False
    processes: int = 1

    @property
    def in_memory(self) -> bool:
        """Is the program a memfd: a file in memory that has never been on a disk?"""
        return self.path.startswith(MEMORY)


class SuspiciousProcesses(Fact, frozen=True):
    """How many processes were seen, and which of them are odd: at most 20 of each kind, oldest first. Never absent.

    `volatile`: the program lies in /tmp, /dev/shm and the like, or only in memory. `scripts`: an interpreter runs a
    script from there. `outdated`: an ordinary program that was deleted or replaced on disk, as after an update.
    `hidden`: processes whose program this reader, `root` or not, may not see.
    """

    seen: int
    hidden: int = 0
    volatile: tuple[Suspect, ...] = ()
    scripts: tuple[Suspect, ...] = ()
    outdated: tuple[Suspect, ...] = ()
    root: bool = False


@dataclass(frozen=True)
class _Kinds:
    volatile: list[Suspect] = field(default_factory=list)
    scripts: list[Suspect] = field(default_factory=list)
    outdated: list[Suspect] = field(default_factory=list)


@reads(PROCESSES, root=True)
def suspicious_processes(table: ProcessTable) -> SuspiciousProcesses:
    processes = all_of(table)
    kinds, hidden = _Kinds(), 0
    for process in processes:
        if process.exe:
            _sort(process, kinds)
        elif process.argv:  # a thread of the kernel has no arguments
            hidden += 1
    return SuspiciousProcesses(
        len(processes), hidden, _some(kinds.volatile), _some(kinds.scripts), _some(kinds.outdated), table.root
    )


def _sort(process: Process, kinds: _Kinds) -> None:
    if process.exe.startswith(RUNC):
        return
    if process.exe.startswith((*ANYONE_WRITES, MEMORY)):
        kinds.volatile.append(_suspect(process, process.exe, deleted=process.deleted))
    elif process.deleted:
        kinds.outdated.append(_suspect(process, process.exe, deleted=True))
    elif process.exe.rsplit("/", 1)[-1].rstrip("0123456789.").removesuffix("-fpm") in SCRIPT_RUNNERS:
        script = next((word for word in process.argv[1:] if not word.startswith("-")), "")
        if script.startswith(
            ANYONE_WRITES
        ):  # after -c it is a whole command line: what follows a blank can be a password
            kinds.scripts.append(_suspect(process, script.split()[0], deleted=False))


def _suspect(process: Process, path: str, *, deleted: bool) -> Suspect:
    started = datetime.fromtimestamp(round(process.started), UTC)
    return Suspect(process.pid, process.user[:32], path[:80], started, deleted)


def _some(found: list[Suspect]) -> tuple[Suspect, ...]:
    groups: dict[tuple[str, str], list[Suspect]] = {}
    for one in sorted(found, key=lambda one: (one.started, one.pid)):
        groups.setdefault((one.user, one.path), []).append(one)
    return tuple(msgspec.structs.replace(group[0], processes=len(group)) for group in groups.values())[:MOST]
