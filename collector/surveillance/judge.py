"""The judge: folds entries into the state of one target. Pure: no I/O, no clock.

Of a server:

    report -> tick (was there a silence?) -> judge its facts -> settle -> compare with the agent's claims -> advance the chain
           -> judge what only the collector saw -> settle

Of an instance see `instances`; of a provider only its registers and the collector's own surveys are judged (`_gathered`).

Laws:
- The collector's verdict counts: every report's facts are judged again, under the policy in force when it was received.
- Same entries in the same order, same policies: same state and same findings, whenever and however often it is done.
- A report older than what is known changes the chain, never the state. In one stream the sequence tells which is older,
  whatever the host's clock says; between streams the time of the survey does.
- Time never runs backwards: neither facts nor receipts are settled before those that were settled already.
- A silence is judged under the policy that was in force when the server was last heard, by whoever finds it.
- If the agent's results differ under the very policy its report names, that is itself a finding (Q-AGT-05).
"""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from checks.fact import Snapshot
from checks.facts.reporting import Agreement, Heartbeat
from checks.policy import Rulebook
from checks.target import Target
from collector.surveillance.agreement import compare, judged, told
from collector.surveillance.arrival import Arrival, Bench
from collector.surveillance.chain import advance
from collector.surveillance.instances import registered, witnessed
from collector.surveillance.join import hold, joined, taken_by, touched
from collector.surveillance.own_facts import HEARTBEAT, OWN, own_facts
from collector.surveillance.settlement import Settlement, Transition
from collector.surveillance.state import State
from collector.surveillance.survey.discovery import SURVEYED
from evidence.report import Report, unpack


def fold(state: State, arrival: Arrival, bench: Bench) -> tuple[State, list[Transition]]:
    """`state` after `arrival`, and the findings that opened or closed with it."""
    if arrival.own:
        return _gathered(state, arrival, bench)
    if arrival.about is Target.INSTANCE:
        return witnessed(state, arrival, bench)
    now = max(arrival.received_at, state.heard_at or arrival.received_at)
    state, transitions = tick(arrival.target, state, now, bench.before or bench.rulebook)
    report = arrival.report
    settle = Settlement(arrival.target, dict(state.current), transitions)
    disputed, compared = state.disputed, state.compared
    taken_at = state.taken_at
    if report is not None and _is_newer(report, arrival, state):
        at = min(report.taken_at, now)
        taken_at = at = max(at, taken_at or at)
        snapshot = unpack(report, bench.facts)
        ours = judged(bench.rulebook, snapshot, at)
        for code, results in ours.items():
            settle.check(bench.rulebook, bench.rulebook.catalogue.checks[code], results, at, arrival.entry)
        state = _joined(state, snapshot, settle, at, arrival.entry, bench.rulebook)
        compared = bench.agents is not None and told(report, ours, bench.rulebook)
        if bench.agents is not None:
            if bench.agents.digest != bench.rulebook.digest or at != report.taken_at:
                ours = judged(bench.agents, snapshot, report.taken_at)
            disputed = compare(report, bench.agents, ours, disputed)
    chain = advance(state.chain, arrival.agent, arrival.digest, report, now)
    if report is not None:
        state = msgspec.structs.replace(
            state, taken_at=taken_at, software=report.software, boot_id=report.boot_id,
            clock_offset=report.clock_offset, policy=report.policy, reports=state.reports + 1,
        )  # fmt: skip
    agreement = Agreement(tuple(disputed[code] for code in sorted(disputed)), compared)
    own = own_facts(settle.known, chain, agreement, now, bench.rulebook)
    for code in OWN:
        check = bench.rulebook.catalogue.checks[code]
        results = bench.rulebook.evaluate(check, own, now)
        settle.check(bench.rulebook, check, results, now, arrival.entry)
    state = msgspec.structs.replace(
        state,
        current=settle.known,
        chain=chain,
        disputed=disputed,
        compared=compared,
        heard_at=now,
        entry=arrival.entry,
    )
    return state, settle.transitions


def _gathered(state: State, arrival: Arrival, bench: Bench) -> tuple[State, list[Transition]]:
    """`state` after the collector's own entry: no sign of life of a server, and no part of its agent's chain.

    Of a provider everything is judged anew: time alone makes contracts end and tickets overdue.
    """
    settle = Settlement(arrival.target, dict(state.current), [])
    if arrival.report is None:
        return state, []
    snapshot = unpack(arrival.report, bench.facts)
    at = max(arrival.received_at, state.taken_at or arrival.received_at)
    if arrival.about is Target.INSTANCE:
        return registered(state, snapshot, arrival, bench, settle)
    if arrival.about is Target.SERVER:
        state = _joined(state, snapshot, settle, at, arrival.entry, bench.rulebook)
        return msgspec.structs.replace(state, current=settle.known), settle.transitions
    checks = bench.rulebook.catalogue.gathered[Target.PROVIDER]
    held = hold(state.held, snapshot, taken_by(checks), at, arrival.entry)
    for check, results, _ in joined(held, checks, bench.rulebook, at):
        settle.check(bench.rulebook, check, results, at, arrival.entry)
    state = msgspec.structs.replace(
        state, current=settle.known, held=held, heard_at=at, taken_at=at, entry=arrival.entry, reports=state.reports + 1
    )
    return state, settle.transitions


def _joined(
    state: State, snapshot: Snapshot, settle: Settlement, at: datetime, entry: int, rulebook: Rulebook
) -> State:
    """Hold what joined checks and the collector's own survey take of `snapshot`, and settle those checks."""
    checks = touched(rulebook.catalogue.gathered[Target.SERVER], snapshot)
    held = hold(state.held, snapshot, {**taken_by(checks), **SURVEYED}, at, entry)
    for check, results, moment in joined(held, checks, rulebook):
        settle.check(rulebook, check, results, moment, entry)
    return msgspec.structs.replace(state, held=held)


def _is_newer(report: Report, arrival: Arrival, state: State) -> bool:
    """Does `report` tell more recent facts than `state` has?"""
    if (arrival.agent, report.stream) == (state.chain.agent, state.chain.stream):
        return report.sequence > state.chain.sequence
    return state.taken_at is None or min(report.taken_at, arrival.received_at) >= state.taken_at


def tick(target: str, state: State, now: datetime, rulebook: Rulebook) -> tuple[State, list[Transition]]:
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
    settle = Settlement(target, dict(state.current), [])
    first = began + timedelta(microseconds=1)
    for moment in dict.fromkeys((first, first + grace)):
        settle.check(rulebook, check, rulebook.evaluate(check, heard, moment), moment, state.entry)
    return msgspec.structs.replace(state, current=settle.known), settle.transitions
