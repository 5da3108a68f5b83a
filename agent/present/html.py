"""The audit as one self-contained HTML page, to hand to a superior or an auditor."""

from __future__ import annotations

from html import escape

from agent.present import ORDER, SEVERITY_WORDS, STANDING_WORDS, STATUS_WORDS, Presentation
from agent.present.plain import plain
from agent.present.table import SIGN
from checks import SOFTWARE
from checks.text import Text
from checks.verdict import Result, Status

CSS = """
:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}body{max-width:60rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.4rem}h2{font-size:1.1rem;margin-top:2rem;border-bottom:1px solid #8886}
table{border-collapse:collapse;width:100%}
td,th{text-align:left;vertical-align:top;padding:.35rem .5rem;border-bottom:1px solid #8883}
.s{white-space:nowrap;font-weight:600}.fail{color:#b3261e}.warn{color:#8a5a00}.pass{color:#1b6e3c}.unknown{color:#6a1b9a}
.not_applicable{color:#777}.remedy{color:#0b57d0}small{color:#777}code{white-space:pre-wrap}
@media(prefers-color-scheme:dark){.fail{color:#ff8a80}.warn{color:#ffd180}.pass{color:#81c995}.unknown{color:#ce93d8}.remedy{color:#8ab4f8}}
@media print{body{max-width:none}}
"""


def render(shown: Presentation) -> str:
    """The page. Every text of the audited host is escaped."""
    title = Text(f"Audit standar LPSE: {shown.host}", f"LPSE standards audit: {shown.host}").in_(shown.language)
    counts = ", ".join(
        f'<span class="{status}">{shown.counts[status]} {escape(shown.say(STATUS_WORDS[status]))}</span>'
        for status in ORDER
    )
    policy = Text(f"kebijakan {shown.policy}", f"policy {shown.policy}").in_(shown.language)
    made = f"{shown.audit.taken_at:%Y-%m-%d %H:%M:%S} UTC · {SOFTWARE} · {policy}"
    sections = "".join(_section(shown, letter, results) for letter, results in shown.by_standard.items())
    return (
        f'<!doctype html><html lang="{shown.language}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{escape(title)}</title><style>{CSS}</style></head><body>'
        f"<h1>{escape(title)}</h1><p>{escape(plain(shown.provider))}</p><p>{counts}</p><p><small>{escape(made)}</small></p>"
        f"{sections}</body></html>\n"
    )


def _section(shown: Presentation, letter: str, results: tuple[Result, ...]) -> str:
    heading = ""
    if letter:
        tally = shown.tallies[letter]
        standing = shown.say(STANDING_WORDS[tally.standing.value])
        coverage = Text("cakupan", "coverage").in_(shown.language)
        heading = (
            f"<h2>{letter} · {escape(shown.say(shown.standards[letter].title))} "
            f"<small>{escape(standing)}, {coverage} {tally.coverage:.0%}</small></h2>"
        )
    return f"{heading}<table>{''.join(_row(shown, result) for result in results)}</table>"


def _row(shown: Presentation, result: Result) -> str:
    check = shown.check(result)
    subject = f" ({escape(shown.subject(result))})" if result.subject else ""
    expected = f"<br><small>{escape(shown.say(result.expected))}</small>" if result.expected else ""
    remedy = f'<p class="remedy">→ {escape(shown.say(check.remedy))}</p>' if result.status is Status.FAIL else ""
    status = escape(shown.say(STATUS_WORDS[result.status]))
    return (
        f'<tr><td class="s {result.status}">{SIGN[result.status]} {status}</td><td class="s">{check.code}<br>'
        f"<small>{escape(shown.say(SEVERITY_WORDS[check.severity]))}</small></td>"
        f"<td>{escape(shown.say(check.title))}{subject}<br><small>{escape(shown.say(check.why))}</small>{remedy}</td>"
        f"<td>{escape(shown.say(result.measured))}{expected}</td></tr>"
    )
