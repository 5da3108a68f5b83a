"""Processes whose program lies where anyone may write, or is gone from the disk."""

from __future__ import annotations

from dataclasses import dataclass

from checks.fact import Fact, reads
from checks.facts.processes import PROCESSES, Process, ProcessTable
from checks.facts.visible_processes import all_of

MOST = 20
ANYONE_WRITES = ("/tmp/", "/var/tmp/", "/dev/shm/", "/run/user/", "/run/lock/")  # noqa: S108 - looked for, not used
MEMORY = "/memfd:"
RUNC = "/memfd:runc_cloned"  # runc copies itself into memory while it starts a container
SCRIPT_RUNNERS = ("sh", "bash", "dash", "ksh", "zsh", "perl", "python", "php", "ruby", "node", "lua")


class SuspiciousProcesses(Fact, frozen=True):
    """Processes seen, and of them as "name (path)", at most 20 each, sorted. Never absent.

    `volatile`: the program lies in /tmp, /dev/shm and the like, or only in memory. `scripts`: an interpreter runs a
    script from there. `outdated`: an ordinary program that was deleted or replaced on disk, as after an update.
    `hidden`: processes whose program this reader may not see.
    """

    seen: int
    hidden: int = 0
    volatile: tuple[str, ...] = ()
    scripts: tuple[str, ...] = ()
    outdated: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Kinds:
    volatile: set[str]
    scripts: set[str]
    outdated: set[str]


@reads(PROCESSES, root=True)
def suspicious_processes(table: ProcessTable) -> SuspiciousProcesses:
    processes = all_of(table)
    kinds, hidden = _Kinds(set(), set(), set()), 0
    for process in processes:
        if process.exe:
            _sort(process, kinds)
        elif process.argv:  # a thread of the kernel has no arguments
            hidden += 1
    return SuspiciousProcesses(
        len(processes), hidden, _some(kinds.volatile), _some(kinds.scripts), _some(kinds.outdated)
    )


def _sort(process: Process, kinds: _Kinds) -> None:
    name = f"{process.name[:32]} ({process.exe[:80]})"
    if process.exe.startswith(RUNC):
        return
    if process.exe.startswith((*ANYONE_WRITES, MEMORY)):
        kinds.volatile.add(name)
    elif process.deleted:
        kinds.outdated.add(name)
    elif process.exe.rsplit("/", 1)[-1].rstrip("0123456789.").removesuffix("-fpm") in SCRIPT_RUNNERS:
        script = next((word for word in process.argv[1:] if not word.startswith("-")), "")
        if script.startswith(ANYONE_WRITES):
            kinds.scripts.add(f"{process.name[:32]} ({script[:80]})")


def _some(names: set[str]) -> tuple[str, ...]:
    return tuple(sorted(names)[:MOST])
