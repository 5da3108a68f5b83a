"""Recommending an LKPP-managed system (152/2022, III): drafted, offered, accepted or declined, migrated, returned."""

from __future__ import annotations

from collector.accounts.models import Role
from collector.enforcement import offer as machine
from collector.enforcement.acts.performing import Said, doing, reasoned
from collector.enforcement.models import Action, Offer
from collector.enforcement.models.transition import Machine
from collector.enforcement.unlawful import demand

ACT = machine.Act
ROLES = {
    ACT.OFFER: (Role.APPROVER,),
    ACT.DROP: (Role.OFFICER, Role.APPROVER),
    ACT.ACCEPT: (Role.PROVIDER_HEAD,),
    ACT.DECLINE: (Role.PROVIDER_HEAD,),
    ACT.MIGRATE: (Role.OFFICER,),
    ACT.RETURN: (Role.OFFICER,),
}


def draft(said: Said, provider: int, system: str) -> Offer:
    """An officer drafts the recommendation of `system` to a provider under an act, with a reason."""
    with doing(said, Role.OFFICER) as deed:
        of = deed.lock_provider(provider)
        if (made := deed.repeated(Machine.OFFER)) is not None:
            return Offer.objects.get(pk=made)
        demand(bool(system.strip()), "Sebutkan sistemnya.", "Name the system.")
        under_way = Offer.objects.filter(provider=of, stage__in=sorted(machine.UNDER_WAY)).count()
        machine.draft(said.account.pk, acts_in_force=_in_force(of.pk), under_way=under_way, reason=said.reason)
        row = Offer(provider=of, system=system.strip()[:200], drafted_by=said.account, drafted_at=said.now)
        row.save()
        deed.moved(
            Machine.OFFER, row, "draft", provider=of.pk, before={}, after={"stage": row.stage, "system": row.system},
            internal=True, reason=reasoned(said),
        )  # fmt: skip
    return row


def act_on(said: Said, key: int, act: machine.Act) -> Offer:
    """Offer, drop, accept, decline, migrate or return, with a reason. Who may, `ROLES` says."""
    with doing(said, *ROLES[act]) as deed:
        deed.lock_provider(Offer.objects.visible_to(said.account).get(pk=key).provider_id)
        row = deed.lock(Offer, key)
        if not deed.fresh(Machine.OFFER, row):
            return row
        before = row.stage
        was = machine.Offer(row.drafted_by_id, machine.Stage(before))
        after = machine.after(was, act, said.account.pk, reason=said.reason, acts_in_force=_in_force(row.provider_id))
        row.stage = after.stage.value
        if act is ACT.OFFER:
            row.offered_at = said.now
        deed.moved(
            Machine.OFFER, row, act.value, provider=row.provider_id, before={"stage": before}, after={"stage": row.stage},
            internal=row.offered_at is None,
        )  # fmt: skip
    return row


def _in_force(provider: int) -> int:
    return Action.objects.in_force().filter(case__provider=provider).count()
