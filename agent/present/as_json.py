"""The audit as JSON: stable names, for other programs."""

from __future__ import annotations

import msgspec

from agent.present import Presentation
from checks import SOFTWARE


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
                "measured": shown.say(result.measured),
                "expected": shown.say(result.expected),
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
    return msgspec.json.format(msgspec.json.encode(document), indent=2).decode() + "\n"
