"""The audit on the terminal: grouped by standard, worst first, what to do under what fails.

Laws:
- Nothing is said twice: one remedy for all subjects of a check, one line for all checks that cannot tell for one reason.
- Who comes at the end sees the worst: the summary names the failures to begin with.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from itertools import groupby

from rich.console import Console
from rich.text import Text as Line

from agent.present import BEGIN, MOST_URGENT, Presentation, more_urgent
from agent.present.lines import console as terminal
from agent.present.lines import paragraph
from checks.text import Text
from checks.verdict import Result, Status
from checks.words import SEVERITY_WORDS, STATUS_SIGNS, STATUS_WORDS, STATUSES

STYLE = {
    Status.PASS: "green",
    Status.WARN: "yellow",
    Status.FAIL: "bold red",
    Status.UNKNOWN: "magenta",
    Status.NOT_APPLICABLE: "dim",
}
QUIET = {Status.PASS, Status.NOT_APPLICABLE}
BODY = 6  # blanks before what stands under a heading of a check


def show(shown: Presentation, *, everything: bool) -> None:
    """Print the audit on stdout. Without `everything`, what passes is only counted."""
    console = terminal()
    for letter, results in shown.by_standard.items():
        _heading(console, shown, letter)
        for code, group in groupby(results, key=lambda one: (one.status, one.check)):
            if code[0] is not Status.UNKNOWN and (everything or code[0] not in QUIET):
                _check(console, shown, list(group))
        _unknown(console, shown, [one for one in results if one.status is Status.UNKNOWN])
        if not everything:
            _quiet(console, shown, results)
    _summary(console, shown, everything)


def _heading(console: Console, shown: Presentation, letter: str) -> None:
    console.print()
    if not letter:
        title = Text("Di luar standar", "Under no standard").in_(shown.language)
        paragraph(console, Line(title, style="bold"))
        return
    line = Line(f"{letter} · {shown.say(shown.standards[letter].title)}", style="bold")
    paragraph(console, Line.assemble(line, (f"  {shown.standing(letter)}", "not bold dim")))


def _check(console: Console, shown: Presentation, results: Sequence[Result]) -> None:
    """All results of one check that have one status."""
    first = results[0]
    check, status = shown.check(first), first.status
    line = Line(f"{STATUS_SIGNS[status]} {check.code} ", style=STYLE[status])
    if status is Status.FAIL:
        line.append(f"{shown.say(SEVERITY_WORDS[check.severity])} · ", style="not bold")
    line.append(shown.headline(first), style="not bold default" if status is not Status.NOT_APPLICABLE else "")
    if status in QUIET and len(results) == 1 and not first.subject:
        line.append_text(Line(f" · {shown.say(first.measured)}", style="dim"))
        paragraph(console, line, 2, BODY)
        return
    paragraph(console, line, 2, BODY)
    expected = [shown.say(one.expected) for one in results]
    same = len(set(expected)) == 1
    for number, result in enumerate(results):
        body = Line()
        if result.subject:
            body.append(f"{shown.subject(result)}: ", style="bold")
        body.append(shown.say(result.measured))
        if status not in QUIET and expected[number] and (not same or number == len(results) - 1):
            label = Text("seharusnya", "expected").in_(shown.language)
            body.append(f" · {label} {expected[number]}", style="dim")
        paragraph(console, body, BODY, BODY + 2 * bool(result.subject))
    if status is Status.FAIL:
        paragraph(console, Line(f"→ {shown.say(check.remedy)}", style="cyan"), BODY, BODY + 2)


def _unknown(console: Console, shown: Presentation, results: Sequence[Result]) -> None:
    """What could not be determined, by reason: forty checks may wait for one database."""
    reasons: dict[str, list[Result]] = {}
    for result in results:
        reasons.setdefault(shown.say(result.measured), []).append(result)
    for reason, group in reasons.items():
        line = Line(f"{STATUS_SIGNS[Status.UNKNOWN]} ", style=STYLE[Status.UNKNOWN])
        if len(group) == 1:
            line.append(f"{group[0].check} ")
            line.append(_named(shown, group[0]), style="default")
        else:
            number = len({one.check for one in group})
            said = shown.say(Text(f"{number} pemeriksaan", f"{number} check{'s' * (number > 1)}"))
            codes = ", ".join(dict.fromkeys(one.check + _of(shown, one) for one in group))
            line.append(f"{said}: {codes}")
        paragraph(console, line, 2, BODY)
        paragraph(console, Line(reason), BODY)


def _named(shown: Presentation, result: Result) -> str:
    return shown.headline(result) + _of(shown, result)


def _of(shown: Presentation, result: Result) -> str:
    return f" ({shown.subject(result)})" if result.subject else ""


def _quiet(console: Console, shown: Presentation, results: Sequence[Result]) -> None:
    counts = shown.tallied({one.check for one in results})
    passed, other = counts[Status.PASS], counts[Status.NOT_APPLICABLE]
    said = [Text(f"{passed} lulus", f"{passed} pass")] * bool(passed)
    said += [Text(f"{other} tidak berlaku", f"{other} not applicable")] * bool(other)
    if said:
        sign = STATUS_SIGNS[Status.PASS if passed else Status.NOT_APPLICABLE]
        paragraph(console, Line(f"{sign} {', '.join(map(shown.say, said))}", style="dim"), 2)


def _summary(console: Console, shown: Presentation, everything: bool) -> None:
    console.print()
    if len(shown.urgent) > 1:
        paragraph(console, Line(shown.say(BEGIN), style="bold"))
        for check in shown.urgent[:MOST_URGENT]:
            title = (f" {shown.say(SEVERITY_WORDS[check.severity])} · {shown.say(check.breach)}", "not bold default")
            sign = (f"{STATUS_SIGNS[Status.FAIL]} {check.code}", STYLE[Status.FAIL])
            paragraph(console, Line.assemble(sign, title), 2, BODY)
        if (more := len(shown.urgent) - MOST_URGENT) > 0:
            paragraph(console, Line(shown.say(more_urgent(more)), style="dim"), BODY)
        console.print()
    counts = Line(", ").join(
        Line(f"{shown.counts[status]} {shown.say(STATUS_WORDS[status])}", style=STYLE[status]) for status in STATUSES
    )
    paragraph(console, Line.assemble((shown.host, "bold"), f": {shown.counted}: ", counts))
    if shown.legend:
        paragraph(console, Line(shown.legend, style="dim"))
    policy = Text(f"Kebijakan: {shown.policy}", f"Policy: {shown.policy}")
    if shown.counts[Status.UNKNOWN] and os.geteuid() != 0:
        said = Text(
            "Dijalankan tanpa root: sebagian fakta tidak terbaca. Ulangi dengan `sudo pantau-agent check`.",
            "Run without root: some facts could not be read. Repeat with `sudo pantau-agent check`.",
        )
        paragraph(console, Line(shown.say(said), style="yellow"))
    hints = Text(
        "Penjelasan: pantau-agent check --explain KODE" + ("" if everything else " · semua hasil: --all"),
        "Explain one: pantau-agent check --explain CODE" + ("" if everything else " · all results: --all"),
    )
    paragraph(console, Line(f"{shown.say(policy)} · {shown.say(hints)}", style="dim"))
