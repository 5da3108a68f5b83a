"""Paragraphs on a terminal: wrapped, indented, without a blank at any line's end, and never marked up by what they show."""

from __future__ import annotations

import os

from rich.console import Console
from rich.text import Text as Line

WIDTH_WITHOUT_TERMINAL = 110
WIDEST = 120  # longer lines are hard to read, however wide the terminal is


def console() -> Console:
    """Standard output. Colours only where it is a terminal."""
    made = Console(highlight=False, markup=False, emoji=False)
    if not made.is_terminal and "COLUMNS" not in os.environ:
        return Console(highlight=False, markup=False, emoji=False, width=WIDTH_WITHOUT_TERMINAL)
    return made


def paragraph(to: Console, text: Line, indent: int = 0, hang: int | None = None) -> None:
    """Print `text`: its first line after `indent` blanks, the others after `hang`."""
    hang = indent if hang is None else hang
    room = max(20, min(to.width, WIDEST) - max(indent, hang))
    for number, line in enumerate(text.wrap(to, room)):
        line.rstrip()
        shown = Line(" " * (hang if number else indent))
        shown.append_text(line)
        to.print(shown, no_wrap=True, overflow="ignore", crop=False)
