from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from django.test import Client

from collector.accounts.models import Role
from collector.ledger.models import Entry
from collector.surveillance.models import Finding
from evidence.envelope import read_envelope, verify
from evidence.report import read_report
from tests.collector.world import Sensor, World, sshd


def page(client: Client, finding: Finding) -> str:
    response = client.get(f"/findings/{finding.pk}")
    assert response.status_code == 200
    return response.content.decode()


def test_a_finding_shows_what_proves_it(as_: Callable[[Role], Client], sensor: Sensor, finding: Finding) -> None:
    html = page(as_(Role.PROVIDER_HEAD), finding)
    for said in (
        "Kritis", "permitrootlogin yes", "permitrootlogin no", "Tanda tangan sah", sensor.agent.key_id, sensor.previous,
        sensor.stream, "&quot;permitrootlogin&quot;: &quot;yes&quot;", "masih terbuka", "Cara memperbaiki",
    ):  # fmt: skip
        assert said in html, said


def test_the_downloaded_envelope_proves_itself(as_: Callable[[Role], Client], sensor: Sensor, finding: Finding) -> None:
    response = as_(Role.AUDITOR).get(f"/findings/{finding.pk}/envelopes/{sensor.previous}")
    assert response["Content-Disposition"].startswith("attachment;")
    assert response["Content-Type"] == "application/vnd.dsse.envelope.v1+json"
    assert response.content == Entry.objects.get().envelope.encode()
    report = read_report(verify(read_envelope(response.content), sensor.key.public))
    assert report.target == sensor.server.pk
    assert json.loads(bytes(report.facts["sshd"]))["options"]["permitrootlogin"] == "yes"


def test_only_envelopes_of_this_finding_can_be_had_through_it(
    as_: Callable[[Role], Client], world: World, sensor: Sensor, finding: Finding
) -> None:
    world.deliver(sensor.report(sshd(permitrootlogin="yes")))
    assert as_(Role.AUDITOR).get(f"/findings/{finding.pk}/envelopes/{sensor.previous}").status_code == 404


@pytest.mark.parametrize(
    ("change", "said"),
    [({"signature": b"\0" * 64}, "Tanda tangan tidak sah"), ({"digest": "0" * 64}, "Isi berubah")],
)
def test_a_ledger_that_was_tampered_with_is_told(
    as_: Callable[[Role], Client], finding: Finding, change: dict[str, object], said: str
) -> None:
    Entry.objects.update(**change)
    html = page(as_(Role.OFFICER), finding)
    assert said in html
    assert "Tanda tangan sah" not in html
    assert "&quot;permitrootlogin&quot;" not in html


def test_a_closed_finding_keeps_both_proofs_and_its_history(
    as_: Callable[[Role], Client], world: World, sensor: Sensor, finding: Finding
) -> None:
    world.deliver(sensor.report(sshd()), sensor.report(sshd(permitrootlogin="prohibit-password")))
    html = page(as_(Role.OFFICER), finding)
    assert html.count("Tanda tangan sah") == 2
    assert "Laporan yang menutup temuan" in html
    again = Finding.objects.get(check_code="K-SSH-01", closed_at=None)
    assert f'href="/findings/{again.pk}"' in html


def test_a_finding_of_the_collector_itself_says_so(as_: Callable[[Role], Client], world: World, sensor: Sensor) -> None:
    lonely = world.sensor(sensor.server.provider, "senyap.contoh.go.id")
    at = world.ago(hours=2)
    world.deliver(lonely.report(sshd(), at=at), at=at)
    world.judging.sweep(world.now)
    silence = Finding.objects.get(check_code="L-AVL-12", target=lonely.server)
    assert "apa yang dilihat collector sendiri" in page(as_(Role.OFFICER), silence)


@pytest.mark.parametrize(
    ("role", "may"), [(Role.PROVIDER_ADMIN, True), (Role.OFFICER, True), (Role.AUDITOR, False), (Role.APPROVER, False)]
)
def test_a_waiver_is_offered_to_those_who_may_ask(
    as_: Callable[[Role], Client], finding: Finding, role: Role, *, may: bool
) -> None:
    assert ("/waivers/request?target=" in page(as_(role), finding)) is may


def test_a_long_history_comes_25_a_page(as_: Callable[[Role], Client], world: World, finding: Finding) -> None:
    Finding.objects.bulk_create(
        Finding(
            id=f"f{n}", target=finding.target, check_code="K-SSH-01", severity="critical",
            since=world.ago(days=n), opened_at=world.ago(days=n), closed_at=world.ago(days=n - 1),
        )
        for n in range(1, 30)
    )  # fmt: skip
    html = page(as_(Role.OFFICER), finding)
    assert "30 temuan" in html
    assert html.count('<th scope="row">') == 25
    assert 'href="?page=2"' in html


def test_the_page_of_a_finding_is_called_by_what_is_not_met(as_: Callable[[Role], Client], finding: Finding) -> None:
    assert "<h1>Tidak terpenuhi: Login root via SSH nonaktif</h1>" in page(as_(Role.OFFICER), finding)
