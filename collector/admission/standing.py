"""What others ask of admission: agreements in force, what opens the door to termination, who may enrol, warnings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import msgspec

from checks.text import Text
from collector.admission.agreement import Clause, door, in_force
from collector.admission.assembling import agreement_of
from collector.admission.models import Application, Breach, Sla, Unit
from collector.admission.unit import unit_warning
from collector.admission.words import UnitKind
from collector.registry.models import Provider


def sla_in_force(provider: Provider, day: date) -> Sla | None:
    """The agreement that holds on `day`: of several the one that began last, then the one signed last."""
    rows = Sla.objects.filter(provider=provider, stage=Sla.Stage.SIGNED).prefetch_related("signatures").order_by("pk")
    held = {row.number: row for row in rows}  # a number is used once
    found = in_force([agreement_of(row) for row in held.values()], day)
    return held[found.number] if found is not None else None


def clauses_of(sla: Sla) -> tuple[Clause, ...]:
    """The clauses whose breach the agreement names."""
    return msgspec.convert(tuple(sla.clauses), tuple[Clause, ...])


def breaches(provider: Provider) -> Sequence[Breach]:
    """What was recorded as breaches of its agreements and not retracted, the latest first."""
    return list(Breach.objects.filter(sla__provider=provider, retracted_at__isnull=True).select_related("sla"))


def door_of(breach: Breach) -> str:
    """What a termination names as its clause (`enforcement`, `sla_clause`)."""
    return door(agreement_of(breach.sla), Clause(breach.clause, breach.clause_text), breach.on)


def enrolment_problem(provider: Provider) -> Text | None:
    """Why agents of `provider` may not be enrolled; None: they may. One registered without an application may by its kind."""
    if provider.kind == Provider.Kind.SYSTEM:
        return None  # becoming a system provider is the act of activation, which comes after the installation
    waiting = Application.objects.filter(provider=provider, kind=Application.Kind.SYSTEM).exclude(
        stage__in=[Application.Stage.ACTIVE, Application.Stage.WITHDRAWN]
    )
    if waiting.exists():
        return Text(
            "Permohonan menjadi penyedia sistem belum selesai; agen didaftarkan setelah instalasi dan penyedia aktif.",
            "The application to become a system provider is under way; agents are enrolled once it is installed and active.",
        )
    return Text(
        "Penyedia layanan tidak memiliki server sendiri (152/2022, 2.1.a.4).",
        "A service provider has no servers of its own (152/2022, 2.1.a.4).",
    )


def unit_warnings(provider: Provider, day: date) -> list[Text]:
    """What is to be said of the unit of `provider` on `day`."""
    rows = Unit.objects.filter(provider=provider)
    return [told for row in rows if (told := unit_warning(UnitKind(row.kind), day)) is not None]
