"""The audit as JSON: stable names, for other programs. What the host said stands as it said it, spelt in ASCII where a
terminal would obey it: people look at JSON on terminals.
"""

from __future__ import annotations

import re

import msgspec

from agent.present import Presentation
from agent.present.plain import spelt
from checks import SOFTWARE
from checks.text import words

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
                "measured": words(result.measured, shown.language),
                "expected": words(result.expected, shown.language),
                "value": result.value,
                "source": check.source,
            }
        )
    document = {
        "hostname": shown.hostname,
        "taken_at": shown.audit.taken_at,
        "software": SOFTWARE,
        "policy": {"version": shown.rulebook.policy.version, "digest": shown.rulebook.digest},
        "summary": {status.value: count for status, count in shown.counts.items()},
        "standards": shown.tallies,
        "results": results,
    }
    return OBEYED.sub(spelt, msgspec.json.format(msgspec.json.encode(document), indent=2).decode()) + "\n"
