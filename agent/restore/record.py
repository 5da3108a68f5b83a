"""Keeps what came of the last restore test, where the next survey finds it, and what the tools said, for whoever mends it.

Laws:
- Written as the owner of the state directory, not as root: in somebody else's folder root follows no link and changes no owner.
- The record has no sentence of PostgreSQL's; the log has, is for root and the agent only, and never leaves this server.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from agent.files import replace
from agent.private import check_directory
from checks.facts.restore_test import RECORD, RestoreTest

FILE = Path(RECORD).name
LOG = "restore_test.log"


def ready(state: Path) -> None:
    """Make the state directory if need be. Raises NotPrivate if others may write in it, OSError."""
    state.mkdir(mode=0o700, parents=True, exist_ok=True)
    check_directory(state)


def keep(state: Path, test: RestoreTest, said: Sequence[str]) -> Path:
    """Replace record and log; returns the record. Raises OSError."""
    with _owner_of(state):
        replace(state / LOG, "".join(f"{line}\n" for line in said).encode())
        replace(state / FILE, msgspec.json.encode(test))
    return state / FILE


@contextlib.contextmanager
def _owner_of(state: Path) -> Iterator[None]:
    """Be the owner of `state` meanwhile, if we are root."""
    owner = state.stat()
    if os.geteuid() != 0 or owner.st_uid == 0:
        yield
        return
    group = os.getegid()
    os.setegid(owner.st_gid)
    os.seteuid(owner.st_uid)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(group)
