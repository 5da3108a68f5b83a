"""The ladder of acts: recommendation, warning, revocation of a certificate, termination (152/2022, 2.2). Pure.

Laws:
- No rung is skipped: each item of an act was the subject of the rung below, in force, received, whose time for improvement and
  window for objecting ran out while the item stayed open. The one door beside is a breach of the SLA, which opens termination from
  any rung, with the clause named. What holds when an act is proposed must hold again when it is issued.
- An act is proposed, approved and issued by people. Who proposed never approves; revocation and termination need two different
  approvers besides. A letter's number is given at issue.
- Machine evidence bears an act only where enough of the checks of its standard were determined (the rules' coverage floor), and
  only while machines find it still. Before an act is issued the provider had its say: it answered, or the rules' time for that
  is over.
- A revocation is of one standard. A termination names its form.
- Improvement is that a person closed or dismissed every item. An item that machines still find is dismissed with a
  reason, not closed.
- A case is closed by a person, when all its items are settled and nothing of it is pending, objected to, or open
  to objection. Closed stays closed.
- An objection changes an act only to the milder.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from checks.calendar import WIB
from collector.enforcement.case import Action, Case, Item, Pause, Stage, passed
from collector.enforcement.deadline import end_of
from collector.enforcement.ladder_acts import (
    Act,
    Add,
    Approve,
    AskWithdrawal,
    Close,
    EndObjection,
    Issue,
    Object,
    Propose,
    Receive,
    Reject,
    Retract,
    Settle,
    Withdraw,
)
from collector.enforcement.rules import Rules
from collector.enforcement.rungs import Rung
from collector.enforcement.unlawful import Unlawful, demand

STAGES: Mapping[type, frozenset[Stage]] = {
    Approve: frozenset({Stage.PROPOSED}),
    Reject: frozenset({Stage.PROPOSED, Stage.APPROVED}),
    Retract: frozenset({Stage.PROPOSED, Stage.APPROVED}),
    Issue: frozenset({Stage.APPROVED}),
    Receive: frozenset({Stage.ISSUED, Stage.RECEIVED}),
    Object: frozenset({Stage.ISSUED, Stage.RECEIVED}),
    EndObjection: frozenset({Stage.ISSUED, Stage.RECEIVED}),
    AskWithdrawal: frozenset({Stage.ISSUED, Stage.RECEIVED}),
    Withdraw: frozenset({Stage.ISSUED, Stage.RECEIVED}),
}
"""In which stages of an act what may be done to it."""


def allowed(case: Case, act: Act, rules: Rules, now: datetime) -> bool:
    """May `act` be done?"""
    try:
        after(case, act, rules, now)
    except Unlawful:
        return False
    return True


def after(case: Case, act: Act, rules: Rules, now: datetime) -> Case:
    """The case after `act`. `rules` are those in force at `now`: an act keeps those of its proposal. Raises Unlawful."""
    demand(not case.closed, "Kasus ini sudah ditutup; buka kasus baru.", "This case is closed; open a new one.")
    match act:
        case Propose():
            return case.with_action(_proposed(case, act, rules, now))
        case Add(item):
            demand(
                all(one.id != item.id for one in case.items),
                "Ketidaksesuaian itu sudah ada dalam kasus ini.", "That non-conformity is in this case already.",
            )  # fmt: skip
            return case.with_item(item)
        case Settle(key, corrected):
            return case.with_item(_settled(case.item(key), corrected))
        case Close():
            return _closed(case, now)
    action = case.action(act.action)
    demand(
        action.stage in STAGES[type(act)],
        f'Pada tahap "{TOLD[action.stage][0]}" hal itu tidak dapat dilakukan.',
        f"That cannot be done to an act that is {TOLD[action.stage][1]}.",
    )
    return case.with_action(_changed(case, action, act, now))


TOLD: Mapping[Stage, tuple[str, str]] = {
    Stage.PROPOSED: ("diusulkan", "proposed"), Stage.APPROVED: ("disetujui", "approved"),
    Stage.ISSUED: ("diterbitkan", "issued"), Stage.RECEIVED: ("diterima", "received"),
    Stage.REJECTED: ("ditolak", "rejected"), Stage.RETRACTED: ("dibatalkan pengusul", "retracted"),
    Stage.WITHDRAWN: ("dicabut", "withdrawn"),
}  # fmt: skip


def unfounded(case: Case) -> tuple[Action, ...]:
    """Acts in force, not through the door of the SLA, whose lower rung is no longer in force: a person must decide on them."""
    return tuple(
        one for one in case.actions
        if one.in_force and one.rung.before and not one.sla_clause and not all(_stood(case, one, key) for key in one.items)
    )  # fmt: skip


def _changed(case: Case, action: Action, act: Act, now: datetime) -> Action:
    match act:
        case Approve(by=by):
            return _approved(action, by)
        case Reject(by=by):
            demand(
                by != action.proposed_by, "Pengusul tidak memutus usulannya sendiri.", "Who proposed does not decide."
            )
            return replace(action, stage=Stage.REJECTED)
        case Retract(by=by):
            demand(
                by == action.proposed_by, "Hanya pengusul yang membatalkan usulannya.", "Only its proposer retracts it."
            )
            return replace(action, stage=Stage.RETRACTED)
        case Issue(letter=letter):
            demand(
                bool(letter.strip()),
                "Tindakan diterbitkan dengan nomor surat.",
                "An act is issued with a letter number.",
            )
            _founded(case, action, now)
            _heard(case, action, now)
            return replace(action, stage=Stage.ISSUED, letter=letter.strip(), issued_at=now)
        case Receive(on=on, window_ends=window_ends, improve_by=improve_by):
            return replace(action, stage=Stage.RECEIVED, received_on=on, window_ends=window_ends, improve_by=improve_by)
        case Object():
            demand(not action.objected, "Masih ada keberatan yang terbuka.", "An objection is open already.")
            pause = Pause(now, None, action.rules.objection_suspends)
            return replace(action, pauses=(*action.pauses, pause))
        case EndObjection():
            return _after_objection(action, act, now)
        case AskWithdrawal(by=by):
            demand(
                action.withdrawal_asked_by is None, "Pencabutan sudah diusulkan.", "Withdrawal was asked for already."
            )
            return replace(action, withdrawal_asked_by=by)
        case Withdraw(by=by):
            demand(
                action.withdrawal_asked_by is not None, "Pencabutan belum diusulkan.", "Nobody asked for withdrawal."
            )
            demand(by != action.withdrawal_asked_by, "Pengusul tidak menyetujui sendiri.", "Who asked does not decide.")
            demand(not action.objected, "Putuskan keberatannya lebih dulu.", "Decide the objection first.")
            return replace(action, stage=Stage.WITHDRAWN)
    raise AssertionError(act)


def _proposed(case: Case, act: Propose, rules: Rules, now: datetime) -> Action:
    action = Action(act.action, act.rung, act.items, act.by, rules, sla_clause=act.sla_clause.strip(), form=act.form)
    demand(
        not action.sla_clause or action.rung is Rung.TERMINATION,
        "Pelanggaran SLA hanya membuka penghentian layanan.", "A breach of the SLA opens termination only.",
    )  # fmt: skip
    demand(
        (action.rung is Rung.TERMINATION) == (action.form is not None),
        "Penghentian layanan, dan hanya itu, menyebut bentuknya.", "A termination, and nothing else, names its form.",
    )  # fmt: skip
    demand(
        bool(action.items) or bool(action.sla_clause),
        "Pilih ketidaksesuaian yang menjadi dasarnya.", "Choose the non-conformities it is about.",
    )  # fmt: skip
    for other in case.actions:
        clash = other.rung is action.rung and (other.pending or other.in_force)
        same = bool(other.items & action.items) or action.rung is Rung.TERMINATION
        demand(
            not (clash and same),
            "Tindakan yang sama atas ketidaksesuaian itu sudah ada.", "There is such an act on these non-conformities already.",
        )  # fmt: skip
    standards = case.standards(action.items)
    demand(
        action.rung is not Rung.REVOCATION or len(standards) == 1,
        "Pencabutan sertifikat adalah per standar.", "A revocation is of one standard.",
    )  # fmt: skip
    _founded(case, action, now)
    for standard in sorted({case.item(key).standard for key in action.items if case.item(key).machine}):
        share = act.coverage.get(standard, 0.0)
        demand(
            share >= rules.coverage_floor,
            f"Cakupan pemeriksaan standar {standard} {share:.0%}, di bawah batas {rules.coverage_floor:.0%}.",
            f"Only {share:.0%} of the checks of standard {standard} were determined; the floor is {rules.coverage_floor:.0%}.",
        )
    return action


def _founded(case: Case, action: Action, now: datetime) -> None:
    """What must hold when an act is proposed, and again when it is issued."""
    for key in sorted(action.items):
        item = case.item(key)
        demand(not item.settled, "Ada ketidaksesuaian yang sudah selesai.", "One of the non-conformities is settled.")
        demand(
            item.found,
            "Mesin tidak lagi menemukannya; periksa, lalu tutup ketidaksesuaiannya.",
            "Machines no longer find it; verify, then close the non-conformity.",
        )
        if action.rung.before and not action.sla_clause:
            demand(
                any(one.ran_out(now) for one in case.actions if one.rung is action.rung.before and key in one.items),
                f"{action.rung.named.id} harus didahului {action.rung.before.named.id.lower()} yang sudah diterima, dengan waktu "
                "perbaikan yang sudah lewat dan tanpa keberatan yang menghentikannya.",
                f"{action.rung.named.en} must follow a {action.rung.before.named.en.lower()} that was received, whose time for "
                "improvement is over, and which no objection suspends.",
            )


def _heard(case: Case, action: Action, now: datetime) -> None:
    for item in map(case.item, sorted(action.items)):
        demand(
            item.answered or now >= item.told_at + timedelta(days=action.rules.answer_days),
            "Waktu tanggapan penyedia belum lewat.", "The provider's time to answer is not over yet.",
        )  # fmt: skip


def _stood(case: Case, action: Action, key: int) -> bool:
    return any(one.in_force and one.rung is action.rung.before and key in one.items for one in case.actions)


def _approved(action: Action, by: int) -> Action:
    demand(by != action.proposed_by, "Pengusul tidak menyetujui usulannya sendiri.", "Who proposed does not approve.")
    demand(by not in action.approved_by, "Anda sudah menyetujuinya.", "You have approved it already.")
    people = action.approved_by | {by}
    enough = len(people) >= action.rules.quorum(action.rung)
    return replace(action, approved_by=people, stage=Stage.APPROVED if enough else Stage.PROPOSED)


def _after_objection(action: Action, act: EndObjection, now: datetime) -> Action:
    demand(action.objected, "Tidak ada keberatan yang terbuka.", "No objection is open.")
    demand(act.drop <= action.items, "Itu bukan bagian dari tindakan ini.", "That is not part of this act.")
    demand(
        act.more_days >= 0 and (act.drop < action.items or not action.items or not act.drop),
        "Keberatan hanya meringankan; bila semuanya gugur, cabut tindakannya.",
        "An objection only makes an act milder; if nothing is left of it, withdraw it.",
    )
    pauses = tuple(pause if pause.until else replace(pause, until=now) for pause in action.pauses)
    due = action.improve_by
    if due is not None and act.more_days:
        due = end_of(due.astimezone(WIB).date() + timedelta(days=act.more_days))
    stage = Stage.WITHDRAWN if act.withdraws else action.stage
    return replace(
        action,
        pauses=pauses,
        items=action.items - act.drop,
        improve_by=due,
        more_days=action.more_days + act.more_days,
        stage=stage,
    )


def _settled(item: Item, corrected: bool) -> Item:
    demand(not item.settled, "Ketidaksesuaian itu sudah selesai.", "That non-conformity is settled already.")
    demand(
        not (corrected and item.machine and item.found),
        "Mesin masih menemukannya; kesampingkan dengan alasan, atau tunggu sampai diperbaiki.",
        "Machines still find it; dismiss it with a reason, or wait until it is corrected.",
    )
    return replace(item, settled=True)


def _closed(case: Case, now: datetime) -> Case:
    demand(case.improved, "Masih ada ketidaksesuaian yang terbuka.", "Some non-conformity is still open.")
    demand(
        not any(one.pending or one.objected for one in case.actions),
        "Masih ada usulan atau keberatan yang terbuka.", "A proposal or an objection is still open.",
    )  # fmt: skip
    for one in case.actions:
        demand(
            not one.in_force or (one.window_ends is not None and passed(one.window_ends, now)),
            "Masih ada tindakan yang belum diterima atau yang masih dapat diajukan keberatan.",
            "Some act was not received yet, or may still be objected to.",
        )
    return replace(case, closed=True)
