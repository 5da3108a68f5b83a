"""A provider with findings, LKPP's people, and shorthand for the acts that bring a case to a rung."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from pytest_django import Settings

from checks.calendar import today
from checks.standard import load
from collector.accounts.models import Account, Role
from collector.config import Config
from collector.enforcement.acts import actions, cases, nonconformities, notices
from collector.enforcement.acts.actions import Proposal
from collector.enforcement.acts.performing import FileDigest, Said
from collector.enforcement.models import Action, Case, NonConformity
from collector.enforcement.notice import Channel
from collector.enforcement.rungs import Form, Rung
from collector.registry.models import Provider, Server
from collector.surveillance.models import Finding, StandardState
from evidence.key import PrivateKey
from tests.collector.world import World

MONDAY = datetime(
    2026, 3, 9, 3, tzinfo=UTC
)  # 10:00 WIB; Nyepi, Idul Fitri and their joint leave follow in the week after next


def paper(name: str = "surat.pdf") -> FileDigest:
    return FileDigest(name, 1000, hashlib.sha256(name.encode()).hexdigest())


@dataclass
class Office:
    """One provider and everybody who has to do with it. `now` is the office's clock."""

    provider: Provider
    server: Server
    officer: Account
    second_officer: Account
    approver: Account
    second_approver: Account
    third_approver: Account
    head: Account
    stranger: Account
    auditor: Account
    now: datetime = MONDAY

    def said(
        self, account: Account, reason: str = "surveilans Maret", *, seen: int | None = None, key: str = ""
    ) -> Said:
        return Said(account, self.now, reason, seen, key)

    def wait(self, **units: float) -> None:
        self.now += timedelta(**units)

    def finding(self, code: str = "K-SSH-01", subject: str = "") -> Finding:
        return Finding.objects.create(
            id=hashlib.sha256(f"{code}{subject}{self.now}".encode()).hexdigest()[:24], target_id=self.server.pk,
            check_code=code, subject=subject, severity="high", since=self.now, opened_at=self.now, measured="yes",
            expected="no",
        )  # fmt: skip

    def covered(self, share: float = 1.0) -> None:
        for letter in "gkp":
            StandardState.objects.update_or_create(
                provider=self.provider, letter=letter,
                defaults={"standing": "not_met", "coverage": share, "since": self.now},
            )  # fmt: skip

    def confirmed(self, *codes: str) -> list[NonConformity]:
        """Found by machines, proposed, confirmed by an officer, and three days old."""
        for code in codes:
            self.finding(code)
        nonconformities.propose_found(self.provider, load(), self.now)
        rows = list(NonConformity.objects.filter(stage="proposed", check_code__in=codes).order_by("pk"))
        self.wait(days=3)
        return [nonconformities.confirm(self.said(self.officer), row.pk) for row in rows]

    def case(self, *codes: str) -> Case:
        rows = self.confirmed(*(codes or ("K-SSH-01",)))
        return cases.open_case(
            self.said(self.officer), self.provider.pk, "Surveillance Maret 2026", [row.pk for row in rows]
        )

    def proposed(self, case: Case, rung: Rung = Rung.RECOMMENDATION, **more: str) -> Action:
        items = list(case.items.exclude(stage__in=["corrected", "dismissed"]).values_list("pk", flat=True))
        form = Form.REVOKED if rung is Rung.TERMINATION else None
        return actions.propose(self.said(self.officer), case.pk, Proposal(rung, items, form=form, **more))

    def approved(self, case: Case, rung: Rung = Rung.RECOMMENDATION, **more: str) -> Action:
        action = self.proposed(case, rung, **more)
        for by in (self.approver, self.second_approver)[: 2 if rung in {Rung.REVOCATION, Rung.TERMINATION} else 1]:
            action = actions.approve(self.said(by), action.pk)
        return action

    def issued(self, case: Case, rung: Rung = Rung.RECOMMENDATION, **more: str) -> Action:
        action = self.approved(case, rung, **more)
        return actions.issue(self.said(self.officer), action.pk, f"{action.pk}/D.2/2026")

    def received(self, case: Case, rung: Rung = Rung.RECOMMENDATION, **more: str) -> Action:
        """Issued, sent and received at once."""
        action = self.issued(case, rung, **more)
        notices.send(self.said(self.officer), action.pk, Channel.LETTER, self.now)
        return notices.receive(self.said(self.officer), action.pk, today(self.now), "tanda terima", paper())


@pytest.fixture(autouse=True)
def own_key(settings: Settings, tmp_path: Path) -> None:
    """A collector with a key of its own, as `init` makes it."""
    (tmp_path / "collector_key.pem").write_bytes(PrivateKey.generate().pem())
    config: Config = settings.CONFIG
    settings.CONFIG = msgspec.structs.replace(config, state=str(tmp_path))


def office_of(world: World) -> Office:
    lpse, other = world.provider("LPSE Kota Contoh"), world.provider("LPSE Kota Lain")
    server = Server.objects.create(provider=lpse, name="spse1.contoh.go.id")
    made = Office(
        lpse, server, *(world.account(Role.OFFICER) for _ in range(2)), *(world.account(Role.APPROVER) for _ in range(3)),
        world.account(Role.PROVIDER_HEAD, lpse), world.account(Role.PROVIDER_HEAD, other), world.account(Role.AUDITOR),
    )  # fmt: skip
    made.covered()
    return made


@pytest.fixture
def office(world: World) -> Office:
    return office_of(world)
