"""Facts, the recipes that read them, and the snapshot that holds them.

A fact is a typed, frozen reading of one thing on a host. A recipe says how to get it: the sources to read and the pure
function that turns their readings into the fact. Recipes stand as module-level objects beside their fact, best first:

    class Sshd(Fact): ...

    @reads(Command(("sshd", "-T")), root=True)
    def effective(printed: str) -> Sshd: ...

    @reads(File("/etc/ssh/sshd_config"), Glob("/etc/ssh/sshd_config.d/*.conf"))
    def configured(main: str, drop_ins: tuple[FileText, ...]) -> Sshd: ...

Laws:
- Secrets are dropped while parsing: booleans, counts, modes, salted hashes, never values.
- A parser gives a fact, or raises `Missing` or `Absent` with a sentence; never half a fact.
- Absence is about the thing (sshd is not installed), never about the way to it (sudo refused).
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Generic, TypeVar, get_type_hints, overload

import msgspec

from checks.source import Source
from checks.target import Target
from checks.text import Words, words
from checks.vantage import Vantage


class Unread(Exception):
    """A fact was not read, for `reason`."""

    def __init__(self, reason: Words) -> None:
        super().__init__(words(reason, "en"))
        self.reason = reason


class Missing(Unread):
    """The thing could not be read: no permission, no tool, no answer in time, text that makes no sense."""


class Absent(Unread):
    """The thing is not on this host."""


class Fact(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Base of all facts. The docstring of each says what it is and what its absence means.

    Defaults are encoded too: evidence must not change its meaning when a default does.
    `about`: what a register or an observation of the collector is about. Probers read instances, whatever it says.
    """

    about: ClassVar[Target] = Target.SERVER


F = TypeVar("F", bound=Fact)
FF = TypeVar("FF", bound=Fact, covariant=True)
A = TypeVar("A")
B = TypeVar("B")
C = TypeVar("C")
D = TypeVar("D")


def name_of(fact: type[Fact]) -> str:
    """The name of `fact` on the wire: its class name in snake case (`PgSettings` is `pg_settings`)."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", fact.__name__).lower()


@dataclass(frozen=True)
class After(Source[A], Generic[F, A]):
    """A source that is known only after another fact was read (SPSE's port, from its application.conf).

    `template` is what `describe` prints; `make` is a pure function from that fact to the source.
    """

    fact: type[F]
    template: str
    make: Callable[[F], Source[A]] = field(repr=False)

    @property
    def vantage(self) -> Vantage:
        """That of the fact it follows."""
        return recipes(self.fact)[0].vantage

    def describe(self) -> str:
        return f"{self.template} (after {name_of(self.fact)})"


@dataclass(frozen=True)
class Recipe(Generic[FF]):
    """How to get one fact: `sources` to read, in order, and `parse`, a pure function of their readings.

    `root`: needs root on an ordinary host. `given`: a fact whose absence means the absence of this one.
    `absent`: what to say where a source finds nothing, in the place of "there is no file /proc/mdstat".
    """

    fact: type[FF]
    sources: tuple[Source[object], ...]
    parse: Callable[..., FF] = field(repr=False)
    root: bool = False
    given: type[Fact] | None = None
    absent: Words | None = None

    @property
    def vantage(self) -> Vantage:
        """From where its sources can be read; they share one."""
        return self.sources[0].vantage

    def __call__(self, *readings: object) -> FF:
        return self.parse(*readings)


@overload
def reads(
    a: Source[A], /, *, root: bool = ..., given: type[Fact] | None = ..., absent: Words | None = ...
) -> Callable[[Callable[[A], F]], Recipe[F]]: ...
@overload
def reads(
    a: Source[A], b: Source[B], /, *, root: bool = ..., given: type[Fact] | None = ..., absent: Words | None = ...
) -> Callable[[Callable[[A, B], F]], Recipe[F]]: ...
@overload
def reads(
    a: Source[A],
    b: Source[B],
    c: Source[C],
    /,
    *,
    root: bool = ...,
    given: type[Fact] | None = ...,
    absent: Words | None = ...,
) -> Callable[[Callable[[A, B, C], F]], Recipe[F]]: ...
@overload
def reads(
    a: Source[A],
    b: Source[B],
    c: Source[C],
    d: Source[D],
    /,
    *,
    root: bool = ...,
    given: type[Fact] | None = ...,
    absent: Words | None = ...,
) -> Callable[[Callable[[A, B, C, D], F]], Recipe[F]]: ...
def reads(
    *sources: Source[Any], root: bool = False, given: type[Fact] | None = None, absent: Words | None = None
) -> Callable[[Callable[..., F]], Recipe[F]]:
    """Make a recipe of a parser. The fact is the parser's return type."""

    def make(parse: Callable[..., F]) -> Recipe[F]:
        fact: type[F] | None = get_type_hints(parse).get("return")
        if not (isinstance(fact, type) and issubclass(fact, Fact)):
            raise TypeError(f"{parse.__module__}.{parse.__qualname__} must say which fact it returns")
        if len({source.vantage for source in sources if not isinstance(source, After)}) > 1:
            raise ValueError(f"{parse.__module__}.{parse.__qualname__}: its sources must be of one vantage")
        return Recipe(fact, sources, parse, root, given, absent)

    return make


def recipes(fact: type[F]) -> tuple[Recipe[F], ...]:
    """All recipes of `fact`, best first: the `Recipe` objects of its own module, in the order they stand there."""
    module = sys.modules[fact.__module__]
    return tuple(r for r in vars(module).values() if isinstance(r, Recipe) and r.fact is fact)


def vantages(fact: type[Fact]) -> frozenset[Vantage]:
    """From where `fact` can be read. A fact without recipes is the collector's own observation."""
    return frozenset(recipe.vantage for recipe in recipes(fact)) or frozenset({Vantage.COLLECTOR})


def target_of(fact: type[Fact]) -> Target:
    """What `fact` is about."""
    return Target.INSTANCE if Vantage.OUTSIDE in vantages(fact) else fact.about


@dataclass(frozen=True)
class Snapshot:
    """What is known of one host: facts that were read, and for the others why they were not."""

    facts: Mapping[type[Fact], Fact] = field(default_factory=dict)
    missing: Mapping[type[Fact], Words] = field(default_factory=dict)
    absent: Mapping[type[Fact], Words] = field(default_factory=dict)

    def covers(self, fact: type[Fact]) -> bool:
        """Was reading `fact` tried, whatever came of it?"""
        return fact in self.facts or fact in self.missing or fact in self.absent
