"""Cases: opened with confirmed non-conformities, added to, their items settled, closed; reopened as a new case."""

from __future__ import annotations

from collections.abc import Collection

from collector.accounts.models import Role
from collector.enforcement import ladder, ladder_acts
from collector.enforcement import nonconformity as machine
from collector.enforcement.acts.nonconformities import move
from collector.enforcement.acts.performing import Deed, Said, doing, reasoned
from collector.enforcement.assembling import case_of, item_of, rules_at
from collector.enforcement.models import Case, NonConformity
from collector.enforcement.models.transition import Machine
from collector.enforcement.recommendations import enter_recommendations
from collector.enforcement.unlawful import demand


def open_case(said: Said, provider: int, title: str, items: Collection[int] = (), previous: int | None = None) -> Case:
    """An officer opens a case with confirmed non-conformities; without any for a breach of the SLA. `previous`: a closed case."""
    with doing(said, Role.OFFICER) as deed:
        of = deed.lock_provider(provider)
        if (made := deed.repeated(Machine.CASE)) is not None:
            return Case.objects.get(pk=made)
        why = reasoned(said)
        demand(bool(title.strip()), "Beri judul kasusnya.", "Give the case a title.")
        before = deed.lock(Case, previous) if previous is not None else None
        demand(
            before is None or (before.provider_id == of.pk and before.stage == Case.Stage.CLOSED),
            "Hanya kasus penyedia ini yang sudah ditutup yang dibuka kembali.", "Only a closed case of this provider is reopened.",
        )  # fmt: skip
        row = Case.objects.create(
            provider=of, title=title.strip()[:200], previous=before, opened_by=said.account, opened_at=said.now
        )
        deed.moved(
            Machine.CASE, row, "reopen" if before else "open", provider=of.pk, before={},
            after={"stage": row.stage, "title": row.title, "previous": previous}, reason=why,
        )  # fmt: skip
        _add(deed, row, items, why)
    return row


def add(said: Said, case: int, items: Collection[int]) -> Case:
    """An officer adds confirmed non-conformities."""
    with doing(said, Role.OFFICER) as deed:
        row = deed.lock(Case, case)
        if deed.fresh(Machine.CASE, row):
            why = reasoned(said)
            _add(deed, row, items, why)
            deed.moved(Machine.CASE, row, "add", provider=row.provider_id, before={}, after={"items": sorted(items)})
    return row


def _add(deed: Deed, row: Case, items: Collection[int], why: str) -> None:
    pure = case_of(row)
    found = NonConformity.objects.select_for_update().filter(provider=row.provider_id, pk__in=items).order_by("pk")
    rows = list(found)
    demand(
        len(rows) == len(set(items)),
        "Ada ketidaksesuaian yang bukan milik penyedia ini.",
        "Not all are this provider's.",
    )
    for one in rows:
        pure = ladder.after(pure, ladder_acts.Add(item_of(one, True, False)), rules_at(deed.said.now), deed.said.now)
        one.case = row
        move(deed, one, machine.Act.ADD_TO_CASE, why, {"case": row.pk})


def correct(said: Said, item: int) -> NonConformity:
    """An officer verified that an item of a case is corrected. Raises Unlawful while machines find it still."""
    return _settle(said, item, machine.Act.CORRECT)


def dismiss(said: Said, item: int) -> NonConformity:
    """An officer dismisses an item of a case, with a reason."""
    return _settle(said, item, machine.Act.DISMISS)


def _settle(said: Said, item: int, act: machine.Act) -> NonConformity:
    with doing(said, Role.OFFICER) as deed:
        key = NonConformity.objects.visible_to(said.account).get(pk=item).case_id
        demand(key is not None, "Ini bukan bagian dari kasus.", "It is not part of a case.")
        case = deed.lock(Case, key)
        row = deed.lock(NonConformity, item)
        if not deed.fresh(Machine.NON_CONFORMITY, row):
            return row
        why = reasoned(said)
        settle = ladder_acts.Settle(item, corrected=act is machine.Act.CORRECT)
        ladder.after(case_of(case), settle, rules_at(said.now), said.now)
        move(deed, row, act, why)
        deed.to_ledger.append(lambda: enter_recommendations(case.provider, by=said.account, reason=why, now=said.now))
    return row


def close(said: Said, case: int) -> Case:
    """An officer closes a case, with a reason."""
    with doing(said, Role.OFFICER) as deed:
        row = deed.lock(Case, case)
        if deed.fresh(Machine.CASE, row):
            why = reasoned(said)
            ladder.after(case_of(row), ladder_acts.Close(), rules_at(said.now), said.now)
            row.stage, row.closed_by, row.closed_at = Case.Stage.CLOSED, said.account, said.now
            deed.moved(
                Machine.CASE, row, "close", provider=row.provider_id, before={"stage": Case.Stage.OPEN},
                after={"stage": row.stage}, reason=why,
            )  # fmt: skip
    return row
