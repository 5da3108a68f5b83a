"""The results of one target as pages show them: with what disputes them, and what each vantage point says.

Laws:
- Each status is computed at the moment of looking: what grew stale since the last report is shown as stale.
- Waived failures stay in the list, with what was measured.
- A pass that probers contradict is shown as disputed, with both sides; only where its check passes on every subject.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from checks.policy import Rulebook
from checks.text import Text, Words
from checks.verdict import BADNESS, Status
from collector.accounts.models import Account
from collector.console.access import visible
from collector.console.findings import RANK
from collector.console.reference import About, about, about_code
from collector.surveillance.disputes import Dispute, Disputes
from collector.surveillance.models import Finding
from collector.surveillance.standing import Shown, shown
from collector.surveillance.state import Current, State

ORDER = (
    Shown.FAIL, Shown.DISPUTED, Shown.WARN, Shown.UNKNOWN, Shown.STALE, Shown.WAIVED, Shown.PASS, Shown.NOT_APPLICABLE,
)  # fmt: skip
FOLDED = frozenset({Shown.PASS, Shown.NOT_APPLICABLE})


@dataclass(frozen=True)
class Side:
    """What contradicts a pass: the dispute, the outside check that fails, and its open finding (empty: still in its grace)."""

    dispute: Dispute
    outside: About | None
    finding: str


@dataclass(frozen=True)
class Seen:
    """What one vantage point says of one subject of one check, the worst where it says several things."""

    vantage: str
    status: str
    measured: Words
    at: datetime


@dataclass(frozen=True)
class Shows:
    """One result as shown. `check` is None where this release no longer has it."""

    code: str
    subject: str
    check: About | None
    status: str
    current: Current
    sides: tuple[Side, ...] = ()
    seen: tuple[Seen, ...] = ()

    @property
    def title(self) -> Words:
        """What its check asks for; where it fails, that it is not met."""
        fails = self.current.status is Status.FAIL
        if self.check is None:
            return Text(f"Tidak terpenuhi: {self.code}", f"Not met: {self.code}") if fails else self.code
        return self.check.breach if fails else self.check.title

    @property
    def in_grace(self) -> bool:
        """Does it fail without being a finding yet?"""
        return self.status == Shown.FAIL and not self.current.finding

    @property
    def split(self) -> bool:
        """Do vantage points see different things? One that could not tell says nothing."""
        return len({one.status for one in self.seen} - {Shown.UNKNOWN.value, Shown.STALE.value}) > 1

    @property
    def order(self) -> tuple[int, int, str, str]:
        """Sorts what needs attention first."""
        severity = RANK[self.check.severity] if self.check else len(RANK)
        return (ORDER.index(Shown(self.status)), severity, self.code, self.subject)


@dataclass(frozen=True)
class Group:
    """Results of one status, by severity, code and subject. `folded`: shown when it is asked for."""

    status: str
    results: list[Shows]
    folded: bool


@dataclass(frozen=True)
class Chip:
    """One status to filter by, with how many results have it."""

    status: str
    count: int
    chosen: bool


def all_results(
    state: State,
    rulebook: Rulebook,
    waived: Collection[tuple[str, str]],
    now: datetime,
    sides: Mapping[str, tuple[Side, ...]] | None = None,
) -> list[Shows]:
    """Every verdict of one target as it is shown at `now`. `sides`: what contradicts a pass, by codes."""
    against = contested(state, rulebook, waived, now, sides or {})
    found = []
    for code, subject, current in state.verdicts():
        check = rulebook.catalogue.checks.get(code)
        status = shown(code, subject, current, check, rulebook, waived, now)
        mine = (sides or {}).get(code, ()) if code in against and status is Shown.PASS else ()
        status = Shown.DISPUTED if mine else status
        seen = _seen(state, rulebook, code, subject, now)
        found.append(Shows(code, subject, about(check) if check else None, status.value, current, mine, seen))
    return sorted(found, key=lambda result: result.order)


def contested(
    state: State, rulebook: Rulebook, waived: Collection[tuple[str, str]], now: datetime, against: Collection[str]
) -> set[str]:
    """Those of the codes `against` whose check passes: a pass on some subject, and nothing worse on another."""
    found = set()
    for code in against:
        check = rulebook.catalogue.checks.get(code)
        said = {
            shown(code, subject, current, check, rulebook, waived, now)
            for subject, current in state.current.get(code, {}).items()
        }
        if Shown.PASS in said and said <= FOLDED | {Shown.WAIVED}:
            found.add(code)
    return found


def sides_of(account: Account, found: Disputes) -> dict[str, tuple[Side, ...]]:
    """`found` with the findings that `account` may see."""
    instances = {one.instance.pk for disputes in found.values() for one in disputes}
    rows = visible(Finding, account).filter(target_id__in=instances, closed_at__isnull=True).order_by()
    keys = {tuple(said): key for key, *said in rows.values_list("pk", "target_id", "check_code", "subject")}
    return {
        code: tuple(
            Side(
                one,
                about_code(one.contradiction.outside),
                keys.get((one.instance.pk, one.seen.check, one.seen.subject), ""),
            )
            for one in disputes
        )
        for code, disputes in found.items()
    }


def chips(results: list[Shows], wanted: str) -> list[Chip]:
    """One for each status that occurs, in their order."""
    counts = Counter(result.status for result in results)
    return [Chip(status.value, counts[status.value], status == wanted) for status in ORDER if counts[status.value]]


def grouped(results: list[Shows], *, unfold: bool) -> list[Group]:
    """`results`, in their order, by status. What is well is folded unless `unfold`."""
    by_status: dict[str, list[Shows]] = {}
    for result in results:
        by_status.setdefault(result.status, []).append(result)
    return [Group(status, found, status in FOLDED and not unfold) for status, found in by_status.items()]


def _seen(state: State, rulebook: Rulebook, code: str, subject: str, now: datetime) -> tuple[Seen, ...]:
    """What every vantage point says; nothing for targets that have none. Of two keys of one name the newer counts."""
    check = rulebook.catalogue.checks.get(code)
    found: dict[str, Seen] = {}
    views = [(view.said[code], view.name) for view in state.views.values() if code in view.said]
    for said, name in sorted(views, key=lambda one: one[0].at):
        results = [one for one in said.results if one.subject in (subject, "")]
        if not results:
            continue
        worst = max(results, key=lambda one: BADNESS[one.status])
        stale = check is None or (now - said.at).total_seconds() > rulebook.stale(check)
        status = Shown.STALE.value if stale else worst.status.value
        found[name] = Seen(name, status, worst.measured, said.at)
    return tuple(found[name] for name in sorted(found))
