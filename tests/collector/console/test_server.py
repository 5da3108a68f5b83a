from __future__ import annotations

from collections.abc import Callable

from django.test import Client

from checks.facts.sshd import Sshd
from checks.verdict import Result, Status
from collector.accounts.models import Role
from collector.registry.models import Provider
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
        "✕", "Gagal", "Kritis", "Login root via SSH nonaktif", "permitrootlogin yes", "permitrootlogin no",
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
    assert "pantau-agent check" in html
