"""Everything about one check: what, why, whence, how it is read, what it says here, what to do."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape

from agent.present import SEVERITY_WORDS, STATUS_WORDS, Presentation
from agent.present.table import SIGN, STYLE
from checks.fact import name_of, recipes
from checks.text import Text


def show(shown: Presentation, code: str) -> None:
    """Print the explanation of `code` on stdout."""
    console = Console(highlight=False)
    check = shown.rulebook.catalogue.checks[code]
    console.print(f"[bold]{code}  {escape(shown.say(check.title))}[/bold]")
    console.print(escape(shown.say(check.why)) + "\n")
    facts = ((Text("Keparahan", "Severity"), shown.say(SEVERITY_WORDS[check.severity])),)
    lines = [
        *facts,
        (Text("Sumber ambang", "Source of the threshold"), check.source),
        (Text("Irama", "Cadence"), f"{check.every} s"),
    ]
    thresholds = shown.rulebook.thresholds[code]
    if thresholds:
        lines.append(
            (Text("Ambang", "Thresholds"), ", ".join(f"{name} = {value}" for name, value in thresholds.items()))
        )
    for standard in shown.standards.values():
        for requirement in standard.requirements:
            if code in requirement.checks:
                lines.append((Text("Persyaratan", "Requirement"), f"{requirement.id} {shown.say(requirement.title)}"))
    for fact in check.facts:
        for recipe in recipes(fact):
            root = " [root]" if recipe.root else ""
            read = "; ".join(source.describe() for source in recipe.sources)
            lines.append((Text("Dibaca dari", "Read from"), f"{name_of(fact)}{root}: {read}"))
    for label, value in lines:
        console.print(f"[dim]{shown.say(label)}:[/dim] {escape(value)}")
    console.print()
    for result in shown.audit.results:
        style = STYLE[result.status]
        subject = f" ({escape(result.subject)})" if result.subject else ""
        console.print(
            f"[{style}]{SIGN[result.status]} {shown.say(STATUS_WORDS[result.status])}{subject}[/{style}]: "
            f"{escape(shown.say(result.measured))}"
            + (f" [dim]({escape(shown.say(result.expected))})[/dim]" if result.expected else "")
        )
    console.print(f"\n[cyan]→ {escape(shown.say(check.remedy))}[/cyan]")
