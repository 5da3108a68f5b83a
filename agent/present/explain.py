"""Everything about one check: what, why, whence, how it is read, what it says here, what to do."""

from __future__ import annotations

from collections.abc import Iterator

from rich.text import Text as Line

from agent.present import Presentation
from agent.present.lines import console as terminal
from agent.present.lines import paragraph
from agent.present.plain import plain
from agent.present.table import STYLE
from checks.check import Check
from checks.fact import name_of, recipes
from checks.text import Text
from checks.words import SEVERITY_WORDS, STATUS_SIGNS, STATUS_WORDS, TITLE


def show(shown: Presentation, code: str) -> None:
    """Print the explanation of `code` on stdout."""
    console = terminal()
    check = shown.rulebook.catalogue.checks[code]
    paragraph(console, Line(f"{code}  {shown.say(TITLE)}: {shown.say(check.title)}", style="bold"))
    paragraph(console, Line(shown.say(check.why)))
    console.print()
    for label, value in _rows(shown, check):
        paragraph(console, Line.assemble((f"{shown.say(label)}: ", "dim"), plain(value)), 0, 2)
    console.print()
    for result in shown.audit.results:
        subject = f" ({shown.subject(result)})" if result.subject else ""
        status = f"{STATUS_SIGNS[result.status]} {shown.say(STATUS_WORDS[result.status])}{subject}"
        line = Line.assemble((status, STYLE[result.status]), f": {shown.say(result.measured)}")
        if result.expected:
            expected = Text("seharusnya", "expected").in_(shown.language)
            line.append(f" · {expected} {shown.say(result.expected)}", style="dim")
        paragraph(console, line, 0, 2)
    console.print()
    paragraph(console, Line(f"→ {shown.say(check.remedy)}", style="cyan"), 0, 2)


def _rows(shown: Presentation, check: Check) -> Iterator[tuple[Text, str]]:
    yield Text("Keparahan", "Severity"), shown.say(SEVERITY_WORDS[check.severity])
    yield Text("Sumber ambang", "Source of the threshold"), check.source
    yield Text("Irama", "Cadence"), f"{check.every} s"
    if thresholds := shown.rulebook.thresholds[check.code]:
        yield Text("Ambang", "Thresholds"), ", ".join(f"{name} = {value}" for name, value in thresholds.items())
    for standard in shown.standards.values():
        for requirement in standard.requirements:
            if check.code in requirement.checks:
                yield Text("Persyaratan", "Requirement"), f"{requirement.id} {shown.say(requirement.title)}"
    for fact in check.facts:
        for recipe in recipes(fact):
            root = " [root]" if recipe.root else ""
            read = "; ".join(source.describe() for source in recipe.sources)
            yield Text("Dibaca dari", "Read from"), f"{name_of(fact)}{root}: {read}"
