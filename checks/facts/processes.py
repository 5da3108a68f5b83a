"""The process table: raw material for other facts, never sent as it is (command lines can hold secrets)."""

from __future__ import annotations

from dataclasses import dataclass

from checks.source import Usage


@dataclass(frozen=True)
class Process:
    """One process. `exe` is empty where the reader may not see it; `deleted`: its binary is gone from the disk.

    `started` is in seconds since the epoch; `files` is its number of open files and `file_limit` its soft limit, both
    None where the reader may not see them, and for all but services (counting costs a look into /proc for each file).
    """

    pid: int
    parent: int
    name: str
    user: str
    exe: str
    deleted: bool
    argv: tuple[str, ...]
    started: float
    files: int | None = None
    file_limit: int | None = None


@dataclass(frozen=True)
class ProcessTable:
    """All processes at one moment. `root`: they were read as root."""

    processes: tuple[Process, ...]
    root: bool = False


PROCESSES = Usage(ProcessTable)
