"""How a provider stands towards the checks that could contradict its self-assessment, as the collector judged them."""

from __future__ import annotations

from typing import ClassVar

import msgspec

from checks.fact import Fact
from checks.target import Target

MOST_NAMES = 3


class Measured(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One check over all servers and instances of a provider, and the provider itself: on how many it `failed` (a finding is
    open and not waived), on how many it `met` what is asked (pass or warn), and on how many it is not known (unknown, stale
    or disputed). Those to which it does not apply are not counted: all three are 0 if it applies nowhere. `where`: the names of
    the first 3 that failed.
    """

    code: str
    failed: int
    met: int
    unknown: int = 0
    where: tuple[str, ...] = ()


class MeasuredChecks(Fact, frozen=True):
    """The checks of `checks.self_assessment.LINKED` that were judged at least once, by their codes.

    Absent: none of them was.
    """

    about: ClassVar[Target] = Target.PROVIDER

    checks: tuple[Measured, ...]
