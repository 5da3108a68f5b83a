"""The register "sla_register" of a provider, from the agreements that both sides signed (read by checks P-SLA-01 and L-AVL-07).

Laws:
- Rows that stand in the register stay; an agreement, a renewal or an amendment is a row of its own, entered once.
- It is read and entered again under the lock of its target: two that write at once lose no row of each other.
"""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from checks.column import MOST_CELL
from checks.fact import name_of
from checks.facts.compliance_registers import Agreement as Row
from checks.facts.compliance_registers import SlaRegister
from collector.accounts.models import Account
from collector.admission.assembling import agreement_of
from collector.admission.models import Sla
from collector.enforcement.unlawful import Unlawful, demand
from collector.registry.models import Provider, RegisterEntry, Target
from collector.registry.registrar import enter, latest


def enter_slas(provider: Provider, slas: list[Sla], *, by: Account, reason: str, now: datetime) -> RegisterEntry | None:
    """Enter what of the signed `slas` is not there. None: all was. Raises `collector.keys.NoKey`, Unlawful."""
    target = Target.objects.select_for_update().get(pk=provider.itself.pk)
    before = latest(target, name_of(SlaRegister))
    try:
        held = msgspec.convert(before.content, SlaRegister, strict=False) if before else SlaRegister()
    except msgspec.ValidationError as error:
        raise Unlawful(
            "Register SLA penyedia ini tidak terbaca oleh versi ini; isi ulang di halaman registernya lebih dulu.",
            "The register of agreements of this provider cannot be read by this release; enter it again on its page first.",
        ) from error
    known = {_identity(row) for row in held.rows}
    fresh = [row for row in map(row_of, slas) if _identity(row) not in known]
    if not fresh:
        return None
    demand(
        len(held.rows) + len(fresh) <= SlaRegister.most_rows,
        "Register SLA penyedia ini penuh; hapus baris lama di halaman registernya.",
        "The register of agreements of this provider is full; remove old rows on its page.",
    )
    return enter(target, SlaRegister((*held.rows, *fresh)), by=by, reason=reason, now=now)


def row_of(sla: Sla) -> Row:
    """The row of an agreement. What both sides signed has a day of signature; else it says that it is not signed."""
    pure = agreement_of(sla)
    signers = "; ".join(f"{one.name} ({one.side.label.id})" for one in pure.signatures)
    document = f"{sla.document['name']} (sha256 {sla.document['sha256'][:16]})"
    return Row(
        number=sla.number, valid_from=sla.valid_from, valid_until=sla.valid_until, signed=pure.signed_on,
        signed_by=signers[:MOST_CELL], availability=sla.availability, document=document[-MOST_CELL:],
    )  # fmt: skip


def _identity(row: Row) -> tuple[str, date, date, date | None]:
    return row.number.strip(), row.valid_from, row.valid_until, row.signed
