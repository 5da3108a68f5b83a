"""Acts on corrective actions. After each, the register of corrective actions is entered anew, so that Q-CAR-01 sees it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import msgspec
from django.db import IntegrityError, transaction

from checks.calendar import today
from checks.column import UNSEEN
from checks.facts.corrective_actions import Progress
from checks.standard import LETTERS
from collector.accounts.audit import record
from collector.accounts.models import Account, Role
from collector.assessment.acts.once import done_before, remember
from collector.assessment.acts.register import enter_corrective
from collector.assessment.acts.row import locked, not_overtaken
from collector.assessment.acts.step import Sent
from collector.assessment.corrective_machine import Act, Corrective, after
from collector.assessment.models import CorrectiveAction, CorrectiveTransition
from collector.assessment.unlawful import Unlawful
from collector.registry.models import Provider

OWN = frozenset({Role.PROVIDER_ADMIN, Role.PROVIDER_HEAD})
EXAMINES = OWN | {Role.OFFICER}
MAY: Mapping[Act, frozenset[Role]] = {
    Act.BEGIN: OWN, Act.FINISH: OWN, Act.MOVE: OWN, Act.WITHDRAW: OWN, Act.REJECT: EXAMINES, Act.APPROVE: EXAMINES,
}  # fmt: skip


@dataclass(frozen=True)
class Found:
    """One finding of an internal assessment and what is to be done, as the form of standard 17 has it. All but `target` text."""

    letter: str
    number: str
    description: str
    target: date
    responsible: str
    criterion: str = ""
    priority: str = ""
    assessor: str = ""


LIMITS = {"number": 60, "description": 300, "responsible": 120, "criterion": 300, "priority": 60, "assessor": 120}


def open_action(account: Account, provider: Provider, sent: Sent, found: Found) -> CorrectiveAction:
    """Enter an action on a finding. Of the LPSE's own people. Raises Unlawful, `collector.keys.NoKey`."""
    if account.role not in OWN or account.provider_id != provider.pk:
        raise Unlawful("Hanya orang LPSE itu.", "Only the LPSE's own people.")
    texts = {name: " ".join(UNSEEN.sub(" ", getattr(found, name)).split()) for name in LIMITS}
    if found.letter not in LETTERS or len(found.letter) != 1:
        raise Unlawful("Standar a sampai q.", "A standard is a to q.")
    for name in ("number", "description", "responsible"):
        if not texts[name]:
            raise Unlawful("Nomor, keterangan, dan PIC harus diisi.", "Number, finding and PIC are needed.")
    if long := next((name for name, most in LIMITS.items() if len(texts[name]) > most), None):
        raise Unlawful(
            f"Terlalu panjang (paling banyak {LIMITS[long]}).", f"Too long ({LIMITS[long]} at most): {long}."
        )
    if found.target <= today(sent.now):
        raise Unlawful("Target harus di masa depan.", "The target must lie in the future.")
    with transaction.atomic():
        Provider.objects.select_for_update().get(pk=provider.pk)
        if (before := done_before(account, sent.key)) is not None:
            return CorrectiveAction.objects.get(pk=before)
        try:
            with transaction.atomic():
                made = CorrectiveAction.objects.create(
                    provider=provider, letter=found.letter, target=found.target, **texts
                )
        except IntegrityError:
            raise Unlawful("Nomor temuan ini sudah ada.", "There is an action on this finding.") from None
        _told(made, account, sent, "open", {})
        remember(account, sent.key, "corrective.open", made.pk, sent.now)
    return made


def act_on(account: Account, action: int, sent: Sent, act: Act, *, target: date | None = None) -> CorrectiveTransition:
    """Do `act`; `sent.reason` says why, or what was done. `target`: of MOVE.

    Raises Unlawful, Overtaken, CorrectiveAction.DoesNotExist, `collector.keys.NoKey`.
    """
    if account.role not in MAY[act]:
        raise Unlawful("Peran Anda tidak dapat melakukan ini.", "Your role may not do this.")
    with transaction.atomic():
        row = locked(CorrectiveAction.objects.all(), account, action)
        if (before := done_before(account, sent.key)) is not None:
            return CorrectiveTransition.objects.get(pk=before)
        not_overtaken(row, sent, CorrectiveTransition.objects.filter(corrective=row).first())
        held = Corrective(
            msgspec.convert(row.status, Progress), row.target, row.done_by_id, row.approved_by_id, row.withdrawn
        )
        then = after(held, act, account.pk, today(sent.now), reason=sent.reason, target=target)
        was = _as_told(row)
        row.status, row.target, row.withdrawn = then.status.value, then.target, then.withdrawn
        row.done_by_id, row.approved_by_id = then.done_by, then.approved_by
        if act is Act.FINISH:
            row.action, row.acted_on = " ".join(UNSEEN.sub(" ", sent.reason).split())[:300], today(sent.now)
        if act is Act.APPROVE:
            row.approved_at = sent.now
        row.version += 1
        row.save()
        made = _told(row, account, sent, act.value, was)
        remember(account, sent.key, f"corrective.{act.value}", made.pk, sent.now)
    return made


def _told(
    row: CorrectiveAction, account: Account, sent: Sent, act: str, was: dict[str, object]
) -> CorrectiveTransition:
    enter_corrective(row.provider, account, sent)
    made = CorrectiveTransition.objects.create(
        corrective=row, at=sent.now, account=account, act=act, reason=sent.reason, before=was, after=_as_told(row),
        version=row.version,
    )  # fmt: skip
    record(
        account, f"corrective.{act}", f"{row.provider} · {row.letter} {row.number}", provider=row.provider_id,
        reason=sent.reason, before=was, after=_as_told(row), now=sent.now,
    )  # fmt: skip
    return made


def _as_told(row: CorrectiveAction) -> dict[str, object]:
    return {
        "status": row.status, "target": row.target.isoformat(), "done_by": row.done_by_id,
        "approved_by": row.approved_by_id, "withdrawn": row.withdrawn,
    }  # fmt: skip
