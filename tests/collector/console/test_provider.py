from __future__ import annotations

from collections.abc import Callable

from django.test import Client

from checks.standard import load
from collector.accounts.models import Role
from collector.console.provider import chapters
from collector.registry.models import Provider
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
    assert "Login SSH hanya dengan kunci" in still
    assert "Login root via SSH nonaktif" in gone
    assert f'href="/servers/{sensor.server.pk}"' in still


def test_empty_states_say_what_to_do(as_: Callable[[Role], Client], lpse: Provider) -> None:
    assert "Daftarkan agen" in as_(Role.PROVIDER_ADMIN).get(f"/providers/{lpse.slug}").content.decode()
    assert "Daftarkan agen" not in as_(Role.PROVIDER_HEAD).get(f"/providers/{lpse.slug}").content.decode()
    Provider.objects.filter(pk=lpse.pk).update(kind=Provider.Kind.SERVICE)
    assert "tidak memiliki server sendiri" in as_(Role.OFFICER).get(f"/providers/{lpse.slug}").content.decode()
