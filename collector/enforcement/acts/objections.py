"""Objections: filed and taken back by the provider; taken or left, examined, proposed and decided by LKPP."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from collector.accounts.models import Role
from collector.enforcement import ladder, ladder_acts
from collector.enforcement import objection as machine
from collector.enforcement.acts.actions import changed, locked, to_register
from collector.enforcement.acts.performing import Deed, FileDigest, Said, doing, reasoned, told
from collector.enforcement.assembling import case_of, rules_at
from collector.enforcement.deadline import Kind
from collector.enforcement.deadlines import compute, holding
from collector.enforcement.models import Action, Case, Examination, Objection
from collector.enforcement.models.transition import Machine
from collector.enforcement.unlawful import demand

ACT = machine.Act
NOT_ANY_MORE = (Objection.Stage.LEFT, Objection.Stage.TAKEN_BACK)


@dataclass(frozen=True)
class Proposed:
    """An outcome. `drop` (non-conformities the act shall no longer be about) and `more_days` go with "changed"."""

    outcome: machine.Outcome
    drop: Collection[int] = ()
    more_days: int = 0


def file(said: Said, action: int, text: str, letter: FileDigest, evidence: Collection[FileDigest]) -> Objection:
    """The provider objects to an act, with a letter and evidence. After the window it is recorded as late."""
    with doing(said, Role.PROVIDER_ADMIN, Role.PROVIDER_HEAD) as deed:
        case = Action.objects.visible_to(said.account).get(pk=action).case_id
        deed.lock(Case, case)
        if (made := deed.repeated(Machine.OBJECTION)) is not None:
            return Objection.objects.get(pk=made)
        of, _ = locked(deed, action)
        window = holding(of).get(Kind.OBJECTION)
        filed = machine.file(window.due_at if window else None, letter.sha256, len(evidence), said.now)
        demand(
            not of.objections.exclude(stage__in=NOT_ANY_MORE).exists(),
            "Terhadap tindakan ini sudah diajukan keberatan.", "An objection to this act was filed already.",
        )  # fmt: skip
        ladder.after(
            case_of(of.case), ladder_acts.Object(action), rules_at(said.now), said.now
        )  # also a late one needs an act in force
        row = Objection(
            action=of, stage=filed.stage.value, late=filed.late, window_ended_at=window.due_at if window else None,
            text=text.strip(), letter=letter.told(), evidence=told(evidence), filed_by=said.account, filed_at=said.now,
        )  # fmt: skip
        row.save()
        deed.moved(
            Machine.OBJECTION, row, "file", provider=of.case.provider_id, before={}, evidence=[letter, *evidence],
            after={"stage": row.stage, "late": row.late, "action": of.pk, "window": row.window_ended_at}, reason=row.text,
        )  # fmt: skip
        if filed.open:
            _begun(deed, row, of)
    return row


def take(said: Said, key: int) -> Objection:
    """An officer takes a late objection, with a reason: it is open from now on."""
    with doing(said, Role.OFFICER) as deed:
        row, of, go_on = _locked(deed, key)
        if go_on:
            _move(deed, row, ACT.TAKE)
            _begun(deed, row, of)
    return row


def leave(said: Said, key: int) -> Objection:
    """An officer leaves a late objection, with a reason."""
    with doing(said, Role.OFFICER) as deed:
        row, _, go_on = _locked(deed, key)
        if go_on:
            _move(deed, row, ACT.LEAVE)
    return row


def examine(
    said: Said, key: int, kind: Examination.Kind, text: str, party: str = "", files: Collection[FileDigest] = ()
) -> Objection:
    """An officer records an examination or a clarification; `party` names another party than the provider."""
    with doing(said, Role.OFFICER) as deed:
        row, _, go_on = _locked(deed, key)
        if go_on:
            _move(deed, row, ACT.EXAMINE, reason=text, files=files, internal=bool(party), kind=kind.value, party=party)
            Examination.objects.create(
                objection=row, kind=kind, party=party.strip()[:200], text=text.strip(), files=told(files), by=said.account,
                at=said.now,
            )  # fmt: skip
    return row


def propose(said: Said, key: int, proposed: Proposed) -> Objection:
    """An officer proposes the outcome, with the grounds as the reason."""
    with doing(said, Role.OFFICER) as deed:
        row, of, go_on = _locked(deed, key)
        if not go_on:
            return row
        changes = bool(proposed.drop) or proposed.more_days != 0
        demand(
            (proposed.outcome is machine.Outcome.CHANGED) == changes,
            "Perubahan, dan hanya itu, menyebut apa yang diubah.", "A change, and nothing else, says what is changed.",
        )  # fmt: skip
        row.drop, row.more_days, row.proposed_by = sorted(proposed.drop), max(0, proposed.more_days), said.account
        end = ladder_acts.EndObjection(of.pk, drop=frozenset(proposed.drop), more_days=proposed.more_days)
        ladder.after(case_of(of.case), end, rules_at(said.now), said.now)
        row.outcome = proposed.outcome.value
        _move(deed, row, ACT.PROPOSE, internal=True, outcome=proposed.outcome, drop=row.drop, more_days=row.more_days)
    return row


def send_back(said: Said, key: int) -> Objection:
    """An approver does not agree with the proposed outcome, with a reason."""
    with doing(said, Role.APPROVER) as deed:
        row, _, go_on = _locked(deed, key)
        if go_on:
            _move(deed, row, ACT.RETURN, internal=True)
            row.outcome, row.drop, row.more_days, row.proposed_by = "", [], 0, None
            row.save()
    return row


def decide(said: Said, key: int) -> Objection:
    """An approver decides as proposed, with a reason; the act is upheld, changed or withdrawn with it."""
    with doing(said, Role.APPROVER) as deed:
        row, of, go_on = _locked(deed, key)
        if not go_on:
            return row
        end = ladder_acts.EndObjection(
            of.pk, row.outcome == Objection.Outcome.WITHDRAWN, frozenset(row.drop), row.more_days
        )
        row.decided_by, row.decided_at = said.account, said.now
        changed(deed, of, f"objection_{row.outcome}", end)
        if row.more_days and of.received_on is not None:
            compute(of, said.now, f"keberatan {row.pk}: ditambah {row.more_days} hari")
        row.ended_at = said.now
        _move(deed, row, ACT.DECIDE, drop=row.drop, more_days=row.more_days)
        to_register(deed, of)
    return row


def take_back(said: Said, key: int) -> Objection:
    """The provider takes its objection back, with a reason."""
    with doing(said, Role.PROVIDER_HEAD) as deed:
        row, of, go_on = _locked(deed, key)
        if go_on:
            if row.opened_at is not None:
                changed(deed, of, "objection_taken_back", ladder_acts.EndObjection(of.pk))
                row.ended_at = said.now
            _move(deed, row, ACT.TAKE_BACK)
            to_register(deed, of)
    return row


def objection_of(row: Objection) -> machine.Objection:
    """As the machine has it."""
    return machine.Objection(
        machine.Stage(row.stage), row.late, row.examinations.count(),
        machine.Outcome(row.outcome) if row.outcome else None, row.proposed_by_id, row.decided_by_id,
    )  # fmt: skip


def _locked(deed: Deed, key: int) -> tuple[Objection, Action, bool]:
    of = Action.objects.visible_to(deed.said.account).get(objections=key)
    deed.lock(Case, of.case_id)
    row = deed.lock(Objection, key)
    return row, deed.lock(Action, of.pk), deed.fresh(Machine.OBJECTION, row)


def _move(
    deed: Deed, row: Objection, act: machine.Act, *, reason: str | None = None, internal: bool = False,
    files: Collection[FileDigest] = (), outcome: machine.Outcome | None = None, **told_too: object,
) -> None:  # fmt: skip
    why = reasoned(deed.said) if reason is None else reason.strip()
    was = Objection.objects.get(pk=row.pk)
    after = machine.after(objection_of(was), act, deed.said.account.pk, reason=why, outcome=outcome)
    row.stage = after.stage.value
    deed.moved(
        Machine.OBJECTION, row, act.value, provider=row.action.case.provider_id, before={"stage": was.stage},
        after={"stage": row.stage, "outcome": after.outcome, **told_too}, evidence=files, internal=internal, reason=why,
    )  # fmt: skip


def _begun(deed: Deed, row: Objection, of: Action) -> None:
    changed(deed, of, "objected", ladder_acts.Object(of.pk))
    row.opened_at = deed.said.now
    row.save()
    to_register(deed, of)
