"""Installation, and the act by which a provider becomes active.

Laws:
- Becoming active registers the provider with its kind, its unit, its agreements and its instances, all or nothing.
- A provider that runs already keeps its name; its kind changes. One with servers in use does not become a service provider.
- An instance that the provider has at that URL already is changed, never registered twice.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from urllib.parse import urlsplit

from checks.column import UNSEEN
from collector.accounts.audit import record
from collector.accounts.models import Role
from collector.admission import machine
from collector.admission.acts.applications import act_on
from collector.admission.acts.performing import Deed, FileSaid, Machine, doing, lines, needed, tidy
from collector.admission.acts.units import adopt
from collector.admission.models import Application, Installation, Sla
from collector.admission.sla_register import enter_slas
from collector.enforcement.acts.performing import Said
from collector.enforcement.unlawful import Unlawful, demand
from collector.registry import instances
from collector.registry.models import Instance, Provider, Server

MOST_INSTANCES = 50


@dataclass(frozen=True)
class Installed:
    """One instance that was installed. `consent`: its provider agrees that its TCP ports are tried."""

    name: str
    url: str
    consent: bool = False


def install(
    said: Said, key: int, on: date, minutes: FileSaid, found: Sequence[Installed], number: str = ""
) -> Application:
    """An officer records the minutes (berita acara) of an installation; again, to correct them, until the provider is active."""
    with doing(said, Role.OFFICER) as deed:
        row = deed.lock(Application, key)
        if not deed.fresh(Machine.APPLICATION, row):
            return row
        demand(
            minutes.dated >= on,
            "Berita acara bertanggal sebelum instalasinya.",
            "The minutes are older than the installation.",
        )
        listed = _listed(found)
        act = machine.Install(said.account.pk, on, minutes.sha256, len(listed))
        act_on(deed, row, "install", act, {"on": on, "instances": [one["url"] for one in listed]}, (minutes,))
        Installation.objects.create(
            application=row, on=on, number=tidy(number, 100), minutes=minutes.told(), instances=listed, by=said.account,
            at=said.now,
        )  # fmt: skip
    return row


def activate(said: Said, key: int) -> Application:
    """An approver makes the provider active; it is registered now."""
    with doing(said, Role.APPROVER) as deed:
        row = deed.lock(Application, key)
        if not deed.fresh(Machine.APPLICATION, row):
            return row
        row.activated_at = said.now
        provider = _provider(deed, row)
        act_on(deed, row, "activate", machine.Activate(said.account.pk), {"kind": row.kind})
        adopt(deed, provider, row)
        signed = list(Sla.objects.filter(application=row, stage=Sla.Stage.SIGNED).order_by("pk"))
        Sla.objects.filter(application=row, provider=None).update(provider=provider)
        deed.to_ledger.append(
            lambda: enter_slas(provider, signed, by=said.account, reason=f"Permohonan {row.pk}", now=said.now)
        )
        installation = row.installations.first()
        for one in installation.instances if installation is not None else ():
            deed.to_trail.append(_registering(deed, provider, one))
    return row


def _provider(deed: Deed, row: Application) -> Provider:
    """The provider of the application, with its kind; made where there is none. What that is stands in the audit trail."""
    said = deed.said
    of = row.provider
    if of is None:
        of = Provider.objects.create(
            institution=row.institution, name=row.name, slug=row.slug, kind=row.kind, created_at=said.now
        )
        row.provider = of
        verb, before = "provider.register", {}
    else:
        of = Provider.objects.select_for_update().get(pk=of.pk)
        verb, before = "provider.kind", {"kind": of.kind}
        in_use = Server.objects.filter(provider=of, retired_at__isnull=True).count()
        demand(
            row.kind == Provider.Kind.SYSTEM or not in_use,
            f"Penyedia masih memiliki {in_use} server; pensiunkan dulu.",
            f"The provider has {in_use} servers still; retire them first.",
        )
        of.kind = row.kind
        of.save(update_fields=["kind"])
    told = partial(
        record, provider=of.pk, reason=lines(said.reason), before=before, after={"kind": of.kind}, now=said.now
    )
    deed.to_trail.append(partial(told, said.account, verb, of.name))
    return of


def _registering(deed: Deed, provider: Provider, one: dict[str, object]) -> Callable[[], object]:
    name, url, consent = str(one["name"]), str(one["url"]), bool(one["ports_may_be_tried"])
    said = deed.said

    def write() -> None:
        held = Instance.objects.filter(provider=provider, public_url=url, retired_at__isnull=True).first()
        try:
            if held is None:
                instances.register(provider, name, url, consent=consent, by=said.account, now=said.now)
            else:
                instances.change(held, name=name, consent=consent, by=said.account, now=said.now)
        except instances.NotRegistered as error:
            raise Unlawful(
                f"Instans {url} tidak dapat didaftarkan: URL-nya dipakai penyedia lain atau tidak sah. "
                "Perbaiki catatan instalasinya.",
                f"The instance {url} cannot be registered ({error}). Correct the record of the installation.",
            ) from error

    return write


def _listed(found: Sequence[Installed]) -> list[dict[str, object]]:
    """As they are kept. Raises Unlawful."""
    demand(
        len(found) <= MOST_INSTANCES, f"Paling banyak {MOST_INSTANCES} instans.", f"{MOST_INSTANCES} instances at most."
    )
    listed: list[dict[str, object]] = []
    for one in found:
        url = one.url.strip()
        demand(
            _public(url), f"{url[:60]!r} bukan URL publik seperti https://spse.example.go.id/eproc4",
            f"{url[:60]!r} is no public URL such as https://spse.example.go.id/eproc4",
        )  # fmt: skip
        demand(all(url != other["url"] for other in listed), f"{url} disebut dua kali.", f"{url} is named twice.")
        name = needed(one.name, 255, "nama instans", "name of the instance")
        listed.append({"name": name, "url": url, "ports_may_be_tried": one.consent})
    return listed


def _public(url: str) -> bool:
    try:
        parts = urlsplit(url)
        named = "." in (parts.hostname or "")
    except ValueError:
        return False
    extra = bool(parts.username or parts.password or parts.query or parts.fragment or UNSEEN.search(url) or " " in url)
    return parts.scheme in {"http", "https"} and named and not extra and len(url) <= 200
