"""The audit as output of a Nagios plugin: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN.

Laws:
- The first line is short, whatever the host holds: it is what arrives in a text message. What is worst stands first.
- The lines below it (long output) name each failure; a transport that cuts them off loses the least severe.
- Figures count checks by their worst result. Their thresholds in the performance data are those of the exit code.
"""

from __future__ import annotations

from agent.present import Presentation
from agent.present.plain import plain
from checks.text import Text
from checks.verdict import Result, Status
from checks.words import SEVERITY_WORDS

OK, WARNING, CRITICAL, UNKNOWN = 0, 1, 2, 3
NAMES = {OK: "OK", WARNING: "WARNING", CRITICAL: "CRITICAL", UNKNOWN: "UNKNOWN"}
MOST_NAMED = 5  # codes in the first line
MOST_LINES = 20  # below it
LONGEST = 200  # characters of one line below it


def render(shown: Presentation) -> tuple[str, int]:
    """The output, without a final newline, and the exit code. A failure of critical or high severity is CRITICAL."""
    failed = sorted((one for one in shown.audit.results if one.status is Status.FAIL), key=shown.rank)
    serious = len(shown.urgent)
    if serious:
        code = CRITICAL
    elif failed:
        code = WARNING
    elif shown.counts[Status.UNKNOWN] or not shown.worst:
        code = UNKNOWN
    else:
        code = WARNING if shown.counts[Status.WARN] else OK
    lines = [f"PANTAU {NAMES[code]} - {_sentence(shown, failed)} | {_performance(shown, serious)}"]
    lines += [_line(shown, one) for one in failed[:MOST_LINES]]
    if (more := len(failed) - MOST_LINES) > 0:
        lines.append(shown.say(Text(f"dan {more} hasil gagal lagi", f"and {more} more failing results")))
    return "\n".join(lines), code


def _sentence(shown: Presentation, failed: list[Result]) -> str:
    fail, unknown, total = shown.counts[Status.FAIL], shown.counts[Status.UNKNOWN], len(shown.worst)
    said = Text(
        f"{fail} gagal, {unknown} tidak diketahui dari {total} pemeriksaan",
        f"{fail} fail, {unknown} unknown of {total} checks",
    )
    unknowns = [one for one in shown.audit.results if one.status is Status.UNKNOWN]
    codes = list(dict.fromkeys(one.check for one in failed or sorted(unknowns, key=shown.rank)))
    named = ", ".join(codes[:MOST_NAMED]) + ", …" * (len(codes) > MOST_NAMED)
    return shown.say(said) + (f": {named}" if named else "")


def _performance(shown: Presentation, serious: int) -> str:
    """label=value;warn;crit;min;max. A threshold of 0 alerts above 0."""
    total, counts = len(shown.worst), shown.counts
    rows = [("fail_serious", serious, ";0"), ("fail", counts[Status.FAIL], "0;"), ("warn", counts[Status.WARN], "0;")]
    rows += [(one.value, counts[one], ";") for one in (Status.UNKNOWN, Status.PASS, Status.NOT_APPLICABLE)]
    return " ".join(f"{label}={value};{thresholds};0;{total}" for label, value, thresholds in rows)


def _line(shown: Presentation, result: Result) -> str:
    check = shown.check(result)
    subject = f" ({result.subject})" if result.subject else ""
    said = f"{result.check} {shown.say(SEVERITY_WORDS[check.severity])} · {shown.headline(result)}{subject}"
    line = plain(f"{said}: {shown.say(result.measured)}").replace("|", "/")
    return line if len(line) <= LONGEST else line[: LONGEST - 1] + "…"
