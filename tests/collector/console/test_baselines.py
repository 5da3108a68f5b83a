from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from msgspec.structs import replace
from pytest_django import Settings

from checks.baseline import listed
from checks.facts.authorized_keys import ApprovedAuthorizedKeys, AuthorizedKeys
from checks.facts.page_structure import PageStructure
from collector.accounts.models import Act, Role
from collector.ledger.verification import verify_ledger
from collector.registry.models import Provider, RegisterEntry
from collector.surveillance.models import Finding, TargetState
from collector.surveillance.rebuild import rebuild
from evidence.key import PrivateKey
from tests.collector.console.outside import Outside
from tests.collector.world import Sensor, World

REGISTER = "approved_authorized_keys"
KEY, OTHER = "root /root/.ssh/authorized_keys SHA256:aaaa", "root /root/.ssh/authorized_keys SHA256:bbbb"


@pytest.fixture(autouse=True)
def own_key(settings: Settings, tmp_path: Path) -> None:
    """A collector with a key of its own, as `init` makes it."""
    (tmp_path / "collector_key.pem").write_bytes(PrivateKey.generate().pem())
    settings.CONFIG = replace(settings.CONFIG, state=str(tmp_path))


def tell(world: World, sensor: Sensor, *items: str, seconds: float = 20) -> None:
    """The server reports these keys."""
    world.deliver(sensor.report(listed(AuthorizedKeys, items), at=world.ago(seconds=seconds)))


def page(client: Client, sensor: Sensor) -> str:
    return client.get(f"/targets/{sensor.server.pk}/baselines").content.decode()


def card(text: str) -> str:
    """The part of the page about the keys."""
    return text.partition(f'id="{REGISTER}"')[2].partition("</section>")[0]


def approve(
    client: Client, sensor: Sensor, *, digest: str | None = None, reason: str = "Kunci admin baru, CHG-7."
) -> str:
    """Approve what the page shows; returns what the page then says."""
    found = re.search(r'name="digest" value="([0-9a-f]{64})"', card(page(client, sensor)))
    form = {"register": REGISTER, "digest": digest or (found[1] if found else ""), "reason": reason}
    return client.post(f"/targets/{sensor.server.pk}/baselines", form, follow=True).content.decode()


def judged(world: World, sensor: Sensor) -> str:
    while world.judging.step():
        pass
    return TargetState.objects.get(target=sensor.server).statuses["K-IOC-12"]


def test_a_key_that_appears_after_the_approval_is_a_finding_until_it_is_approved(
    as_: Callable[[Role], Client], world: World, sensor: Sensor
) -> None:
    client = as_(Role.PROVIDER_ADMIN)
    assert "Belum dilaporkan" in card(page(client, sensor))
    tell(world, sensor, KEY)
    assert judged(world, sensor) == "unknown"
    assert "Belum disetujui" in card(page(client, sensor))
    assert KEY in card(page(client, sensor))
    assert "Disetujui." in approve(client, sensor)
    assert judged(world, sensor) == "pass"
    assert "Sesuai" in card(page(client, sensor))

    tell(world, sensor, KEY, OTHER, seconds=10)
    assert judged(world, sensor) == "fail"
    finding = Finding.objects.get(check_code="K-IOC-12", closed_at=None)
    assert "SHA256:bbbb" in str(finding.measured)
    changed = card(page(client, sensor))
    assert "Berubah" in changed
    assert f"+ {OTHER}" in changed
    approve(client, sensor)
    assert judged(world, sensor) == "pass"
    finding.refresh_from_db()
    assert finding.closed_by is not None
    assert verify_ledger().problems == []
    assert rebuild(world.judging, now=world.now, keep=False).differences == []
    assert [act.verb for act in Act.objects.filter(verb="register.enter")] == ["register.enter", "register.enter"]


def test_an_agent_cannot_approve_what_it_reports_itself(world: World, sensor: Sensor) -> None:
    held = listed(AuthorizedKeys, [KEY])
    forged = ApprovedAuthorizedKeys(held.items, held.count, held.digest, world.now)
    world.deliver(sensor.report(held, forged, at=world.ago(seconds=20)))
    assert judged(world, sensor) == "unknown"


def test_what_was_not_looked_at_is_not_approved(as_: Callable[[Role], Client], world: World, sensor: Sensor) -> None:
    tell(world, sensor, KEY)
    client = as_(Role.PROVIDER_HEAD)
    assert "berubah sejak halaman ini dibuka" in approve(client, sensor, digest="0" * 64)
    assert "Tuliskan alasannya" in approve(client, sensor, reason=" ")
    assert not RegisterEntry.objects.exists()


def test_nothing_is_approved_of_a_server_that_has_not_told(as_: Callable[[Role], Client], sensor: Sensor) -> None:
    assert "belum dilaporkan" in approve(as_(Role.ADMINISTRATOR), sensor, digest="0" * 64)


@pytest.mark.parametrize("role", [Role.OFFICER, Role.APPROVER, Role.AUDITOR])
def test_who_only_watches_cannot_approve(
    as_: Callable[[Role], Client], world: World, sensor: Sensor, role: Role
) -> None:
    tell(world, sensor, KEY)
    client = as_(role)
    assert "<button" not in card(page(client, sensor))
    form = {"register": REGISTER, "digest": "0" * 64, "reason": "x"}
    assert client.post(f"/targets/{sensor.server.pk}/baselines", form).status_code == 403


def test_a_home_page_is_approved_and_each_vantage_point_tells_what_it_sees(
    as_: Callable[[Role], Client], world: World, lpse: Provider, sensor: Sensor
) -> None:
    outside = Outside.of(world, lpse, sensor.server)
    where, name = f"/targets/{outside.instance.pk}/baselines", "approved_page_structure"
    client = as_(Role.PROVIDER_ADMIN)
    assert "Penguji luar belum membacanya" in client.get(where).content.decode()

    def shown() -> str:
        return client.get(where).content.decode().partition(f'id="{name}"')[2].partition("</section>")[0]

    def settled() -> str:
        while world.judging.step():
            pass
        return TargetState.objects.get(target=outside.instance).statuses["K-IOC-06"]

    good, bad = listed(PageStructure, ["title LPSE"]), listed(PageStructure, ["title LPSE", "frame judi.example"])
    outside.seen(good)
    assert "jakarta-1, makassar-1" in shown()
    form = {"register": name, "digest": good.digest, "reason": "Rilis SPSE 4.5."}
    assert "Disetujui." in client.post(where, form, follow=True).content.decode()
    assert settled() == "pass"
    assert "Sesuai" in shown()

    outside.seen(bad, by=["makassar-1"])
    part = shown()
    assert "Berubah" in part
    assert "+ frame judi.example" in part
    assert part.count("Terlihat dari") == 2
    assert part.count("<form") == 1  # what jakarta-1 sees is approved already
    assert settled() == "unknown"
    outside.seen(bad)
    assert settled() == "fail"
    assert Finding.objects.filter(check_code="K-IOC-06", closed_at=None).exists()
    client.post(where, {"register": name, "digest": bad.digest, "reason": "Iklan layanan masyarakat."})
    assert settled() == "pass"


def test_a_page_of_baselines_is_about_its_own_kind(
    as_: Callable[[Role], Client], world: World, lpse: Provider, sensor: Sensor
) -> None:
    client = as_(Role.OFFICER)
    assert "approved_page_structure" not in page(client, sensor)
    instance = world.instance(lpse, "https://contoh.go.id/")
    html = client.get(f"/targets/{instance.pk}/baselines").content.decode()
    assert "approved_page_structure" in html
    assert REGISTER not in html
    assert "tidak mengenal baseline" in client.get(f"/targets/{lpse.itself.pk}/baselines").content.decode()
