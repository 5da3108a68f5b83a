"""The audit as one line of a Nagios plugin: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN."""

from __future__ import annotations

from agent.present import SERIOUS, Presentation
from agent.present.plain import plain
from checks.verdict import Result, Status

OK, WARNING, CRITICAL, UNKNOWN = 0, 1, 2, 3
NAMES = {OK: "OK", WARNING: "WARNING", CRITICAL: "CRITICAL", UNKNOWN: "UNKNOWN"}


def render(shown: Presentation) -> tuple[str, int]:
    """The line and the exit code. A failure of critical or high severity is CRITICAL, any other WARNING."""
    results = shown.audit.results
    failed = [one for one in results if one.status is Status.FAIL]
    if any(shown.check(one).severity in SERIOUS for one in failed):
        code = CRITICAL
    elif failed:
        code = WARNING
    elif shown.counts[Status.UNKNOWN] or not results:
        code = UNKNOWN
    else:
        code = WARNING if shown.counts[Status.WARN] else OK
    worst = [
        one for group in shown.by_standard.values() for one in group if one.status in {Status.FAIL, Status.UNKNOWN}
    ]
    named = ", ".join(dict.fromkeys(_name(one) for one in worst[:8]))
    text = f"{len(failed)} fail, {shown.counts[Status.UNKNOWN]} unknown of {len(results)}" + (
        f": {named}" if named else ""
    )
    perf = " ".join(f"'{status.value}'={count}" for status, count in shown.counts.items())
    return plain(f"PANTAU {NAMES[code]} - {text} | {perf}"), code


def _name(result: Result) -> str:
    subject = f" {result.subject}" if result.subject else ""
    return f"{result.check}{subject}".replace("|", "/")
