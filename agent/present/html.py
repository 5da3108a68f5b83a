"""The audit as one self-contained HTML page, to hand to a superior or an auditor, on paper or on a phone.

Law: where the columns do not fit, each result is a block whose parts say what they are; no part depends on a column's head.
"""

from __future__ import annotations

from html import escape

from agent.present import BEGIN, MOST_URGENT, Presentation, more_urgent
from agent.present.plain import plain
from checks import SOFTWARE
from checks.text import Text
from checks.verdict import Result, Status
from checks.words import SEVERITY_WORDS, STATUS_SIGNS, STATUS_WORDS, STATUSES, TITLE

MEASURED = Text("Terukur", "Measured")
EXPECTED = Text("Seharusnya", "Expected")
COLUMNS = (Text("Hasil", "Result"), Text("Pemeriksaan", "Check"), TITLE, MEASURED)

QUIET = {Status.PASS, Status.NOT_APPLICABLE}  # nobody asks why these matter

CSS = """
:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}
body{max-width:64rem;margin:2rem auto;padding:0 1rem;overflow-wrap:anywhere}
h1{font-size:1.4rem}h2{font-size:1.1rem;margin-top:2rem;border-bottom:1px solid #8886}h2 small{font-weight:400;display:block}
table{border-collapse:collapse;width:100%;table-layout:fixed}
th:nth-child(1){width:9rem}th:nth-child(2){width:7rem}th:nth-child(4){width:30%}
td,th{text-align:left;vertical-align:top;padding:.35rem .5rem;border-bottom:1px solid #8883}th{font-size:.85rem}
p{margin:.3rem 0}td p:first-child{margin-top:0}ul{padding-left:1rem;list-style:none}
.s{font-weight:600}.l{font-size:.85rem;opacity:.75}.n{display:none}
.fail{color:#b3261e}.warn{color:#8a5a00}.pass{color:#1b6e3c}.unknown{color:#6a1b9a}.not_applicable{color:#666}.remedy{color:#0b57d0}
small{color:#666}
@media(prefers-color-scheme:dark){.fail{color:#ff8a80}.warn{color:#ffd180}.pass{color:#81c995}.unknown{color:#ce93d8}
.remedy{color:#8ab4f8}.not_applicable,small{color:#aaa}}
@media screen and (max-width:46rem){
body{margin:1rem auto}thead{display:none}table,tbody,tr,td{display:block;width:auto}
tr{padding:.6rem 0;border-bottom:1px solid #8886}td{border:0;padding:.1rem 0}
td:nth-child(1),td:nth-child(2){display:inline-block;margin-right:.8rem}td:nth-child(2) p{display:inline-block;margin:0 .8rem 0 0}
.n{display:inline}
}
@media print{body{max-width:none}tr{break-inside:avoid}thead{display:table-header-group}}
"""


def render(shown: Presentation) -> str:
    """The page. Every text of the audited host is escaped."""
    title = Text(f"Audit standar LPSE: {shown.host}", f"LPSE standards audit: {shown.host}").in_(shown.language)
    counts = ", ".join(
        f'<span class="{status}">{shown.counts[status]} {escape(shown.say(STATUS_WORDS[status]))}</span>'
        for status in STATUSES
    )
    policy = Text(f"kebijakan {shown.policy}", f"policy {shown.policy}").in_(shown.language)
    made = f"{shown.audit.taken_at:%Y-%m-%d %H:%M:%S} UTC · {SOFTWARE} · {policy}"
    legend = f"<p><small>{escape(shown.legend)}</small></p>" if shown.legend else ""
    sections = "".join(_section(shown, letter, results) for letter, results in shown.by_standard.items())
    return (
        f'<!doctype html><html lang="{shown.language}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{escape(title)}</title>'
        f"<style>{CSS}</style></head><body><h1>{escape(title)}</h1><p>{escape(plain(shown.provider))}</p>"
        f"<p>{escape(shown.counted)}: {counts}</p>{legend}<p><small>{escape(made)}</small></p>{_begin(shown)}{sections}"
        "</body></html>\n"
    )


def _begin(shown: Presentation) -> str:
    if not shown.urgent:
        return ""
    rows = "".join(
        f'<li><span class="s fail">{STATUS_SIGNS[Status.FAIL]} {check.code}</span> '
        f"{escape(shown.say(SEVERITY_WORDS[check.severity]))} · {escape(shown.say(check.breach))}</li>"
        for check in shown.urgent[:MOST_URGENT]
    )
    more = len(shown.urgent) - MOST_URGENT
    rest = f"<li><small>{escape(shown.say(more_urgent(more)))}</small></li>" if more > 0 else ""
    return f"<h2>{escape(shown.say(BEGIN))}</h2><ul>{rows}{rest}</ul>"


def _section(shown: Presentation, letter: str, results: tuple[Result, ...]) -> str:
    heading = ""
    if letter:
        title, standing = shown.say(shown.standards[letter].title), shown.standing(letter)
        heading = f"<h2>{letter} · {escape(title)} <small>{escape(standing)}</small></h2>"
    columns = "".join(f"<th>{escape(shown.say(column))}</th>" for column in COLUMNS)
    rows = "".join(_row(shown, result) for result in results)
    return f"{heading}<table><thead><tr>{columns}</tr></thead><tbody>{rows}</tbody></table>"


def _row(shown: Presentation, result: Result) -> str:
    check = shown.check(result)
    subject = f" ({escape(shown.subject(result))})" if result.subject else ""
    expected = (
        f'<p><span class="l">{escape(shown.say(EXPECTED))}:</span> {escape(shown.say(result.expected))}</p>'
        if result.expected
        else ""
    )
    remedy = f'<p class="remedy">→ {escape(shown.say(check.remedy))}</p>' if result.status is Status.FAIL else ""
    why = f"<p><small>{escape(shown.say(check.why))}</small></p>" if result.status not in QUIET else ""
    status = escape(shown.say(STATUS_WORDS[result.status]))
    measured = f'<span class="l n">{escape(shown.say(MEASURED))}: </span>{escape(shown.say(result.measured))}'
    return (
        f'<tr><td class="s {result.status}">{STATUS_SIGNS[result.status]} {status}</td><td><p class="s">{check.code}</p>'
        f"<p><small>{escape(shown.say(SEVERITY_WORDS[check.severity]))}</small></p></td>"
        f'<td><p class="s">{escape(shown.headline(result))}{subject}</p>'
        f"{why}{remedy}</td>"
        f"<td><p>{measured}</p>{expected}</td></tr>"
    )
