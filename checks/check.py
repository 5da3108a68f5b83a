"""A check: a rule over facts, with everything a person needs to understand and mend a failure.

    @check("K-SSH-04", severity=MEDIUM, every=DAY, source="CIS Debian 12 1.1.0 5.1.16", aspect=CONFIDENTIALITY,
           absent=NOT_APPLICABLE, title=Text(...), why=Text(...), remedy=Text(...))
    def max_auth_tries(sshd: Sshd, *, maximum: int = 4) -> Verdict: ...

Laws:
- Positional parameters name the facts by their types; `X | None` receives None when X is absent; `datetime` receives `now`.
- Keyword-only parameters with defaults are the thresholds. Policy may override them, nothing else.
- A missing fact makes the check UNKNOWN: it could change the verdict. A rule for which it could not, or not for every subject,
  says `X | Missing`, receives the reason in the place of X, and answers for what it says without it.
- An absent one gives the status the check names with `absent`.
- All its facts are about one target: a server, an instance, or a provider.
- A malformed check is refused where it is declared, with a sentence that names it.
"""

from __future__ import annotations

import inspect
import re
import types
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Any, TypeAlias, get_args, get_origin, get_type_hints

import msgspec

from checks.fact import Fact, Missing, target_of, vantages
from checks.target import Target
from checks.text import Text
from checks.vantage import Vantage
from checks.verdict import Status, Verdict

MINUTE, HOUR, DAY = 60, 3600, 86400  # seconds


class Severity(StrEnum):
    """How bad a failure is."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Aspect(StrEnum):
    """Which of the decree's three aspects of information security a check protects (152/2022, I)."""

    CONFIDENTIALITY = "confidentiality"
    INTEGRITY = "integrity"
    AVAILABILITY = "availability"


CRITICAL, HIGH, MEDIUM, LOW = Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM, Severity.LOW
CONFIDENTIALITY, INTEGRITY, AVAILABILITY = Aspect.CONFIDENTIALITY, Aspect.INTEGRITY, Aspect.AVAILABILITY

Rule: TypeAlias = Callable[..., Verdict | Iterable[Verdict]]
Threshold: TypeAlias = bool | int | float | str | tuple[str, ...] | tuple[int, ...]

CODE = re.compile(r"[A-Q]-[A-Z]{2,4}-\d{2}")


@dataclass(frozen=True)
class Need:
    """One fact a check takes. `optional`: None stands for its absence; `spared`: Missing stands for what was not read."""

    fact: type[Fact]
    optional: bool
    spared: bool = False


@dataclass(frozen=True)
class Check:
    """A rule over facts. `every`, `grace` and `recovery` are in seconds.

    `grace`: how long it must fail before that is a finding. `recovery`: how long it must pass before the finding closes.
    `source` says where the threshold comes from: benchmark with version and number, article, form, or "Pantau default".
    """

    code: str
    title: Text
    why: Text
    remedy: Text
    severity: Severity
    aspect: Aspect
    every: int
    source: str
    rule: Rule = field(repr=False)
    arguments: tuple[Need | None, ...]  # None stands where the rule takes `now`
    thresholds: Mapping[str, Threshold]
    types: Mapping[str, Any] = field(repr=False)
    absent: Status = Status.UNKNOWN
    grace: int = 0
    recovery: int = 0

    @cached_property
    def facts(self) -> tuple[type[Fact], ...]:
        """The facts this check takes."""
        return tuple(need.fact for need in self.arguments if need is not None)

    @cached_property
    def vantages(self) -> frozenset[Vantage]:
        """From where all its facts can be read together. Empty: from nowhere, so the collector joins them."""
        return frozenset.intersection(*(vantages(fact) for fact in self.facts)) if self.facts else frozenset()

    @cached_property
    def target(self) -> Target:
        """What it is about, as all its facts are."""
        return target_of(self.facts[0])

    @property
    def breach(self) -> Text:
        """What a failure of this check is called: the title states what should be, and alone would read as its opposite."""
        return Text(f"Tidak terpenuhi: {self.title.id}", f"Not met: {self.title.en}")

    def __call__(self, *arguments: object, **thresholds: Threshold) -> Verdict | Iterable[Verdict]:
        """Apply the rule, as tests do."""
        return self.rule(*arguments, **thresholds)


def check(
    code: str,
    *,
    severity: Severity,
    aspect: Aspect,
    every: int,
    source: str,
    title: Text,
    why: Text,
    remedy: Text,
    absent: Status = Status.UNKNOWN,
    grace: int = 0,
    recovery: int = 0,
) -> Callable[[Rule], Check]:
    """Make a check of a rule. Raises TypeError or ValueError, naming the check, if it is malformed."""
    if not CODE.fullmatch(code):
        raise ValueError(f"{code!r} is not a check code such as K-SSH-01")
    for label, value in (("source", source), ("title", title), ("why", why), ("remedy", remedy)):
        if not all(value.strip() for value in ((value,) if isinstance(value, str) else (value.id, value.en))):
            raise ValueError(f"{code}: {label} is empty")
    if every <= 0 or grace < 0 or recovery < 0:
        raise ValueError(f"{code}: every must be positive, grace and recovery not negative (seconds)")
    if absent is Status.PASS:
        raise ValueError(f"{code}: what is absent was not seen, so absent cannot mean pass")

    def make(rule: Rule) -> Check:
        arguments, thresholds, kinds = _signature(code, rule)
        if len(targets := {target_of(need.fact) for need in arguments if need is not None}) > 1:
            raise ValueError(f"{code}: its facts are about several targets: {', '.join(sorted(targets))}")
        return Check(
            code, title, why, remedy, severity, aspect, every, source,
            rule, arguments, thresholds, kinds, absent, grace, recovery,
        )  # fmt: skip

    return make


def _signature(code: str, rule: Rule) -> tuple[tuple[Need | None, ...], dict[str, Threshold], dict[str, Any]]:
    hints = get_type_hints(rule)
    arguments: list[Need | None] = []
    thresholds: dict[str, Threshold] = {}
    for name, parameter in inspect.signature(rule).parameters.items():
        hint = hints.get(name)
        if parameter.kind in {inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD}:
            raise TypeError(f"{code}: parameter {name!r} must be one fact or one threshold, not any number of them")
        if parameter.kind is inspect.Parameter.KEYWORD_ONLY:
            thresholds[name] = _threshold(code, name, hint, parameter.default)
        elif hint is datetime:
            arguments.append(None)
        else:
            arguments.append(_need(code, name, hint))
    if not any(arguments):
        raise TypeError(f"{code}: takes no fact")
    return tuple(arguments), thresholds, {name: hints[name] for name in thresholds}


def _threshold(code: str, name: str, hint: Any, default: Any) -> Threshold:
    if default is inspect.Parameter.empty or hint is None:
        raise TypeError(f"{code}: threshold {name!r} needs a type and a default")
    if hint not in get_args(Threshold):
        known = ", ".join(str(getattr(kind, "__name__", kind)) for kind in (bool, int, float, str))
        raise TypeError(f"{code}: threshold {name!r} must be {known}, or a tuple of str or int, not {hint!r}")
    try:
        fitting: Threshold = msgspec.convert(default, hint)
    except msgspec.ValidationError as error:
        raise TypeError(f"{code}: the default of threshold {name!r} does not fit its type: {error}") from error
    return fitting


def _need(code: str, name: str, hint: Any) -> Need:
    kinds = get_args(hint) if get_origin(hint) is types.UnionType else (hint,)
    optional, spared = type(None) in kinds, Missing in kinds
    facts = [kind for kind in kinds if kind not in (type(None), Missing)]
    if len(facts) != 1 or not (isinstance(facts[0], type) and issubclass(facts[0], Fact)):
        raise TypeError(
            f"{code}: parameter {name!r} must be a Fact, a Fact | None, a Fact | Missing or a datetime, not {hint!r}"
        )
    return Need(facts[0], optional, spared)
