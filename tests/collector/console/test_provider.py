from __future__ import annotations

import re
from collections.abc import Callable

from django.test import Client
from django.utils import timezone

from checks.standard import load
from collector.accounts.models import Role
from collector.console.provider import chapters
from collector.registry.models import Provider, Server
from collector.surveillance.models import Finding, TargetState
from tests.collector.world import Sensor, World, sshd


def test_every_requirement_of_every_standard_is_shown(
    as_: Callable[[Role], Client], sensor: Sensor, lpse: Provider
) -> None:
    html = as_(Role.PROVIDER_ADMIN).get(f"/providers/{lpse.slug}").content.decode()
    standards = load()
    assert html.count('<li class="clause">') == sum(len(standard.requirements) for standard in standards.values())
    for kind in ("Diperiksa otomatis", "Penilaian mandiri", "Tidak dapat diperiksa mesin"):
        assert kind in html


def test_a_requirement_shows_its_checks_over_all_servers(world: World, lpse: Provider, sensor: Sensor) -> None:
    world.deliver(world.sensor(lpse, "spse2.contoh.go.id").report(sshd()))
    account = world.account(Role.OFFICER)
    chapter = next(one for one in chapters(account, lpse) if one.standard.letter == "k")
    checked = {one.code: one.status for clause in chapter.clauses for one in clause.checks}
    assert chapter.standing == "not_met"
    assert chapter.clauses[0].standing == "not_met"  # what is not met stands first
    assert checked["K-SSH-01"] == "fail"  # the worst of two servers
    assert checked["K-SSH-03"] == "pass"


def test_what_nobody_reported_is_unknown(world: World, lpse: Provider) -> None:
    found = chapters(world.account(Role.OFFICER), lpse)
    assert {one.status for chapter in found for clause in chapter.clauses for one in clause.checks} == {"unknown"}
    assert {chapter.standing for chapter in found} == {"undetermined"}


def test_open_and_closed_findings_and_servers(
    as_: Callable[[Role], Client], world: World, sensor: Sensor, lpse: Provider
) -> None:
    world.deliver(sensor.report(sshd(passwordauthentication="yes")))
    html = as_(Role.OFFICER).get(f"/providers/{lpse.slug}").content.decode()
    still, gone = html.split('id="closed"')
    assert "Login SSH selalu memerlukan kunci" in still
    assert "Login root via SSH nonaktif" in gone
    assert f'href="/servers/{sensor.server.pk}"' in still


def test_empty_states_say_what_to_do(as_: Callable[[Role], Client], lpse: Provider) -> None:
    assert "Daftarkan agen" in as_(Role.PROVIDER_ADMIN).get(f"/providers/{lpse.slug}").content.decode()
    assert "Daftarkan agen" not in as_(Role.PROVIDER_HEAD).get(f"/providers/{lpse.slug}").content.decode()
    Provider.objects.filter(pk=lpse.pk).update(kind=Provider.Kind.SERVICE)
    assert "tidak memiliki server sendiri" in as_(Role.OFFICER).get(f"/providers/{lpse.slug}").content.decode()


def rows(html: str) -> list[str]:
    """The open findings on the page, by their codes."""
    part = html.partition('<h2 id="findings">')[2].partition('<h2 id="closed">')[0]
    return re.findall(r"<small><code>([\w-]+)</code></small>", part)


def many_findings(server: Server, count: int) -> None:
    now = timezone.now()
    Finding.objects.bulk_create(
        Finding(id=f"f{n}", target=server, check_code="K-NET-07", subject=f"s{n:03}", severity="medium", since=now, opened_at=now)
        for n in range(count)
    )  # fmt: skip


def test_standards_come_before_servers_and_findings(
    as_: Callable[[Role], Client], sensor: Sensor, lpse: Provider
) -> None:
    html = as_(Role.OFFICER).get(f"/providers/{lpse.slug}").content.decode()
    places = [html.index(f'<h2 id="{name}"') for name in ("standards", "servers", "findings", "closed")]
    assert places == sorted(places)
    assert "<details open" not in html


def test_findings_come_25_a_page_and_the_worst_first(
    as_: Callable[[Role], Client], sensor: Sensor, lpse: Provider
) -> None:
    many_findings(sensor.server, 30)
    client = as_(Role.PROVIDER_HEAD)
    before = Finding.objects.filter(closed_at=None).count()
    first = client.get(f"/providers/{lpse.slug}").content.decode()
    second = client.get(f"/providers/{lpse.slug}?page=2").content.decode()
    assert (len(rows(first)), len(rows(second))) == (25, before - 25)
    assert rows(first)[0] == "K-SSH-01"  # critical
    assert f"{before} temuan" in first
    assert 'href="?page=2#findings"' in first
    Finding.objects.update(closed_at=timezone.now())
    assert 'href="?closed=2#closed"' in client.get(f"/providers/{lpse.slug}").content.decode()


def test_servers_come_25_a_page(as_: Callable[[Role], Client], lpse: Provider) -> None:
    for n in range(30):
        Server.objects.create(provider=lpse, name=f"spse{n:02}.contoh.go.id")
    client = as_(Role.OFFICER)
    assert client.get(f"/providers/{lpse.slug}").content.decode().count('href="/servers/') == 25
    assert client.get(f"/providers/{lpse.slug}?servers=2").content.decode().count('href="/servers/') == 5


def test_a_failing_requirement_never_reads_as_its_opposite(
    as_: Callable[[Role], Client], sensor: Sensor, lpse: Provider
) -> None:
    client = as_(Role.OFFICER)
    html = client.get(f"/providers/{lpse.slug}").content.decode()
    assert ">Tidak terpenuhi: Login root via SSH nonaktif</a>" in html
    assert "<code>K-SSH-01</code> Tidak terpenuhi: Login root via SSH nonaktif</li>" in html
    assert '<th scope="col">Ketentuan</th>' in html
    client.post("/language", {"language": "en"})
    html = client.get(f"/providers/{lpse.slug}").content.decode()
    assert ">Not met: SSH root login is disabled</a>" in html
    assert '<th scope="col">Requirement</th>' in html


def test_a_server_that_never_reported_says_so_and_since_when(
    as_: Callable[[Role], Client], world: World, lpse: Provider
) -> None:
    world.sensor(lpse, "baru.contoh.go.id")
    client = as_(Role.OFFICER)
    for _ in range(2):  # also once the judge knows it
        html = client.get(f"/providers/{lpse.slug}").content.decode()
        assert "belum pernah melapor sejak didaftarkan" in html
        assert "Terdengar" not in html
        assert "belum pernah melapor" in client.get("/").content.decode()
        world.judging.meet(timezone.now())


def test_counts_of_checks_are_the_same_for_provider_and_server(
    as_: Callable[[Role], Client], sensor: Sensor, lpse: Provider
) -> None:
    state = TargetState.objects.get()
    html = as_(Role.OFFICER).get(f"/providers/{lpse.slug}").content.decode()
    assert f'data-label="Pemeriksaan gagal" class="number">{state.failing}<' in html
    page = as_(Role.OFFICER).get(f"/servers/{sensor.server.pk}").content.decode()
    assert f"{state.failing} gagal · {state.undetermined} tidak diketahui · {state.passing} lulus" in page
    assert re.search(r"\d+ hasil / \d+ pemeriksaan", page)
