"""Folds what probers report into the state of one instance. Pure: no I/O, no clock.

    a prober's report -> judge its facts -> remember what this prober sees -> what do all of them agree on? -> settle

Laws:
- Every prober has a view and a chain of its own; what counts is what a quorum of them sees (`quorum`).
- Two keys of one name are one vantage point: that of which the newer survey is has its vote.
- A prober that is revoked has no view any more.
- A view that is stale does not vote. Whether it is, is told by the newest survey of the instance, never by who looks.
- A prober's report older than what is known of its view changes its chain, never the view.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

import msgspec

from checks.check import Check
from checks.fact import Snapshot
from checks.target import Target
from collector.surveillance.agreement import judged
from collector.surveillance.arrival import Arrival, Bench
from collector.surveillance.chain import advance
from collector.surveillance.join import hold, joined, taken_by, touched
from collector.surveillance.quorum import agreed
from collector.surveillance.settlement import Settlement, Transition
from collector.surveillance.state import Held, Said, State, View
from collector.surveillance.uptime import ANSWERS, answering, extended
from evidence.report import Report, unpack


def witnessed(state: State, arrival: Arrival, bench: Bench) -> tuple[State, list[Transition]]:
    """`state` of an instance after a prober's report, and the findings that opened or closed with it."""
    now = max(arrival.received_at, state.heard_at or arrival.received_at)
    state = _without(state, bench)
    view = state.views.get(arrival.agent, View())
    settle = Settlement(arrival.target, dict(state.current), [])
    report = arrival.report
    if report is not None and _is_newer(report, arrival, view):
        at = min(report.taken_at, now)
        at = max(at, view.taken_at or at)
        snapshot = unpack(report, bench.facts)
        said = {
            code: Said(at, arrival.entry, results) for code, results in judged(bench.rulebook, snapshot, at).items()
        }
        checks = touched(bench.rulebook.catalogue.gathered[Target.INSTANCE], snapshot)
        held = hold(view.held, snapshot, taken_by(checks), at, arrival.entry)
        said |= _joined(held, state.held, checks, at, arrival.entry, bench)
        view = msgspec.structs.replace(view, name=report.vantage, taken_at=at, said={**view.said, **said}, held=held)
        state = _with(state, arrival.agent, view)
        _settle(state, said, settle, arrival.entry, bench)
        state = _timed(state, settle, bench)
    view = msgspec.structs.replace(view, chain=advance(view.chain, arrival.agent, arrival.digest, report, now))
    state = msgspec.structs.replace(
        _with(state, arrival.agent, view),
        current=settle.known,
        heard_at=now,
        taken_at=_newest(state) or now,
        entry=arrival.entry,
        reports=state.reports + (report is not None),
    )
    return state, settle.transitions


def registered(
    state: State, snapshot: Snapshot, arrival: Arrival, bench: Bench, settle: Settlement
) -> tuple[State, list[Transition]]:
    """`state` of an instance after a change of a register (an approved baseline): every view is compared with it again."""
    checks = touched(bench.rulebook.catalogue.gathered[Target.INSTANCE], snapshot)
    held = hold(state.held, snapshot, taken_by(checks), arrival.received_at, arrival.entry)
    state = msgspec.structs.replace(_without(state, bench), held=held)
    codes: set[str] = set()
    for agent, view in state.views.items():
        if view.taken_at is None:
            continue
        said = _joined(view.held, held, checks, view.taken_at, arrival.entry, bench)
        codes |= said.keys()
        state = _with(state, agent, msgspec.structs.replace(view, said={**view.said, **said}))
    _settle(state, codes, settle, arrival.entry, bench)
    return msgspec.structs.replace(state, current=settle.known), settle.transitions


def _settle(state: State, codes: Iterable[str], settle: Settlement, entry: int, bench: Bench) -> None:
    """Settle what a quorum of the views that are not stale says of each of `codes`."""
    rulebook = bench.rulebook
    now = _newest(state)
    for code in codes:
        check = rulebook.catalogue.checks[code]
        seen: dict[str, Said] = {}
        for view in state.views.values():
            said = view.said.get(code)
            if said is None or now is None or (now - said.at).total_seconds() > rulebook.stale(check):
                continue
            if view.name not in seen or (seen[view.name].at, seen[view.name].entry) < (said.at, said.entry):
                seen[view.name] = said
        if seen and now is not None:
            votes = {name: said.results for name, said in seen.items()}
            settle.check(rulebook, check, agreed(code, votes, rulebook.policy.quorum), now, entry)


def _timed(state: State, settle: Settlement, bench: Bench) -> State:
    """`state` with the time since the last survey added to when it answered."""
    now = _newest(state)
    if now is None:
        return state
    patience = bench.rulebook.stale(bench.rulebook.catalogue.checks[ANSWERS[0]])
    fresh = sum(
        view.taken_at is not None and (now - view.taken_at).total_seconds() <= patience for view in state.views.values()
    )
    segments = extended(state.segments, answering(settle.known), fresh, now, patience)
    return msgspec.structs.replace(state, segments=segments)


def _joined(
    own: Mapping[str, Held],
    registers: Mapping[str, Held],
    checks: Iterable[Check],
    at: datetime,
    entry: int,
    bench: Bench,
) -> dict[str, Said]:
    """What one view says of the checks that take registers too."""
    held = {**registers, **own}
    return {check.code: Said(at, entry, results) for check, results, _ in joined(held, checks, bench.rulebook, at)}


def _without(state: State, bench: Bench) -> State:
    """`state` without the views of probers that were revoked: who is not believed any more does not vote."""
    if bench.revoked.isdisjoint(state.views):
        return state
    views = {agent: view for agent, view in state.views.items() if agent not in bench.revoked}
    return msgspec.structs.replace(state, views=views)


def _with(state: State, agent: str, view: View) -> State:
    return msgspec.structs.replace(state, views={**state.views, agent: view})


def _newest(state: State) -> datetime | None:
    """When the newest survey of the instance was taken. It never runs backwards, though a view may be gone."""
    taken = [view.taken_at for view in state.views.values() if view.taken_at is not None]
    return max([*taken, state.taken_at] if state.taken_at is not None else taken, default=None)


def _is_newer(report: Report, arrival: Arrival, view: View) -> bool:
    if report.stream == view.chain.stream:
        return report.sequence > view.chain.sequence
    return view.taken_at is None or min(report.taken_at, arrival.received_at) >= view.taken_at
