"""Acts of the ladder: proposed, approved, rejected, retracted, issued, withdrawn."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from collector.accounts.models import Role
from collector.enforcement import case as pure
from collector.enforcement import ladder, ladder_acts
from collector.enforcement.acts.performing import Deed, Said, doing, reasoned
from collector.enforcement.assembling import case_of, coverage_of, rules_at
from collector.enforcement.models import Action, Approval, Case
from collector.enforcement.models.transition import Machine
from collector.enforcement.recommendations import enter_recommendations
from collector.enforcement.rungs import Form, Rung
from collector.enforcement.unlawful import Unlawful, demand


@dataclass(frozen=True)
class Proposal:
    """What an officer proposes. `items`: non-conformities of the case; the last three for a termination only."""

    rung: Rung
    items: Collection[int]
    sla_clause: str = ""
    form: Form | None = None
    form_text: str = ""


def propose(said: Said, case: int, proposal: Proposal) -> Action:
    """An officer proposes an act, with its grounds as the reason."""
    with doing(said, Role.OFFICER) as deed:
        of = deed.lock(Case, case)
        if (made := deed.repeated(Machine.ACTION)) is not None:
            return Action.objects.get(pk=made)
        deed.fresh(Machine.CASE, of)
        why = reasoned(said)
        demand(
            proposal.form is not Form.OTHER or bool(proposal.form_text.strip()),
            "Uraikan bentuk lainnya.", "Describe the other form.",
        )  # fmt: skip
        rules = rules_at(said.now)
        coverage = coverage_of(of.provider_id)
        asked = ladder_acts.Propose(
            0, proposal.rung, frozenset(proposal.items), said.account.pk, coverage, proposal.sla_clause, proposal.form
        )
        before = case_of(of)
        ladder.after(before, asked, rules, said.now)
        standards = sorted(before.standards(asked.items))
        row = Action.objects.create(
            case=of, rung=proposal.rung.value, standards="".join(standards), grounds=why,
            sla_clause=proposal.sla_clause.strip()[:500], form=proposal.form.value if proposal.form else "",
            form_text=proposal.form_text.strip()[:500],
            coverage={letter: f"{coverage[letter]:.4f}" for letter in standards if letter in coverage},
            rules=rules.encode().decode(), proposed_by=said.account, proposed_at=said.now,
        )  # fmt: skip
        row.items.set(asked.items)
        deed.moved(
            Machine.ACTION, row, "propose", provider=of.provider_id, before={}, internal=True, reason=why,
            after={"stage": row.stage, "rung": row.rung, "items": sorted(asked.items), "rules": rules.version,
                   "coverage": row.coverage, "sla_clause": row.sla_clause, "form": row.form},
        )  # fmt: skip
    return row


def approve(said: Said, action: int) -> Action:
    """An approver approves. Whether it suffices, the rules of the act say."""
    with doing(said, Role.APPROVER) as deed:
        row, go_on = locked(deed, action)
        if go_on:
            changed(deed, row, "approve", ladder_acts.Approve(action, said.account.pk), internal=True)
            Approval.objects.create(action=row, by=said.account, at=said.now, reason=said.reason.strip())
    return row


def reject(said: Said, action: int) -> Action:
    """An approver rejects a proposal, with a reason."""
    with doing(said, Role.APPROVER) as deed:
        row, go_on = locked(deed, action)
        if go_on:
            reasoned(said)
            changed(deed, row, "reject", ladder_acts.Reject(action, said.account.pk), internal=True)
    return row


def retract(said: Said, action: int) -> Action:
    """Its proposer takes a proposal back, with a reason."""
    with doing(said, Role.OFFICER) as deed:
        row, go_on = locked(deed, action)
        if go_on:
            reasoned(said)
            changed(deed, row, "retract", ladder_acts.Retract(action, said.account.pk), internal=True)
    return row


def issue(said: Said, action: int, letter: str) -> Action:
    """An officer or approver issues an approved act under the number of its letter."""
    with doing(said, Role.OFFICER, Role.APPROVER) as deed:
        row, go_on = locked(deed, action)
        if not go_on:
            return row
        try:
            with transaction.atomic():
                changed(deed, row, "issue", ladder_acts.Issue(action, letter[:100]), after=_issued(said))
        except IntegrityError as error:
            raise Unlawful("Nomor surat itu sudah dipakai.", "That letter number was used already.") from error
        to_register(deed, row)
    return row


def _issued(said: Said) -> Callable[[Action], None]:
    def write(row: Action) -> None:
        row.issued_by = said.account

    return write


def ask_withdrawal(said: Said, action: int) -> Action:
    """An officer asks that an issued act be withdrawn, with a reason."""
    with doing(said, Role.OFFICER) as deed:
        row, go_on = locked(deed, action)
        if go_on:
            reasoned(said)
            row.withdrawal_asked_by = said.account
            changed(deed, row, "ask_withdrawal", ladder_acts.AskWithdrawal(action, said.account.pk), internal=True)
    return row


def withdraw(said: Said, action: int) -> Action:
    """An approver withdraws an issued act that somebody else asked to withdraw, with a reason."""
    with doing(said, Role.APPROVER) as deed:
        row, go_on = locked(deed, action)
        if go_on:
            reasoned(said)
            changed(deed, row, "withdraw", ladder_acts.Withdraw(action, said.account.pk))
            to_register(deed, row)
    return row


def locked(deed: Deed, action: int) -> tuple[Action, bool]:
    """The act, with the lock of its case held, and whether to go on. Raises DoesNotExist, Overtaken."""
    case = Action.objects.visible_to(deed.said.account).get(pk=action).case_id
    deed.lock(Case, case)
    row = deed.lock(Action, action)
    return row, deed.fresh(Machine.ACTION, row)


def changed(
    deed: Deed, row: Action, verb: str, act: ladder_acts.Act, *, internal: bool = False,
    after: Callable[[Action], None] | None = None,
) -> pure.Action:  # fmt: skip
    """Ask the ladder, and write what it says of `row`. Hold the lock of its case. Raises Unlawful."""
    now = deed.said.now
    case = case_of(row.case)
    was = case.action(row.pk)
    became = ladder.after(case, act, rules_at(now), now).action(row.pk)
    write(row, became, now)
    if after is not None:
        after(row)
    deed.moved(
        Machine.ACTION,
        row,
        verb,
        provider=row.case.provider_id,
        before=summary(was),
        after=summary(became),
        internal=internal,
    )
    return became


def write(row: Action, became: pure.Action, now: datetime) -> None:
    """Take over into `row` what the ladder decides."""
    if became.stage is pure.Stage.WITHDRAWN and row.stage != Action.Stage.WITHDRAWN:
        row.withdrawn_at = now
    row.stage, row.letter, row.issued_at, row.more_days = (
        became.stage.value,
        became.letter,
        became.issued_at,
        became.more_days,
    )
    if became.items != {one.pk for one in row.items.all()}:
        row.items.set(became.items)
        row.standards = "".join(sorted({one.standard for one in row.items.all()}))


def summary(action: pure.Action) -> dict[str, object]:
    """What of an act its transitions tell."""
    return {
        "stage": action.stage.value, "approved_by": action.approved_by, "letter": action.letter,
        "received_on": action.received_on, "items": action.items, "more_days": action.more_days,
        "withdrawal_asked_by": action.withdrawal_asked_by, "objected": action.objected,
    }  # fmt: skip


def to_register(deed: Deed, row: Action) -> None:
    """Have the register of recommendations say what holds after this act."""
    if row.rung == Action.Rung.RECOMMENDATION:
        said, provider = deed.said, row.case.provider
        reason = said.reason or str(row)
        deed.to_ledger.append(lambda: enter_recommendations(provider, by=said.account, reason=reason, now=said.now))
