"""Policy: what LKPP decides about the checks without touching their code. Data, versioned, dated, signed for transport.

Laws:
- A policy may only override what a check declares as a threshold, with a value of the declared type.
- A policy with one wrong line is refused whole, and every wrong line is named.
- A rulebook is a catalogue under one policy. Only rulebooks evaluate.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias

import msgspec

from checks.catalogue import Catalogue
from checks.check import Check, Threshold
from checks.evaluate import evaluate
from checks.fact import Snapshot
from checks.verdict import Result

Override: TypeAlias = bool | int | float | str | list[str | int]


class Policy(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Overrides by check code, with the version and the date from which they hold. Times in seconds.

    `stale_after`: a result is stale when its facts are older than this many cadences (and at least 15 minutes).
    `silence_after`: a server is silent when its agent was not heard for so long.
    `quorum`: what probers see of an instance counts once so many vantage points see the same.
    """

    version: str = "default"
    effective: date = date(2022, 9, 30)
    thresholds: dict[str, dict[str, Override]] = {}
    grace: dict[str, int] = {}
    recovery: dict[str, int] = {}
    stale_after: float = 3.0
    silence_after: int = 600
    quorum: int = 2

    def encode(self) -> bytes:
        """The bytes that are signed and whose digest a report names: JSON with sorted keys."""
        return msgspec.json.encode(self, order="sorted")

    @property
    def digest(self) -> str:
        """SHA-256 of `encode()`, in hex."""
        return hashlib.sha256(self.encode()).hexdigest()


class PolicyError(ValueError):
    """A policy that does not fit the catalogue. `problems` names each wrong line."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("the policy does not fit the catalogue:\n  " + "\n  ".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Rulebook:
    """A catalogue under a policy: evaluates, and knows each check's thresholds, grace and recovery."""

    catalogue: Catalogue
    policy: Policy
    digest: str
    thresholds: Mapping[str, Mapping[str, Threshold]]

    def evaluate(self, check: Check, snapshot: Snapshot, now: datetime) -> tuple[Result, ...]:
        """Results of one check; see `checks.evaluate`."""
        return evaluate(check, self.thresholds[check.code], snapshot, now)

    def results(self, snapshot: Snapshot, now: datetime, codes: Collection[str] | None = None) -> tuple[Result, ...]:
        """Results of the checks in `codes` (all of the catalogue if None), in the order of their codes."""
        return tuple(
            result
            for check in self.catalogue
            if codes is None or check.code in codes
            for result in self.evaluate(check, snapshot, now)
        )

    def grace(self, check: Check) -> int:
        """Seconds a check must fail before that is a finding."""
        return self.policy.grace.get(check.code, check.grace)

    def recovery(self, check: Check) -> int:
        """Seconds a check must pass before its finding closes."""
        return self.policy.recovery.get(check.code, check.recovery)

    def stale(self, check: Check) -> float:
        """Seconds after which a result of this check is stale."""
        return max(self.policy.stale_after * check.every, 900.0)


def read_policy(raw: bytes) -> Policy:
    """A policy from its JSON bytes. Raises PolicyError with the path of what is wrong."""
    try:
        return msgspec.json.decode(raw, type=Policy)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise PolicyError([str(error)]) from error


def rulebook(catalogue: Catalogue, policy: Policy) -> Rulebook:
    """`catalogue` under `policy`. Raises PolicyError naming every line that does not fit."""
    problems: list[str] = []
    bound: dict[str, dict[str, Threshold]] = {check.code: dict(check.thresholds) for check in catalogue}
    for code, overrides in policy.thresholds.items():
        if code not in catalogue.checks:
            problems.append(f"thresholds.{code}: there is no such check")
            continue
        check = catalogue.checks[code]
        for name, value in overrides.items():
            if name not in check.thresholds:
                known = ", ".join(check.thresholds) or "none"
                problems.append(f"thresholds.{code}.{name}: {code} has no such threshold (it has: {known})")
                continue
            try:
                bound[code][name] = msgspec.convert(value, check.types[name])
            except msgspec.ValidationError as error:
                problems.append(f"thresholds.{code}.{name}: {error}")
    for section in ("grace", "recovery"):
        for code, seconds in getattr(policy, section).items():
            if code not in catalogue.checks:
                problems.append(f"{section}.{code}: there is no such check")
            elif seconds < 0:
                problems.append(f"{section}.{code}: must not be negative, is {seconds}")
    if policy.silence_after <= 0 or policy.stale_after < 1:
        problems.append("silence_after must be positive and stale_after at least 1")
    if policy.quorum < 1:
        problems.append(f"quorum: must be at least 1, is {policy.quorum}")
    if problems:
        raise PolicyError(problems)
    return Rulebook(catalogue, policy, policy.digest, bound)
