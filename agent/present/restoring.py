"""Progress on the terminal while a backup is restored: the steps stay, the bar of the step that takes long vanishes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeElapsedColumn

from checks.text import Language, Text


@contextmanager
def restoring(language: Language) -> Iterator[tuple[Callable[[str], None], Callable[[int, int], None]]]:
    """Yields what to call with each step's sentence, and with (done, total) in bytes. All on stderr."""
    console = Console(stderr=True, highlight=False)
    label = Text("cadangan dibaca", "backup read").in_(language)
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(binary_units=True), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(label, total=None)
        yield (
            lambda sentence: console.print(sentence, markup=False, soft_wrap=True),
            lambda done, total: bar.update(task, completed=done, total=total),
        )
