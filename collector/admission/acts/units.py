"""The unit of a registered provider: which it is, and whether it is separate from the UKPBJ."""

from __future__ import annotations

from collector.accounts.models import Role
from collector.admission.acts.performing import Deed, Machine, doing, needed
from collector.admission.models import Application, Unit
from collector.admission.words import UnitKind
from collector.enforcement.acts.performing import Said
from collector.enforcement.unlawful import demand
from collector.registry.models import Provider


def set_unit(said: Said, provider: int, name: str, kind: UnitKind) -> Unit:
    """An officer records which unit of a registered provider's institution runs the service, with a reason."""
    with doing(said, Role.OFFICER) as deed:
        of = deed.lock(Provider, provider)
        unit = Unit.objects.filter(provider=of).first()
        if unit is not None and not deed.fresh(Machine.UNIT, unit):
            return unit
        demand(bool(said.reason.strip()), "Tuliskan alasannya.", "Write down the reason.")
        return write_unit(deed, of, needed(name, 200, "nama unit kerja", "name of the unit"), kind, None)


def adopt(deed: Deed, provider: Provider, application: Application) -> Unit:
    """The unit that an application names becomes its provider's. Hold the lock of the application."""
    named = application.unit
    return write_unit(deed, provider, named.name, UnitKind(named.kind), application)


def write_unit(deed: Deed, provider: Provider, name: str, kind: UnitKind, application: Application | None) -> Unit:
    """Give the unit of `provider` its name and kind, with a transition."""
    unit = Unit.objects.filter(provider=provider).first()
    if unit is None and application is not None:
        unit = application.unit
    unit = unit or Unit(institution=provider.institution)
    before = {"unit": unit.name, "unit_kind": unit.kind} if unit.provider_id is not None else {}
    unit.provider, unit.name, unit.kind = provider, name, kind.value
    after = {"unit": unit.name, "unit_kind": unit.kind}
    if before != after:
        deed.moved(
            Machine.UNIT, unit, "change" if before else "register", provider=provider.pk, application=application,
            before=before, after=after,
        )  # fmt: skip
    return unit
