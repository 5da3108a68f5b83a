"""The judge: folds entries into the state of one server. Pure: no I/O, no clock.

Laws:
- The collector's verdict counts: every report's facts are judged again, under the policy in force when it was received.
- Same entries in the same order, same policies: same state and same findings, whenever and however often it is done.
- UNKNOWN neither opens nor closes a finding. A finding opens after the check's grace and closes after its recovery.
- A report older than what is known changes the chain, never the state. In one stream the sequence tells which is older,
  whatever the host's clock says; between streams the time of the survey does.
- Time never runs backwards: neither facts nor receipts are settled before those that were settled already.
- A silence is judged under the policy that was in force when the server was last heard, by whoever finds it.
- If the agent's results differ under the very policy its report names, that is itself a finding (Q-AGT-05).
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeAlias

import msgspec

from checks.check import Check
from checks.fact import Fact, Snapshot
from checks.facts.reporting import Agreement, Coverage, Heartbeat, ReportChain
from checks.policy import Rulebook
from checks.text import Text, Words
from checks.verdict import Result, Status
from collector.surveillance.chain import advance
from collector.surveillance.state import Chain, Current, HostState, key, split
from evidence.report import Report, unpack

MOST_SUBJECT, MOST_TEXT = 300, 1000  # characters
MOST_SUBJECTS = 200  # of one check of one server; the rest is judged as one, by the worst of it
MORE = "…"
REST_SHARE, LONGEST_REST = 4, 900  # passing for a quarter of the grace, at most so many seconds, forgets a failure
HEARTBEAT = "L-AVL-12"
OWN = (HEARTBEAT, "Q-AGT-02", "Q-AGT-04", "Q-AGT-05")  # judged from what the collector itself saw
BADNESS = {s: n for n, s in enumerate((Status.NOT_APPLICABLE, Status.PASS, Status.WARN, Status.UNKNOWN, Status.FAIL))}
MEETING = frozenset({Status.PASS, Status.WARN, Status.NOT_APPLICABLE})


@dataclass(frozen=True)
class Arrival:
    """One entry of the ledger as the judge sees it. `report` is None for an equivocation."""

    entry: int
    server: str
    agent: str
    digest: str
    received_at: datetime
    report: Report | None


@dataclass(frozen=True)
class Opened:
    """A finding begins."""

    id: str
    check: Check
    subject: str
    since: datetime
    at: datetime
    measured: Words
    expected: Words
    entry: int


@dataclass(frozen=True)
class Closed:
    """A finding ends."""

    id: str
    at: datetime
    entry: int


Transition: TypeAlias = Opened | Closed


@dataclass(frozen=True)
class Bench:
    """What the judge judges with: the rulebook in force, and for comparing the one the agent used (None: unknown).

    `before`: the rulebook that was in force when the server was last heard, for the silence that ends now (None: the same).
    """

    rulebook: Rulebook
    agents: Rulebook | None
    facts: dict[str, type[Fact]]
    before: Rulebook | None = None


def finding_id(server: str, code: str, subject: str, since: datetime) -> str:
    """The address of a finding: what it is about and since when."""
    return hashlib.sha256(f"{server}|{code}|{subject}|{since.isoformat()}".encode()).hexdigest()[:20]


def fold(state: HostState, arrival: Arrival, bench: Bench) -> tuple[HostState, list[Transition]]:
    """`state` after `arrival`, and the findings that opened or closed with it."""
    now = max(arrival.received_at, state.heard_at or arrival.received_at)
    state, transitions = tick(arrival.server, state, now, bench.before or bench.rulebook)
    report = arrival.report
    settle = Settlement(arrival.server, dict(state.current), transitions)
    disputed, compared = dict(state.disputed), state.compared
    taken_at = state.taken_at
    if report is not None and _is_newer(report, arrival, state):
        at = min(report.taken_at, now)
        taken_at = at = max(at, taken_at or at)
        snapshot = unpack(report, bench.facts)
        ours = _judged(bench.rulebook, snapshot, at)
        for code, results in ours.items():
            settle.check(bench.rulebook, bench.rulebook.catalogue.checks[code], results, at, arrival.entry)
        compared = bench.agents is not None and _told(report, ours, bench.rulebook)
        disputed = _compare(report, snapshot, ours if at == report.taken_at else {}, bench, disputed)
    chain = advance(state.chain, arrival.agent, arrival.digest, report, now)
    if report is not None:
        state = msgspec.structs.replace(
            state, taken_at=taken_at, software=report.software, boot_id=report.boot_id,
            clock_offset=report.clock_offset, policy=report.policy, reports=state.reports + 1,
        )  # fmt: skip
    own = _own_facts(settle.current, chain, Agreement(_sorted(disputed), compared), now, bench.rulebook)
    for code in OWN:
        check = bench.rulebook.catalogue.checks[code]
        results = bench.rulebook.evaluate(check, own, now)
        settle.check(bench.rulebook, check, results, now, arrival.entry)
    state = msgspec.structs.replace(
        state,
        current=settle.current,
        chain=chain,
        disputed=disputed,
        compared=compared,
        heard_at=now,
        entry=arrival.entry,
    )
    return state, settle.transitions


def _is_newer(report: Report, arrival: Arrival, state: HostState) -> bool:
    """Does `report` tell more recent facts than `state` has?"""
    if (arrival.agent, report.stream) == (state.chain.agent, state.chain.stream):
        return report.sequence > state.chain.sequence
    return state.taken_at is None or min(report.taken_at, arrival.received_at) >= state.taken_at


def tick(server: str, state: HostState, now: datetime, rulebook: Rulebook) -> tuple[HostState, list[Transition]]:
    """`state` at `now` with nothing heard meanwhile: if that is a silence, the finding opens where the silence began.

    `rulebook` is the one that was in force when the server was last heard. A grace for L-AVL-12 lengthens what is allowed.
    """
    if state.heard_at is None:
        return state, []
    check = rulebook.catalogue.checks[HEARTBEAT]
    began = state.heard_at + timedelta(seconds=rulebook.policy.silence_after)
    grace = timedelta(seconds=rulebook.grace(check))
    if now <= began + grace:
        return state, []
    heard = Snapshot({Heartbeat: Heartbeat(state.heard_at, rulebook.policy.silence_after)})
    settle = Settlement(server, dict(state.current), [])
    first = began + timedelta(microseconds=1)
    for moment in dict.fromkeys((first, first + grace)):
        settle.check(rulebook, check, rulebook.evaluate(check, heard, moment), moment, state.entry)
    return msgspec.structs.replace(state, current=settle.current), settle.transitions


@dataclass
class Settlement:
    """Settles results into `current` and collects the transitions of findings."""

    server: str
    current: dict[str, Current]
    transitions: list[Transition]
    _names: dict[str, list[str]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        for name in self.current:
            self._names.setdefault(split(name)[0], []).append(name)

    def check(self, rulebook: Rulebook, check: Check, results: Iterable[Result], at: datetime, entry: int) -> None:
        """Settle all results of one check, read at `at` in `entry`."""
        known = self._names.get(check.code, ())
        results = _one_each(_storable(result) for result in results)
        if len(results) == 1 and results[0].status is Status.UNKNOWN and not results[0].subject and known:
            # the thing could not be read: every subject of it is unknown now, none of them is gone
            results = [msgspec.structs.replace(results[0], subject=split(name)[1]) for name in known]
        seen = {key(check.code, result.subject) for result in results}
        for name in known:
            if name not in seen:
                gone = self.current.pop(name)
                if gone.finding:
                    self.transitions.append(Closed(gone.finding, at, entry))
        for result in results:
            name = key(check.code, result.subject)
            self.current[name] = self._one(rulebook, check, result, self.current.get(name), at, entry)
        self._names[check.code] = [key(check.code, result.subject) for result in results]

    def _one(
        self, rulebook: Rulebook, check: Check, result: Result, before: Current | None, at: datetime, entry: int
    ) -> Current:
        status = result.status
        since = before.since if before is not None and before.status is status else at
        failing = before.failing_since if before is not None else None
        passing = before.passing_since if before is not None else None
        finding = before.finding if before is not None else ""
        if status is Status.FAIL:
            failing, passing = failing or at, None
            if not finding and (at - failing).total_seconds() >= rulebook.grace(check):
                finding = finding_id(self.server, check.code, result.subject, failing)
                self.transitions.append(
                    Opened(finding, check, result.subject, failing, at, result.measured, result.expected, entry)
                )
        elif status in MEETING:
            passing = passing or at
            if not finding:  # one pass among failures does not begin the grace anew
                rest = min(rulebook.grace(check) / REST_SHARE, LONGEST_REST)
                failing = failing if failing and (at - passing).total_seconds() < rest else None
            elif (at - passing).total_seconds() >= rulebook.recovery(check):
                self.transitions.append(Closed(finding, at, entry))
                failing, finding = None, ""
        else:
            passing = None
        return Current(
            status, since, at, entry, result.measured, result.expected, result.value, failing, passing, finding
        )


def _storable(result: Result) -> Result:
    """What fits a row, whatever the facts held: no NUL in the subject, texts of bounded length, a value that is a float."""
    subject = result.subject.replace("\0", "?")[:MOST_SUBJECT]
    measured, expected = _cut(result.measured), _cut(result.expected)
    try:
        value = float(result.value) if result.value is not None else None
    except OverflowError:
        value = None
    return Result(result.check, result.status, measured, expected, subject, value)


def _cut(said: Words) -> Words:
    if isinstance(said, str):
        return said if len(said) <= MOST_TEXT else said[:MOST_TEXT] + "…"
    return (
        said
        if max(len(said.id), len(said.en)) <= MOST_TEXT
        else Text(said.id[:MOST_TEXT] + "…", said.en[:MOST_TEXT] + "…")
    )


def _one_each(results: Iterable[Result]) -> list[Result]:
    """One result per subject, the worst: a finding is about a subject, and cannot be open and closed at once."""
    worst: dict[str, Result] = {}
    for result in results:
        held = worst.get(result.subject)
        if held is None or BADNESS[result.status] > BADNESS[held.status]:
            worst[result.subject] = result
    if len(worst) <= MOST_SUBJECTS:
        return list(worst.values())
    ranked = sorted(worst.values(), key=lambda one: BADNESS[one.status], reverse=True)
    kept, rest = ranked[: MOST_SUBJECTS - 1], ranked[MOST_SUBJECTS - 1 :]
    more = Text(f"{len(rest)} subjek lain", f"{len(rest)} more subjects")
    return [*kept, Result(rest[0].check, rest[0].status, more, rest[0].expected, MORE)]


def _judged(rulebook: Rulebook, snapshot: Snapshot, at: datetime) -> dict[str, tuple[Result, ...]]:
    """Results of every check whose facts this snapshot covers, by code."""
    return {
        check.code: rulebook.evaluate(check, snapshot, at)
        for check in rulebook.catalogue
        if check.facts and all(snapshot.covers(fact) for fact in check.facts)
    }


def _compare(
    report: Report, snapshot: Snapshot, ours: Mapping[str, tuple[Result, ...]], bench: Bench, disputed: dict[str, str]
) -> dict[str, str]:
    """Where the agent's results differ from what its own rulebook says of its own facts."""
    if bench.agents is None:
        return disputed
    if bench.agents.digest != bench.rulebook.digest or not ours:
        ours = _judged(bench.agents, snapshot, report.taken_at)
    theirs: dict[str, list[Result]] = {}
    for result in report.results:
        theirs.setdefault(result.check, []).append(result)
    for code, results in theirs.items():
        if code not in bench.agents.catalogue.checks or code in OWN:
            continue
        claimed = _said(results)
        found = _said(ours[code]) if code in ours else "no facts"
        if claimed == found:
            disputed.pop(code, None)
        else:
            disputed[code] = f"{code}: agent {claimed}, collector {found}"[:200]
    return disputed


def _told(report: Report, ours: Collection[str], rulebook: Rulebook) -> bool:
    """Did the agent claim a result for every check that was due with this report?"""
    claimed = {result.check for result in report.results}
    return all(code in claimed for code in ours if rulebook.catalogue.checks[code].every == report.every)


def _said(results: Iterable[Result]) -> str:
    return ", ".join(sorted(f"{result.subject} {result.status}".strip() for result in results))


def _sorted(disputed: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(disputed[code] for code in sorted(disputed))


def _own_facts(
    current: Mapping[str, Current], chain: Chain, agreement: Agreement, now: datetime, rulebook: Rulebook
) -> Snapshot:
    determined, applicable = _coverage(current, rulebook)
    holes = chain.holes
    return Snapshot(
        {
            Heartbeat: Heartbeat(now, rulebook.policy.silence_after),
            ReportChain: ReportChain(
                missing=sum(hole.last - hole.first + 1 for hole in holes if not hole.reason),
                lost=sum(hole.last - hole.first + 1 for hole in holes if hole.reason),
                broken_at=chain.broken_at,
                restarted_at=chain.restarted_at,
                equivocation_at=chain.equivocation_at,
                cloned_at=chain.cloned_at,
            ),
            Agreement: agreement,
            Coverage: Coverage(determined, applicable),
        }
    )


def _coverage(current: Mapping[str, Current], rulebook: Rulebook) -> tuple[int, int]:
    """How many checks a host can answer were determined, and how many apply. What was never reported applies."""
    seen: dict[str, set[Status]] = {}
    for name, one in current.items():
        seen.setdefault(split(name)[0], set()).add(one.status)
    determined = applicable = 0
    for check in rulebook.catalogue.answerable:
        statuses = seen.get(check.code, {Status.UNKNOWN})
        if statuses != {Status.NOT_APPLICABLE}:
            applicable += 1
            determined += Status.UNKNOWN not in statuses
    return determined, applicable
