from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone, translation
from django.utils.formats import date_format

from collector.accounts.models import Account, Act, Role
from collector.console.waivers import settle
from collector.registry.models import Server
from collector.surveillance.models import Finding, StandardState, TargetState, Waiver
from tests.collector.world import Sensor, World, sshd

WHY = "Vendor baru dapat mengganti jalur masuk bulan depan; akses dibatasi VPN."


def form(on: Server, /, **other: Any) -> dict[str, Any]:
    day = timezone.localdate() + timedelta(days=30)
    return {
        "target": on.pk,
        "check": "K-SSH-01",
        "subject": "",
        "justification": WHY,
        "expires": day.isoformat(),
        **other,
    }


def asked(client: Client, server: Server, **other: Any) -> Waiver:
    response = client.post("/waivers/request", form(server, **other))
    assert response.status_code == 302, response.content.decode()
    return Waiver.objects.latest("pk")


def decided(client: Client, waiver: Waiver, stage: str = "approved", reason: str = "Risiko diterima sementara.") -> int:
    return client.post(f"/waivers/{waiver.pk}/decide", {"stage": stage, "reason": reason}).status_code


def test_one_asks_another_approves_and_the_check_stays_visible(
    as_: Callable[[Role], Client], sensor: Sensor, people: dict[Role, Account]
) -> None:
    waiver = asked(as_(Role.PROVIDER_ADMIN), sensor.server)
    assert waiver.stage == "requested"
    assert TargetState.objects.get().statuses["K-SSH-01"] == "fail"
    assert decided(as_(Role.APPROVER), waiver) == 302
    waiver.refresh_from_db()
    assert (waiver.stage, waiver.decided_by) == ("approved", people[Role.APPROVER])
    assert TargetState.objects.get().statuses["K-SSH-01"] == "not_applicable"  # counted again at once
    html = as_(Role.PROVIDER_ADMIN).get(f"/servers/{sensor.server.pk}").content.decode()
    assert '<li class="result is-waived' in html
    assert "permitrootlogin yes" in html
    assert Finding.objects.filter(check_code="K-SSH-01", closed_at=None).exists()
    acts = list(Act.objects.filter(verb__startswith="waiver.").order_by("id").values_list("verb", "account", "reason"))
    assert acts == [
        ("waiver.request", people[Role.PROVIDER_ADMIN].pk, WHY),
        ("waiver.approve", people[Role.APPROVER].pk, "Risiko diterima sementara."),
    ]


def test_a_waiver_never_makes_a_standard_met(as_: Callable[[Role], Client], world: World, sensor: Sensor) -> None:
    world.deliver(sensor.report(sshd(permitrootlogin="yes", allowusers="admin")))
    decided(as_(Role.APPROVER), asked(as_(Role.OFFICER), sensor.server))
    assert StandardState.objects.get(letter="k").standing != "met"


def test_a_rejection_changes_nothing_but_the_record(as_: Callable[[Role], Client], sensor: Sensor) -> None:
    waiver = asked(as_(Role.PROVIDER_HEAD), sensor.server)
    assert decided(as_(Role.APPROVER), waiver, "rejected", "Perbaiki minggu ini.") == 302
    assert TargetState.objects.get().statuses["K-SSH-01"] == "fail"
    assert "Perbaiki minggu ini." in as_(Role.PROVIDER_HEAD).get(f"/waivers/{waiver.pk}").content.decode()


def test_of_two_deciders_one_wins_and_the_other_is_told(
    as_: Callable[[Role], Client], world: World, sensor: Sensor, people: dict[Role, Account]
) -> None:
    waiver = asked(as_(Role.PROVIDER_ADMIN), sensor.server)
    second = world.account(Role.APPROVER)
    assert settle(waiver, second, Waiver.Stage.REJECTED, "Tidak.", timezone.now())
    assert not settle(waiver, people[Role.APPROVER], Waiver.Stage.APPROVED, "Ya.", timezone.now())
    response = as_(Role.APPROVER).post(f"/waivers/{waiver.pk}/decide", {"stage": "approved", "reason": "Ya."})
    assert response.status_code == 409
    assert f"sudah diputuskan oleh {second.username}: Ditolak" in response.content.decode()
    waiver.refresh_from_db()
    assert (waiver.stage, waiver.decision_reason) == ("rejected", "Tidak.")
    assert Act.objects.filter(verb="waiver.approve").count() == 0


@pytest.mark.parametrize(
    "role", [Role.OFFICER, Role.AUDITOR, Role.ADMINISTRATOR, Role.PROVIDER_ADMIN, Role.PROVIDER_HEAD]
)
def test_only_an_approver_decides(as_: Callable[[Role], Client], sensor: Sensor, role: Role) -> None:
    waiver = asked(as_(Role.PROVIDER_ADMIN), sensor.server)
    assert decided(as_(role), waiver) == 403
    waiver.refresh_from_db()
    assert waiver.stage == "requested"


def test_nobody_decides_what_they_asked_for(
    as_: Callable[[Role], Client], sensor: Sensor, people: dict[Role, Account]
) -> None:
    waiver = asked(as_(Role.OFFICER), sensor.server)
    Account.objects.filter(pk=people[Role.OFFICER].pk).update(role=Role.APPROVER)  # promoted meanwhile
    client = Client()
    client.force_login(Account.objects.get(pk=people[Role.OFFICER].pk))
    assert decided(client, waiver) == 403
    assert not settle(waiver, people[Role.OFFICER], Waiver.Stage.APPROVED, "Ya.", timezone.now())
    with pytest.raises(IntegrityError), transaction.atomic():  # and the database says so too
        Waiver.objects.filter(pk=waiver.pk).update(decided_by=people[Role.OFFICER])


@pytest.mark.parametrize("role", [Role.APPROVER, Role.AUDITOR, Role.ADMINISTRATOR])
def test_not_everyone_may_ask(as_: Callable[[Role], Client], sensor: Sensor, role: Role) -> None:
    assert as_(role).get("/waivers/request").status_code == 403
    assert as_(role).post("/waivers/request", form(sensor.server)).status_code == 403
    assert not Waiver.objects.exists()


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"expires": ""}, "errorlist"),
        ({"expires": "2020-01-01"}, "setelah hari ini"),
        ({"expires": (timezone.localdate() + timedelta(days=366)).isoformat()}, "paling lama satu tahun"),
        ({"justification": "pendek"}, "errorlist"),
        ({"check": "Z-NOT-01"}, "errorlist"),
        ({"target": "srv-tidak-ada"}, "errorlist"),
    ],
)
def test_a_request_that_is_wrong_says_why(
    as_: Callable[[Role], Client], sensor: Sensor, other: dict[str, str], said: str
) -> None:
    response = as_(Role.PROVIDER_ADMIN).post("/waivers/request", form(sensor.server, **other))
    assert response.status_code == 400
    assert said in response.content.decode()
    assert not Waiver.objects.exists()


def test_the_longest_waiver_ends_at_the_end_of_its_day_in_jakarta(
    as_: Callable[[Role], Client], sensor: Sensor
) -> None:
    last = timezone.localdate() + timedelta(days=365)
    waiver = asked(as_(Role.PROVIDER_ADMIN), sensor.server, expires=last.isoformat())
    ends = timezone.localtime(waiver.expires_at)
    assert (ends.date(), ends.hour, ends.minute) == (last + timedelta(days=1), 0, 0)


def test_the_same_request_is_not_made_twice(as_: Callable[[Role], Client], sensor: Sensor) -> None:
    asked(as_(Role.PROVIDER_ADMIN), sensor.server)
    response = as_(Role.PROVIDER_HEAD).post("/waivers/request", form(sensor.server))
    assert "sudah diajukan" in response.content.decode()
    assert Waiver.objects.count() == 1


@pytest.mark.parametrize("answer", [{"stage": "approved", "reason": " "}, {"stage": "maybe", "reason": "x"}, {}])
def test_a_decision_wants_a_stage_and_a_reason(
    as_: Callable[[Role], Client], sensor: Sensor, answer: dict[str, str]
) -> None:
    waiver = asked(as_(Role.PROVIDER_ADMIN), sensor.server)
    assert as_(Role.APPROVER).post(f"/waivers/{waiver.pk}/decide", answer).status_code == 400
    waiver.refresh_from_db()
    assert waiver.stage == "requested"


def test_the_form_is_filled_from_the_finding(as_: Callable[[Role], Client], finding: Finding) -> None:
    page = as_(Role.PROVIDER_ADMIN).get("/waivers/request", {"target": finding.target_id, "check": "K-SSH-01"})
    html = page.content.decode()
    assert f'name="target" value="{finding.target_id}"' in html
    assert '<option value="K-SSH-01" selected>' in html


def test_the_list_says_what_waits_and_can_be_filtered(as_: Callable[[Role], Client], sensor: Sensor) -> None:
    waiver = asked(as_(Role.PROVIDER_ADMIN), sensor.server)
    assert "1 pengajuan menunggu keputusan" in as_(Role.APPROVER).get("/waivers").content.decode()
    assert "K-SSH-01" in as_(Role.APPROVER).get("/waivers", {"stage": "requested"}).content.decode()
    decided(as_(Role.APPROVER), waiver)
    assert "K-SSH-01" not in as_(Role.APPROVER).get("/waivers", {"stage": "requested"}).content.decode()


def test_a_waiver_is_shown_with_the_day_that_was_entered(as_: Callable[[Role], Client], sensor: Sensor) -> None:
    day = timezone.localdate() + timedelta(days=30)
    waiver = asked(as_(Role.PROVIDER_ADMIN), sensor.server, expires=day.isoformat())
    finding = Finding.objects.get(check_code="K-SSH-01", closed_at=None)
    with translation.override("id"):
        entered, next_day = (date_format(one, "j M Y") for one in (day, day + timedelta(days=1)))
    for page in ("/waivers", f"/waivers/{waiver.pk}", f"/servers/{sensor.server.pk}", f"/findings/{finding.pk}"):
        html = as_(Role.APPROVER).get(page).content.decode()
        assert f">{entered}</time>" in html, page
        assert f">{next_day}" not in html, page


def test_who_decides_sees_what_fails_and_why_it_matters(as_: Callable[[Role], Client], sensor: Sensor) -> None:
    waiver = asked(as_(Role.PROVIDER_ADMIN), sensor.server)
    html = as_(Role.APPROVER).get(f"/waivers/{waiver.pk}").content.decode()
    assert "permitrootlogin yes" in html
    assert "tidak meninggalkan jejak" in html


def test_the_form_names_the_finding_and_when_the_waiver_ends(as_: Callable[[Role], Client], finding: Finding) -> None:
    page = as_(Role.PROVIDER_ADMIN).get("/waivers/request", {"target": finding.target_id, "check": "K-SSH-01"})
    html = page.content.decode()
    for said in (
        "Tidak terpenuhi: Login root via SSH nonaktif",
        "Sampai akhir hari itu (WIB)",
        "Paling sedikit 20 huruf",
    ):
        assert said in html, said


def test_the_list_names_the_requirement(as_: Callable[[Role], Client], sensor: Sensor) -> None:
    asked(as_(Role.PROVIDER_ADMIN), sensor.server)
    html = as_(Role.APPROVER).get("/waivers").content.decode()
    assert '<th scope="col">Ketentuan</th>' in html
    assert "Login root via SSH nonaktif" in html


def test_waivers_come_50_a_page(as_: Callable[[Role], Client], sensor: Sensor, people: dict[Role, Account]) -> None:
    until = timezone.now() + timedelta(days=9)
    Waiver.objects.bulk_create(
        Waiver(target=sensor.server, check_code="K-SSH-01", requested_by=people[Role.OFFICER], expires_at=until)
        for _ in range(60)
    )
    client = as_(Role.AUDITOR)
    pages = [client.get(f"/waivers?stage=requested&page={page}").content.decode() for page in (1, 2)]
    assert [html.count('<th scope="row">') for html in pages] == [50, 10]
    assert "?stage=requested&amp;page=2" in pages[0]
