"""What a check concludes.

Laws:
- A verdict says what was measured and what was expected, in words a person can act on.
- UNKNOWN is never PASS. A check that cannot tell says UNKNOWN and why.
- Severity belongs to the check, never to the verdict.
"""

from __future__ import annotations

import math
from enum import StrEnum

import msgspec

from checks.text import Text, Words


class Status(StrEnum):
    """How a host stands towards one check."""

    PASS = "pass"
    WARN = "warn"  # meets the standard, heading for a breach; advice only
    FAIL = "fail"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"


BADNESS = {s: n for n, s in enumerate((Status.NOT_APPLICABLE, Status.PASS, Status.WARN, Status.UNKNOWN, Status.FAIL))}
"""How bad a status is where one must stand for many: the highest counts."""


class Verdict(msgspec.Struct, frozen=True, gc=False, omit_defaults=True, forbid_unknown_fields=True):
    """Status of one subject, with what was measured and what was expected.

    `subject` names the thing judged where a check judges several (a mount, a database); empty where there is one.
    `value` is the measured number, for trends; its unit is the check's own and stands in `measured`.
    """

    status: Status
    measured: Words = ""
    expected: Words = ""
    subject: str = ""
    value: float | None = None


class Result(msgspec.Struct, frozen=True, gc=False, omit_defaults=True, forbid_unknown_fields=True):
    """A verdict together with the code of the check that gave it. Stands flat in a report."""

    check: str
    status: Status
    measured: Words = ""
    expected: Words = ""
    subject: str = ""
    value: float | None = None


def result(code: str, verdict: Verdict) -> Result:
    """The result that check `code` gives with `verdict`."""
    return Result(code, verdict.status, verdict.measured, verdict.expected, verdict.subject, verdict.value)


def judge(met: bool, measured: Words, expected: Words, *, subject: str = "", value: float | None = None) -> Verdict:
    """PASS if `met`, else FAIL."""
    return Verdict(Status.PASS if met else Status.FAIL, measured, expected, subject, value)


def warned(measured: Words, expected: Words, *, subject: str = "", value: float | None = None) -> Verdict:
    """WARN: the standard is met, but a breach is near."""
    return Verdict(Status.WARN, measured, expected, subject, value)


def unknown(reason: Words, *, subject: str = "") -> Verdict:
    """UNKNOWN: the host could not tell, for this reason."""
    return Verdict(Status.UNKNOWN, reason, subject=subject)


def not_applicable(reason: Words, *, subject: str = "") -> Verdict:
    """NOT_APPLICABLE: the check has nothing to say about this host, for this reason."""
    return Verdict(Status.NOT_APPLICABLE, reason, subject=subject)


def at_most(
    value: float, *, warn: float, fail: float, unit: str, subject: str = "", measured: Words | None = None
) -> Verdict:
    """FAIL at or above `fail`, WARN at or above `warn`, else PASS; all three in `unit`. What is no number is UNKNOWN."""
    if math.isnan(value):
        return unknown(Text("hasil ukur bukan angka", "the measurement is not a number"), subject=subject)
    space = "" if unit in ("", "%") else " "
    status = Status.FAIL if value >= fail else Status.WARN if value >= warn else Status.PASS
    expected = Text(f"di bawah {fail:g}{space}{unit}", f"below {fail:g}{space}{unit}")
    return Verdict(status, measured or f"{value:.4g}{space}{unit}", expected, subject, value)
