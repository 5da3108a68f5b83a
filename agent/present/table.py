"""The table on the terminal: grouped by standard, worst first, what to do under what fails."""

from __future__ import annotations

import os

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table

from agent.present import ORDER, SEVERITY_WORDS, STANDING_WORDS, STATUS_WORDS, Presentation
from checks.text import Text
from checks.verdict import Result, Status

SIGN = {Status.PASS: "✓", Status.WARN: "!", Status.FAIL: "✗", Status.UNKNOWN: "?", Status.NOT_APPLICABLE: "–"}
STYLE = {
    Status.PASS: "green",
    Status.WARN: "yellow",
    Status.FAIL: "bold red",
    Status.UNKNOWN: "magenta",
    Status.NOT_APPLICABLE: "dim",
}
QUIET = {Status.PASS, Status.NOT_APPLICABLE}
WIDTH_WITHOUT_TERMINAL = 110


def show(shown: Presentation, *, everything: bool) -> None:
    """Print the audit on stdout. Without `everything`, what passes is only counted."""
    console = Console(highlight=False, soft_wrap=False)
    if not console.is_terminal and "COLUMNS" not in os.environ:
        console = Console(highlight=False, width=WIDTH_WITHOUT_TERMINAL)
    for letter, results in shown.by_standard.items():
        _standard(console, shown, letter, results, everything)
    _summary(console, shown, everything)


def _standard(
    console: Console,
    shown: Presentation,
    letter: str,
    results: tuple[Result, ...],
    everything: bool,
) -> None:
    if letter:
        standard, tally = shown.standards[letter], shown.tallies[letter]
        standing = shown.say(STANDING_WORDS[tally.standing.value])
        coverage = Text("cakupan", "coverage").in_(shown.language)
        heading = f"{letter} · {shown.say(standard.title)}"
        console.print(f"\n[bold]{escape(heading)}[/bold]  [dim]{standing}, {coverage} {tally.coverage:.0%}[/dim]")
    else:
        console.print()
    table = Table(box=None, show_header=False, padding=(0, 1, 0, 0), pad_edge=False)
    table.add_column(width=1)
    table.add_column(no_wrap=True)
    table.add_column(ratio=2, overflow="fold")
    table.add_column(ratio=3, overflow="fold")
    for result in results:
        if everything or result.status not in QUIET:
            _row(table, shown, result)
    if table.row_count:
        console.print(Padding(table, (0, 0, 0, 2)))
    hidden = sum(result.status in QUIET for result in results)
    if hidden and not everything:
        passed = sum(result.status is Status.PASS for result in results)
        said = Text(
            f"{passed} lulus, {hidden - passed} tidak berlaku", f"{passed} pass, {hidden - passed} not applicable"
        )
        console.print(f"  [dim]✓ {shown.say(said)}[/dim]")


def _row(table: Table, shown: Presentation, result: Result) -> None:
    check, style = shown.check(result), STYLE[result.status]
    title = escape(shown.say(check.title))
    if result.subject:
        title += f" [dim]({escape(result.subject)})[/dim]"
    measured = escape(shown.say(result.measured))
    if result.status in {Status.FAIL, Status.WARN} and result.expected:
        label = Text("seharusnya", "expected").in_(shown.language)
        measured += f" [dim]· {label} {escape(shown.say(result.expected))}[/dim]"
    severity = ""
    if result.status is Status.FAIL:
        severity = f" [dim]{shown.say(SEVERITY_WORDS[check.severity])}[/dim]"
    table.add_row(
        f"[{style}]{SIGN[result.status]}[/{style}]", f"[{style}]{check.code}[/{style}]{severity}", title, measured
    )
    if result.status is Status.FAIL:
        table.add_row("", "", "", f"[cyan]→ {escape(shown.say(check.remedy))}[/cyan]")


def _summary(console: Console, shown: Presentation, everything: bool) -> None:
    counts = ", ".join(
        f"[{STYLE[status]}]{shown.counts[status]} {shown.say(STATUS_WORDS[status])}[/{STYLE[status]}]"
        for status in ORDER
    )
    console.print(f"\n[bold]{escape(shown.hostname)}[/bold]: {counts}")
    if shown.counts[Status.UNKNOWN] and os.geteuid() != 0:
        said = Text(
            "Dijalankan tanpa root: sebagian fakta tidak terbaca. Ulangi dengan `sudo pantau-agent check`.",
            "Run without root: some facts could not be read. Repeat with `sudo pantau-agent check`.",
        )
        console.print(f"[yellow]{shown.say(said)}[/yellow]")
    hints = Text(
        "Penjelasan: pantau-agent check --explain KODE" + ("" if everything else " · semua hasil: --all"),
        "Explain one: pantau-agent check --explain CODE" + ("" if everything else " · all results: --all"),
    )
    console.print(f"[dim]{shown.say(hints)}[/dim]")
