"""Apply checks to a snapshot.

Laws:
- Same rulebook, same snapshot, same `now`: same results, in the same order.
- What is missing makes a check UNKNOWN, unless its rule asked to be told (`X | Missing`).
- A check that raises becomes UNKNOWN with its text; the others go on.
- A check that says nothing has seen nothing: UNKNOWN.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from checks.check import Check, Threshold
from checks.fact import Missing, Snapshot, name_of
from checks.text import Text, Words
from checks.verdict import Result, Status, Verdict, not_applicable, result, unknown

NOTHING = Text("Tidak ada yang dapat diperiksa", "There was nothing to examine")


def evaluate(
    check: Check, thresholds: Mapping[str, Threshold], snapshot: Snapshot, now: datetime
) -> tuple[Result, ...]:
    """The results of one check: one per subject, never none. `now` is when the facts were read (aware)."""
    arguments: list[object] = []
    for need in check.arguments:
        if need is None:
            arguments.append(now)
        elif need.fact in snapshot.facts:
            arguments.append(snapshot.facts[need.fact])
        elif need.fact in snapshot.absent:
            if not need.optional:
                return (result(check.code, _absent(check, snapshot.absent[need.fact])),)
            arguments.append(None)
        else:
            name = name_of(need.fact)
            reason = snapshot.missing.get(need.fact) or Text(f"{name} tidak dibaca", f"{name} was not read")
            if not need.spared:
                return (result(check.code, unknown(reason)),)
            arguments.append(Missing(reason))
    return tuple(result(check.code, verdict) for verdict in _verdicts(check, arguments, thresholds))


def _verdicts(check: Check, arguments: Iterable[object], thresholds: Mapping[str, Threshold]) -> list[Verdict]:
    try:
        said = check.rule(*arguments, **thresholds)
        verdicts = [said] if isinstance(said, Verdict) else list(said)
    except Exception as error:  # noqa: BLE001 - law: one broken check must not silence the others
        return [unknown(f"{check.code}: {type(error).__name__}: {error}")]
    return verdicts or [unknown(NOTHING)]


def _absent(check: Check, reason: Words) -> Verdict:
    match check.absent:
        case Status.NOT_APPLICABLE:
            return not_applicable(reason)
        case Status.UNKNOWN:
            return unknown(reason)
        case status:
            return Verdict(status, reason)
