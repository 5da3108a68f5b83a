"""Progress on the terminal while a survey runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from checks.text import Language, Text


@contextmanager
def showing(language: Language) -> Iterator[Callable[[int, int], None]]:
    """A bar on stderr that vanishes at the end; yields the function to call with (done, total)."""
    label = Text("Membaca fakta", "Reading facts").in_(language)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(label, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
