"""Checks whose facts come from several vantages: the latest of such facts are held with the state and judged together. Pure.

Laws:
- A fact is held as it arrived, with the entry it arrived in; an older one never replaces a newer.
- Such a verdict is as old as what was surveyed, whenever somebody wrote in the register.
- Of what others tell nothing is held that is larger than `MOST`: it would be read and written again with every report.
- A register in which nobody has entered anything is absent; a host that has not told yet is waited for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

import msgspec

from checks.check import Check
from checks.fact import Fact, Snapshot, name_of, vantages
from checks.policy import Rulebook
from checks.text import Text, Words
from checks.vantage import Vantage
from checks.verdict import Result
from collector.surveillance.state import Held

MOST = 1 << 19  # bytes of a fact as JSON; what an honest server lists for a baseline is a quarter of that at most
OURS = frozenset({Vantage.REGISTER, Vantage.COLLECTOR})  # bounded where they are made

NOTHING_ENTERED = Text("belum ada yang tercatat di register", "nothing has been entered in the register")


def hold(
    held: Mapping[str, Held], snapshot: Snapshot, facts: Iterable[type[Fact]], at: datetime, entry: int
) -> dict[str, Held]:
    """`held` with what `snapshot`, read at `at` and arrived in `entry`, tells of `facts`."""
    after = dict(held)
    for fact in facts:
        name = name_of(fact)
        if fact in snapshot.facts:
            raw = msgspec.json.encode(snapshot.facts[fact])
            small = len(raw) <= MOST or OURS.issuperset(vantages(fact))
            after[name] = Held(at, entry, raw) if small else Held(at, entry, missing=_too_large(name, len(raw)))
        elif fact in snapshot.missing:
            after[name] = Held(at, entry, missing=snapshot.missing[fact])
        elif fact in snapshot.absent:
            after[name] = Held(at, entry, absent=snapshot.absent[fact])
    return after


def _too_large(name: str, size: int) -> Text:
    return Text(f"{name}: {size} byte; paling banyak {MOST}", f"{name}: {size} bytes; {MOST} at the most")


def taken_by(checks: Iterable[Check]) -> dict[type[Fact], None]:
    """The facts that `checks` take, each once."""
    return {fact: None for check in checks for fact in check.facts}


def joined(
    held: Mapping[str, Held], checks: Iterable[Check], rulebook: Rulebook, now: datetime | None = None
) -> Iterator[tuple[Check, tuple[Result, ...], datetime]]:
    """Each of `checks` whose facts are all held, with its results and the moment they hold for: `now`, or that of the survey."""
    for check in checks:
        whole = _gathered(check, held)
        if whole is not None:
            at = now or _moment(check, held)
            yield check, rulebook.evaluate(check, whole, at), at


def touched(checks: Iterable[Check], snapshot: Snapshot) -> list[Check]:
    """Those of `checks` that take a fact `snapshot` tells of."""
    return [check for check in checks if any(snapshot.covers(fact) for fact in check.facts)]


def _moment(check: Check, held: Mapping[str, Held]) -> datetime:
    """When what was surveyed was read; of registers alone, when the last of them was written."""
    known = {fact: held[name_of(fact)].at for fact in check.facts if name_of(fact) in held}
    surveyed = [at for fact, at in known.items() if vantages(fact) != {Vantage.REGISTER}]
    return max(surveyed or known.values())


def _gathered(check: Check, held: Mapping[str, Held]) -> Snapshot | None:
    facts: dict[type[Fact], Fact] = {}
    missing: dict[type[Fact], Words] = {}
    absent: dict[type[Fact], Words] = {}
    for fact in check.facts:
        one = held.get(name_of(fact))
        if one is None:
            if vantages(fact) != {Vantage.REGISTER}:
                return None
            absent[fact] = NOTHING_ENTERED
        elif one.raw:
            try:
                facts[fact] = msgspec.json.decode(one.raw, type=fact)
            except msgspec.DecodeError as error:  # held by an earlier release, in which the fact was another
                missing[fact] = f"{name_of(fact)}: {error}"
        elif one.absent:
            absent[fact] = one.absent
        else:
            missing[fact] = one.missing
    return Snapshot(facts, missing, absent)
