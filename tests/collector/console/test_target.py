from __future__ import annotations

import re
from collections.abc import Callable

import msgspec
from django.test import Client
from django.utils import timezone

from checks.facts.sshd import Sshd
from checks.verdict import Result, Status
from collector.accounts.models import Role
from collector.console.findings import RANK
from collector.console.results import ORDER
from collector.registry.models import Provider
from collector.surveillance.models import Finding, TargetState
from collector.surveillance.state import encode
from tests.collector.world import Sensor, World, sshd


def page(client: Client, sensor: Sensor, query: str = "", **headers: str) -> str:
    response = client.get(f"/servers/{sensor.server.pk}{query}", headers=headers)
    assert response.status_code == 200
    return response.content.decode()


def result(html: str, code: str) -> str:
    """The part of the page that shows one result."""
    found = [part for part in html.split('<li class="result ')[1:] if f"<code>{code}</code>" in part]
    assert len(found) == 1, code
    return found[0]


def test_a_result_says_everything_a_sysadmin_needs(as_: Callable[[Role], Client], sensor: Sensor) -> None:
    shown = result(page(as_(Role.PROVIDER_ADMIN), sensor), "K-SSH-01")
    assert shown.startswith("is-fail")
    for said in (
        "✗", "Gagal", "Kritis", "Login root via SSH nonaktif", "permitrootlogin yes", "permitrootlogin no",
        "tidak meninggalkan jejak", "Cara memperbaiki", "CIS Debian 12", "/findings/",
    ):  # fmt: skip
        assert said in shown, said


def test_the_same_in_english(as_: Callable[[Role], Client], sensor: Sensor) -> None:
    client = as_(Role.PROVIDER_ADMIN)
    client.post("/language", {"language": "en"})
    shown = result(page(client, sensor), "K-SSH-01")
    for said in ("Fail", "Critical", "SSH root login is disabled", "leaves no trace", "How to fix it"):
        assert said in shown, said


def test_results_are_filtered_by_status(as_: Callable[[Role], Client], sensor: Sensor) -> None:
    failing = page(as_(Role.OFFICER), sensor, "?status=fail")
    assert "is-fail" in failing
    assert '<li class="result is-pass' not in failing
    part = page(as_(Role.OFFICER), sensor, "?status=pass", **{"HX-Request": "true"})
    assert "<html" not in part
    assert '<li class="result is-fail' not in part
    assert '<li class="result is-pass' in page(as_(Role.OFFICER), sensor, "?status=nonsense")


def test_old_results_are_stale_not_passed(as_: Callable[[Role], Client], world: World, lpse: Provider) -> None:
    old = world.sensor(lpse, "lama.contoh.go.id")
    at = world.ago(days=5)
    world.deliver(old.report(sshd(), at=at), at=at)
    assert result(page(as_(Role.OFFICER), old), "K-SSH-01").startswith("is-stale")


def test_what_could_not_be_read_is_unknown_with_its_reason(
    as_: Callable[[Role], Client], world: World, sensor: Sensor
) -> None:
    world.deliver(sensor.report(missing={Sshd: "sshd -T: izin ditolak"}))
    shown = result(page(as_(Role.OFFICER), sensor), "K-SSH-01")
    assert shown.startswith("is-unknown")
    assert "izin ditolak" in shown


def test_the_last_report_and_its_agent(as_: Callable[[Role], Client], world: World, sensor: Sensor) -> None:
    world.deliver(sensor.report(sshd(), at=world.ago(minutes=-1)), at=world.ago(hours=-0.5))
    html = page(as_(Role.OFFICER), sensor)
    for said in (sensor.stream, sensor.previous, sensor.agent.key_id, "nomor 2", "terlambat", "pantau 0."):
        assert said in html, said


def test_an_agent_that_concludes_otherwise_is_told_apart(
    as_: Callable[[Role], Client], world: World, sensor: Sensor
) -> None:
    lie = (Result("K-SSH-01", Status.PASS),)
    world.deliver(sensor.report(sshd(permitrootlogin="yes"), results=lie))
    html = page(as_(Role.OFFICER), sensor)
    assert "K-SSH-01: agent pass, collector fail" in html
    assert result(html, "K-SSH-01").startswith("is-fail")


def test_checks_that_were_never_answered_are_listed(as_: Callable[[Role], Client], sensor: Sensor) -> None:
    assert "pemeriksaan belum pernah dijawab server ini" in page(as_(Role.OFFICER), sensor)


def test_a_server_that_never_reported_says_what_to_do(
    as_: Callable[[Role], Client], world: World, lpse: Provider
) -> None:
    html = page(as_(Role.PROVIDER_ADMIN), world.sensor(lpse, "baru.contoh.go.id"))
    assert "Belum ada laporan dari server ini" in html
    assert "belum pernah melapor sejak didaftarkan" in html
    assert "Terakhir melapor" not in html
    assert "<code>pantau-agent check</code>" in html


def test_what_fails_stands_first_and_what_is_well_is_folded(as_: Callable[[Role], Client], sensor: Sensor) -> None:
    html = page(as_(Role.OFFICER), sensor)
    groups = re.findall(r'<details class="group is-(\w+)"( open)?>', html)
    assert groups[0] == ("fail", " open")
    assert ("pass", "") in groups
    assert [name for name, _ in groups] == sorted((name for name, _ in groups), key=ORDER.index)
    assert '<details class="group is-pass" open>' in page(as_(Role.OFFICER), sensor, "?status=pass")


def test_within_a_status_the_worst_severity_stands_first(as_: Callable[[Role], Client], sensor: Sensor) -> None:
    shown = page(as_(Role.OFFICER), sensor, "?status=fail").split('<li class="result ')[1:]
    keys = [
        (RANK[re.findall(r'severity is-(\w+)"', one)[0]], re.findall(r"<code>(\w-\w+-\d\d)</code>", one)[0])
        for one in shown
    ]
    assert len(keys) > 1
    assert keys == sorted(keys)


def test_a_failing_result_says_that_it_is_not_met(as_: Callable[[Role], Client], sensor: Sensor) -> None:
    html = page(as_(Role.OFFICER), sensor)
    assert "<b>Tidak terpenuhi: Login root via SSH nonaktif</b>" in result(html, "K-SSH-01")
    assert "Tidak terpenuhi" not in result(html, "K-SSH-03")  # which passes


def test_a_failure_within_its_grace_says_that_it_is_no_finding_yet(
    as_: Callable[[Role], Client], sensor: Sensor
) -> None:
    html = page(as_(Role.OFFICER), sensor)
    assert "masa tenggang" not in result(html, "K-SSH-01")
    row = TargetState.objects.get()
    state = row.remembered()
    changed = msgspec.structs.replace(state.current["K-SSH-01"][""], finding="")
    state.current["K-SSH-01"][""] = changed
    TargetState.objects.update(state=encode(state))
    shown = result(page(as_(Role.OFFICER), sensor), "K-SSH-01")
    assert '<span class="pill is-warn">masa tenggang</span>' in shown
    assert "Masih dalam masa tenggang" in shown


def test_findings_of_a_server_come_25_a_page(as_: Callable[[Role], Client], sensor: Sensor) -> None:
    now = timezone.now()
    Finding.objects.bulk_create(
        Finding(id=f"f{n}", target=sensor.server, check_code="K-NET-07", subject=str(n), severity="low", since=now, opened_at=now)
        for n in range(30)
    )  # fmt: skip
    html = page(as_(Role.OFFICER), sensor)
    assert html.count('<th scope="row">') == 25
    assert 'href="?page=2#findings"' in html
