"""LKPP's people, a regency that applies, and shorthand for the acts that bring an application to a stage."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from pytest_django import Settings

from checks.calendar import today
from collector.accounts.models import Account, Role
from collector.admission.acts import activation, applications, slas
from collector.admission.acts.activation import Installed
from collector.admission.acts.applications import Form
from collector.admission.acts.performing import FileSaid
from collector.admission.agreement import Clause, Targets
from collector.admission.models import Application, Sla
from collector.admission.words import Kind, Purpose, Side, UnitKind
from collector.config import Config
from collector.enforcement.acts.performing import Said
from collector.registry.models import Provider
from evidence.key import PrivateKey
from tests.collector.world import World

MONDAY = datetime(2026, 3, 9, 3, tzinfo=UTC)  # 10:00 WIB
URL = "https://spse.kab-baru.go.id/eproc4"
CLAUSES = (
    Clause("Pasal 5", "Ketersediaan di bawah 99 % tiga bulan berturut-turut."),
    Clause("Pasal 9", "Data dipindahkan."),
)


def paper(name: str = "surat.pdf", dated: date = date(2026, 3, 2)) -> FileSaid:
    return FileSaid(
        name, dated, 1000, hashlib.sha256(name.encode()).hexdigest(), "evidence/" + name.replace("\x00", "")
    )


@dataclass
class Office:
    """LKPP's people and a provider that runs already. `now` is the office's clock."""

    clerk: Account  # records on paper what the regency sent
    officer: Account
    second_officer: Account
    approver: Account
    auditor: Account
    lpse: Provider
    head: Account
    admin: Account
    stranger: Account
    now: datetime = MONDAY
    numbers: list[str] = field(default_factory=list)

    def said(self, account: Account, reason: str = "", *, seen: int | None = None, key: str = "") -> Said:
        return Said(account, self.now, reason, seen, key)

    def wait(self, **units: float) -> None:
        self.now += timedelta(**units)

    def form(self, kind: Kind = Kind.SYSTEM, **more: Any) -> Form:
        said: dict[str, Any] = {
            "unit": "Bagian Pengadaan", "unit_kind": UnitKind.UKPBJ, "applicant": "Bupati Kabupaten Baru",
            "letter_number": "027/15/2026", "institution": "Pemerintah Kabupaten Baru", "name": "LPSE Kabupaten Baru", **more,
        }  # fmt: skip
        return Form(kind, **said)

    def drafted(self, kind: Kind = Kind.SYSTEM, **more: Any) -> Application:
        row = applications.draft(self.said(self.clerk), self.form(kind, **more))
        applications.attach(self.said(self.clerk), row.pk, Purpose.LETTER, paper("permohonan.pdf"))
        return row

    def submitted(self, kind: Kind = Kind.SYSTEM, **more: Any) -> Application:
        return applications.submit(self.said(self.clerk), self.drafted(kind, **more).pk)

    def complete(self, kind: Kind = Kind.SYSTEM, **more: Any) -> Application:
        row = applications.take(self.said(self.officer), self.submitted(kind, **more).pk)
        return applications.find_complete(self.said(self.officer), row.pk)

    def terms(self, number: str = "12/SLA/2026", **more: Any) -> slas.Terms:
        said: dict[str, Any] = {
            "valid_from": today(self.now), "valid_until": today(self.now) + timedelta(days=730), "clauses": CLAUSES,
            "targets": Targets(99.0, 240, 1440, "Senin-Jumat 08.00-16.00 WIB"), **more,
        }  # fmt: skip
        return slas.Terms(number, paper(f"{number.replace('/', '-')}.pdf"), **said)

    def sign(self, sla: Sla) -> Sla:
        day = today(self.now)
        slas.sign(self.said(self.clerk), sla.pk, Side.PROVIDER, "Siti Aminah", "Sekretaris Daerah", day)
        return slas.sign(self.said(self.approver), sla.pk, Side.LKPP, "Budi Santoso", "Deputi II", day)

    def signed(self, kind: Kind = Kind.SYSTEM, **more: Any) -> Application:
        row = self.complete(kind)
        self.sign(slas.draft_for_application(self.said(self.officer), row.pk, self.terms(**more)))
        return Application.objects.get(pk=row.pk)

    def installed(self, *found: Installed) -> Application:
        row, day = self.signed(), today(self.now)
        minutes = paper("berita-acara.pdf", day)
        return activation.install(
            self.said(self.officer), row.pk, day, minutes, found or (Installed("SPSE Kab Baru", URL),)
        )

    def active(self, kind: Kind = Kind.SYSTEM) -> Application:
        row = self.installed() if kind is Kind.SYSTEM else self.signed(kind)
        return activation.activate(self.said(self.approver), row.pk)


@pytest.fixture(autouse=True)
def own_key(settings: Settings, tmp_path: Path) -> None:
    """A collector with a key of its own, as `init` makes it."""
    (tmp_path / "collector_key.pem").write_bytes(PrivateKey.generate().pem())
    config: Config = settings.CONFIG
    settings.CONFIG = msgspec.structs.replace(config, state=str(tmp_path))


def office_of(world: World) -> Office:
    lpse, other = world.provider("LPSE Kota Contoh", Provider.Kind.SERVICE), world.provider("LPSE Kota Lain")
    return Office(
        *(world.account(Role.OFFICER) for _ in range(3)), world.account(Role.APPROVER), world.account(Role.AUDITOR), lpse,
        world.account(Role.PROVIDER_HEAD, lpse), world.account(Role.PROVIDER_ADMIN, lpse),
        world.account(Role.PROVIDER_HEAD, other),
    )  # fmt: skip


@pytest.fixture
def office(world: World) -> Office:
    return office_of(world)
