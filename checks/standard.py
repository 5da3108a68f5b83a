"""The 17 standards of Keputusan Deputi II LKPP 152/2022 (2.1.b), as data with every requirement present.

Laws:
- Each requirement says how it is shown: by checks, by self-assessment, or honestly not by any machine.
- The mapping from requirement to checks stands here, never in the check.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import StrEnum
from importlib import resources

import msgspec

from checks.text import Text
from checks.verdict import Status

LETTERS = "abcdefghijklmnopq"


class Kind(StrEnum):
    """How a requirement is shown to be met."""

    AUTOMATED = "automated"
    SELF_ASSESSMENT = "self_assessment"
    NOT_CHECKABLE = "not_checkable"


class Requirement(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One clause of a standard. `checks` are codes, for AUTOMATED only; `evidence` is what a person would show.

    `planned` are codes that this release does not have yet: they show what the clause still lacks, and count for nothing.
    `source`: where the clause was seen (decree, form, template SOP), or "inferred".
    """

    id: str
    title: Text
    kind: Kind
    source: str
    checks: tuple[str, ...] = ()
    planned: tuple[str, ...] = ()
    evidence: Text | None = None
    note: Text | None = None


class Standard(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One of the 17 standards, a to q."""

    letter: str
    number: int
    title: Text
    requirements: tuple[Requirement, ...]

    @property
    def checks(self) -> frozenset[str]:
        """All check codes that stand under this standard."""
        return frozenset(code for requirement in self.requirements for code in requirement.checks)


class Standing(StrEnum):
    """How a host or provider stands towards a requirement or a standard."""

    MET = "met"
    NOT_MET = "not_met"
    UNDETERMINED = "undetermined"
    NOT_APPLICABLE = "not_applicable"


class Tally(msgspec.Struct, frozen=True):
    """How one standard stands: its standing, its requirements by standing, and how much of it was determined.

    `coverage`: determined over applicable checks, 0 to 1; 0 where nothing is applicable.
    """

    standing: Standing
    met: int
    not_met: int
    undetermined: int
    not_applicable: int
    coverage: float


def load() -> Mapping[str, Standard]:
    """The standards by letter, from the TOML files beside this module. Raises ValueError naming the file."""
    folder = resources.files("checks") / "standards"
    found: dict[str, Standard] = {}
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.name.endswith(".toml"):
            try:
                standard = msgspec.toml.decode(entry.read_bytes(), type=Standard)
            except (msgspec.ValidationError, msgspec.DecodeError) as error:
                raise ValueError(f"{entry.name}: {error}") from error
            found[standard.letter] = standard
    return found


def requirement_standing(requirement: Requirement, statuses: Mapping[str, Collection[Status]]) -> Standing:
    """How `requirement` stands, given the statuses of every check (all its subjects) that was evaluated.

    A check without a status, or with an unknown one, leaves it undetermined; a failure decides it. A requirement whose
    checks are all still planned is undetermined.
    """
    if requirement.kind is not Kind.AUTOMATED:
        return Standing.UNDETERMINED
    seen = [statuses.get(code, ()) for code in requirement.checks]
    flat = [status for group in seen for status in group]
    if Status.FAIL in flat:
        return Standing.NOT_MET
    if not flat or not all(seen) or Status.UNKNOWN in flat:
        return Standing.UNDETERMINED
    if all(status is Status.NOT_APPLICABLE for status in flat):
        return Standing.NOT_APPLICABLE
    return Standing.MET


def tally(standard: Standard, statuses: Mapping[str, Collection[Status]]) -> Tally:
    """How `standard` stands, given the statuses of every check. Fails closed: nothing applicable is undetermined.

    Requirements that no machine can check count as undetermined until an assessment decides them.
    """
    counts: dict[Standing, int] = dict.fromkeys(Standing, 0)
    for requirement in standard.requirements:
        counts[requirement_standing(requirement, statuses)] += 1
    applicable = determined = 0
    for code in standard.checks:
        seen = statuses.get(code, ())
        if seen and all(status is Status.NOT_APPLICABLE for status in seen):
            continue
        applicable += 1
        determined += bool(seen) and Status.UNKNOWN not in seen
    coverage = determined / applicable if applicable else 0.0
    if counts[Standing.NOT_MET]:
        standing = Standing.NOT_MET
    elif counts[Standing.UNDETERMINED] or not counts[Standing.MET]:
        standing = Standing.UNDETERMINED
    else:
        standing = Standing.MET
    return Tally(
        standing,
        counts[Standing.MET],
        counts[Standing.NOT_MET],
        counts[Standing.UNDETERMINED],
        counts[Standing.NOT_APPLICABLE],
        round(coverage, 4),
    )
