"""The audit as JSON: stable names, for other programs. What the host said stands as it said it, spelt in ASCII where a
terminal would obey it: people look at JSON on terminals.

    format      1; grows when a name changes its meaning or goes. New names may come at any time.
    hostname, taken_at (UTC), software, policy {version, digest}
    summary     {checks, results}: each {total, fail, unknown, warn, pass, not_applicable}; checks count by their worst result
    filtered    true if some standard did not run whole
    standards   letter -> {standing, met, not_met, undetermined, not_applicable (requirements), coverage (0 to 1)}; only those
                of which every check ran that a host can answer
    results     each {check, standard, status, severity, subject, title, measured, expected, value, source}

Law: `title`, `measured` and `expected` are always {"id": …, "en": …}, also where both languages say the same, whatever the
reader's language is: a program need not ask twice, and gets no other type for another host.
"""

from __future__ import annotations

import re
from collections.abc import Collection

import msgspec

from agent.present import Presentation
from agent.present.plain import spelt
from checks import SOFTWARE
from checks.text import Text, Words
from checks.verdict import Status
from checks.words import STATUSES

FORMAT = 1
OBEYED = re.compile(
    "[\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff]"
)  # and C0, by JSON itself


def render(shown: Presentation) -> str:
    """One JSON object, indented, with a final newline."""
    letter_of = {code: letter for letter, standard in shown.standards.items() for code in standard.checks}
    results = []
    for result in shown.audit.results:
        check = shown.check(result)
        results.append(
            {
                "check": result.check,
                "standard": letter_of.get(result.check, ""),
                "status": result.status,
                "severity": check.severity,
                "subject": result.subject,
                "title": check.title,
                "measured": _both(result.measured),
                "expected": _both(result.expected),
                "value": result.value,
                "source": check.source,
            }
        )
    document = {
        "format": FORMAT,
        "hostname": shown.hostname,
        "taken_at": shown.audit.taken_at,
        "software": SOFTWARE,
        "policy": {"version": shown.rulebook.policy.version, "digest": shown.rulebook.digest},
        "summary": {
            "checks": _counts(list(shown.worst.values())),
            "results": _counts([one.status for one in shown.audit.results]),
        },
        "filtered": shown.filtered,
        "standards": shown.tallies,
        "results": results,
    }
    return OBEYED.sub(spelt, msgspec.json.format(msgspec.json.encode(document), indent=2).decode()) + "\n"


def _both(said: Words) -> Text:
    return said if isinstance(said, Text) else Text(said, said)


def _counts(statuses: Collection[Status]) -> dict[str, int]:
    seen = list(statuses)
    return {"total": len(seen), **{status.value: seen.count(status) for status in STATUSES}}
