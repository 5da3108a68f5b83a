"""Non-conformities: proposed from findings or by a person, answered by the provider, confirmed or dismissed by an officer."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import transaction

from checks.standard import Standard
from collector.accounts.models import Role
from collector.enforcement import nonconformity as machine
from collector.enforcement.acts.performing import Deed, FileDigest, Said, doing, reasoned, told
from collector.enforcement.models import NonConformity, Statement, Transition
from collector.enforcement.models.transition import Machine
from collector.enforcement.unlawful import demand
from collector.registry.models import Provider
from collector.surveillance.models import Finding

ACT = machine.Act


def propose_found(provider: Provider, standards: Mapping[str, Standard], now: datetime) -> int:
    """Propose what machines find of `provider` and nobody has looked at: one for each open finding and standard. How many.

    No act of a person: it can be called as often as one likes. A finding is proposed once, also after it was dismissed; one that
    closed and opened again is a new finding, proposed again unless the former proposal is still open.
    """
    letters: dict[str, list[str]] = {}
    for letter, standard in standards.items():
        for code in standard.checks:
            letters.setdefault(code, []).append(letter)
    with transaction.atomic():
        Provider.objects.select_for_update().get(pk=provider.pk)
        rows = NonConformity.objects.filter(provider=provider)
        proposed = set(rows.exclude(finding="").values_list("finding", "standard"))
        unsettled = rows.exclude(finding="").exclude(stage__in=sorted(machine.SETTLED))
        waiting = set(unsettled.values_list("target_id", "check_code", "subject", "standard"))
        fresh = []
        findings = Finding.objects.filter(
            target__provider=provider, closed_at__isnull=True, target__retired_at__isnull=True
        )
        for one in findings.select_related("opened_by").order_by("opened_at", "pk"):
            for letter in sorted(letters.get(one.check_code, ())):
                if (one.pk, letter) in proposed or (one.target_id, one.check_code, one.subject, letter) in waiting:
                    continue
                fresh.append(
                    NonConformity(
                        provider=provider,
                        standard=letter,
                        finding=one.pk,
                        target_id=one.target_id,
                        check_code=one.check_code,
                        subject=one.subject,
                        severity=one.severity,
                        since=one.since,
                        measured=one.measured,
                        expected=one.expected,
                        digest=one.opened_by.digest if one.opened_by else "",
                        proposed_at=now,
                    )
                )
        made = NonConformity.objects.bulk_create(fresh)
        Transition.objects.bulk_create([
            Transition(machine=Machine.NON_CONFORMITY, subject=row.pk, provider=provider, act="propose", at=now,
                       after={"stage": row.stage})
            for row in made
        ])  # fmt: skip
    return len(made)


def report(
    said: Said, provider: int, standard: str, description: str, files: Collection[FileDigest] = ()
) -> NonConformity:
    """An officer proposes what a person found."""
    with doing(said, Role.OFFICER) as deed:
        of = deed.lock_provider(provider)
        if (made := deed.repeated(Machine.NON_CONFORMITY)) is not None:
            return NonConformity.objects.get(pk=made)
        demand(standard in LETTERS, "Pilih standar a sampai q.", "Choose a standard, a to q.")
        demand(bool(description.strip()), "Uraikan ketidaksesuaiannya.", "Describe the non-conformity.")
        row = NonConformity(
            provider=of, standard=standard, description=description.strip(), proposed_by=said.account,
            proposed_at=said.now, since=said.now,
        )  # fmt: skip
        row.save()
        deed.moved(
            Machine.NON_CONFORMITY, row, "propose", provider=of.pk, before={}, evidence=files,
            after={"stage": row.stage, "standard": standard, "description": row.description},
        )  # fmt: skip
    return row


def confirm(said: Said, key: int) -> NonConformity:
    """An officer confirms a proposal, with a reason."""
    return _decide(said, key, ACT.CONFIRM)


def dismiss(said: Said, key: int) -> NonConformity:
    """An officer dismisses one that is not part of a case, with a reason."""
    return _decide(said, key, ACT.DISMISS)


def answer(said: Said, key: int, text: str, files: Collection[FileDigest] = ()) -> NonConformity:
    """The provider answers. The files are kept by whoever stores them: here are their digests."""
    with doing(said, Role.PROVIDER_ADMIN, Role.PROVIDER_HEAD) as deed:
        row = deed.lock(NonConformity, key)
        if not deed.fresh(Machine.NON_CONFORMITY, row):
            return row
        machine.after(machine.Stage(row.stage), ACT.ANSWER, reason=text)
        Statement.objects.create(
            provider_id=row.provider_id,
            non_conformity=row,
            text=text.strip(),
            files=told(files),
            by=said.account,
            at=said.now,
        )
        deed.moved(
            Machine.NON_CONFORMITY, row, ACT.ANSWER.value, provider=row.provider_id, before={}, after={"answer": text.strip()},
            evidence=files, reason=text.strip(),
        )  # fmt: skip
    return row


def move(
    deed: Deed, row: NonConformity, act: machine.Act, reason: str, after: Mapping[str, object] | None = None
) -> None:
    """Ask the machine and write. Hold the lock of the row or of its case."""
    before = row.stage
    row.stage = machine.after(machine.Stage(before), act, reason=reason).value
    if row.settled:
        row.settled_at = deed.said.now
    deed.moved(
        Machine.NON_CONFORMITY, row, act.value, provider=row.provider_id, before={"stage": before},
        after={"stage": row.stage, **(after or {})}, reason=reason,
    )  # fmt: skip


def _decide(said: Said, key: int, act: machine.Act) -> NonConformity:
    with doing(said, Role.OFFICER) as deed:
        row = deed.lock(NonConformity, key)
        if deed.fresh(Machine.NON_CONFORMITY, row):
            demand(
                row.case_id is None,
                "Ini bagian dari kasus; putuskan di sana.",
                "It is part of a case; decide it there.",
            )
            move(deed, row, act, reasoned(said))
    return row


LETTERS = "abcdefghijklmnopq"
