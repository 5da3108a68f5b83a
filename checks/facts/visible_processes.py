"""The process table, refused where /proc shows a user only their own processes (mount option hidepid)."""

from __future__ import annotations

from checks.fact import Missing
from checks.facts.privilege import hidden_from
from checks.facts.processes import Process, ProcessTable
from checks.text import Text


def all_of(table: ProcessTable) -> tuple[Process, ...]:
    """All processes of `table`. Raises Missing where process 1 is not among them: then others are hidden too."""
    if not any(one.pid == 1 for one in table.processes):
        reason = hidden_from(root=table.root)
        raise Missing(
            Text(
                f"proses milik pengguna lain tersembunyi; {reason.id}",
                f"the processes of other users are hidden; {reason.en}",
            )
        )
    return table.processes
