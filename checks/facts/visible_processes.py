"""The process table, refused where /proc shows a user only their own processes (mount option hidepid)."""

from __future__ import annotations

from checks.fact import Missing
from checks.facts.processes import Process, ProcessTable
from checks.text import Text


def all_of(table: ProcessTable) -> tuple[Process, ...]:
    """All processes of `table`. Raises Missing where process 1 is not among them: then others are hidden too."""
    if not any(one.pid == 1 for one in table.processes):
        raise Missing(
            Text(
                "proses milik pengguna lain tersembunyi; jalankan sebagai root",
                "the processes of other users are hidden; run as root to see them",
            )
        )
    return table.processes
