from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from msgspec.structs import replace
from pytest_django import Settings

from checks.facts.config_changes import ChangedFile, ConfigChanges
from collector.accounts.models import Act, Role
from collector.ledger.models import Entry, Kind
from collector.ledger.own import stream_of
from collector.ledger.verification import verify_ledger
from collector.registry.models import Agent, RegisterEntry, Server
from collector.surveillance.models import Finding, TargetState
from collector.surveillance.rebuild import rebuild
from evidence.key import PrivateKey
from tests.collector.world import Sensor, World

WIB = ZoneInfo("Asia/Jakarta")


@pytest.fixture(autouse=True)
def own_key(settings: Settings, tmp_path: Path) -> None:
    """A collector with a key of its own, as `init` makes it."""
    path = tmp_path / "collector_key.pem"
    path.write_bytes(PrivateKey.generate().pem())
    settings.CONFIG = replace(settings.CONFIG, state=str(tmp_path))


def address(server: Server) -> str:
    return f"/targets/{server.pk}/registers/change_register"


def change(world: World, begins: float = 2, ends: float = 1, **other: str) -> dict[str, str]:
    """One approved change, from so many hours ago until so many hours ago."""

    def said(hours: float) -> str:
        return world.ago(hours=hours).astimezone(WIB).strftime("%Y-%m-%d %H:%M")

    row = {
        "number": "CHG-7",
        "what": "nginx",
        "opens": said(begins),
        "closes": said(ends),
        "approved_by": "Kepala LPSE",
    }
    return {**row, "note": "", **other}


def save(
    client: Client, server: Server, *rows: dict[str, str], version: int | None = None, reason: str = "Formulir 7."
) -> int:
    held = RegisterEntry.objects.filter(target=server).first()
    columns = {name: [row[name] for row in rows] for name in (rows[0] if rows else {})}
    form = {"version": (held.pk if held else 0) if version is None else version, "reason": reason, **columns}
    return client.post(address(server), form).status_code


def changed(world: World, sensor: Sensor, hours: float) -> None:
    """The server reports that nginx.conf was changed so many hours ago."""
    facts = ConfigChanges(9, (ChangedFile("/etc/nginx/nginx.conf", world.ago(hours=hours)),))
    world.deliver(sensor.report(facts, at=world.ago(seconds=20)))


def status_of(sensor: Sensor) -> str:
    return TargetState.objects.get(target=sensor.server).statuses["F-CHG-02"]


def judge(world: World) -> None:
    while world.judging.step():
        pass


def test_a_change_is_a_warning_until_a_register_is_kept_then_a_finding_then_approved(
    as_: Callable[[Role], Client], world: World, sensor: Sensor
) -> None:
    changed(world, sensor, 1.5)
    assert status_of(sensor) == "warn"
    client = as_(Role.PROVIDER_ADMIN)
    assert save(client, sensor.server, change(world, 30, 29)) == 302
    judge(world)
    assert status_of(sensor) == "fail"
    finding = Finding.objects.get(check_code="F-CHG-02", closed_at=None)
    assert finding.opened_by is not None
    assert finding.opened_by.kind == Kind.REGISTER
    assert client.get(f"/findings/{finding.pk}").status_code == 200
    assert save(client, sensor.server, change(world, 30, 29), change(world, 2, 1)) == 302
    judge(world)
    assert status_of(sensor) == "pass"
    finding.refresh_from_db()
    assert finding.closed_at is not None


def test_what_is_entered_is_in_the_ledger_signed_and_chained_and_rebuilds_the_same(
    as_: Callable[[Role], Client], world: World, sensor: Sensor
) -> None:
    changed(world, sensor, 1.5)
    client = as_(Role.PROVIDER_HEAD)
    assert save(client, sensor.server, change(world, 30, 29)) == 302
    assert save(client, sensor.server, change(world)) == 302
    judge(world)
    entries = Entry.objects.filter(kind=Kind.REGISTER).order_by("id")
    assert [(one.stream, one.sequence) for one in entries] == [
        (stream_of(sensor.server.pk, Kind.REGISTER), 1),
        (stream_of(sensor.server.pk, Kind.REGISTER), 2),
    ]
    assert [one.digest for one in RegisterEntry.objects.order_by("pk")] == [one.digest for one in entries]
    assert verify_ledger().problems == []
    assert rebuild(world.judging, now=world.now, keep=False).differences == []
    acts = Act.objects.filter(verb="register.enter")
    assert [act.reason for act in acts] == ["Formulir 7.", "Formulir 7."]


def test_the_collectors_own_key_is_no_agent_that_anybody_sees(
    as_: Callable[[Role], Client], world: World, sensor: Sensor
) -> None:
    assert save(as_(Role.PROVIDER_ADMIN), sensor.server, change(world)) == 302
    assert Agent.objects.count() == 2
    assert Agent.objects.of_servers().count() == 1
    own = Agent.objects.get(server__isnull=True)
    assert own.key_id[:12] not in as_(Role.ADMINISTRATOR).get("/agents").content.decode()


def test_a_wrong_cell_is_named_and_what_was_typed_stays(
    as_: Callable[[Role], Client], world: World, sensor: Sensor
) -> None:
    client = as_(Role.PROVIDER_ADMIN)
    form = {name: [value] for name, value in change(world, opens="besok", number="CHG-9").items()}
    answer = client.post(address(sensor.server), {**form, "version": 0, "reason": "x"})
    said = answer.content.decode()
    assert answer.status_code == 400
    assert "Baris 1: Mulai: &#x27;besok&#x27; tidak dimengerti" in said
    assert 'value="CHG-9"' in said
    assert not RegisterEntry.objects.exists()


def test_a_reason_is_needed_and_somebody_elses_version_is_not_overwritten(
    as_: Callable[[Role], Client], world: World, sensor: Sensor
) -> None:
    client = as_(Role.PROVIDER_ADMIN)
    assert save(client, sensor.server, change(world), reason=" ") == 400
    assert save(client, sensor.server, change(world)) == 302
    assert save(client, sensor.server, change(world), version=0) == 400
    assert RegisterEntry.objects.count() == 1


def test_a_csv_file_comes_in_and_goes_out_and_every_version_stays(
    as_: Callable[[Role], Client], world: World, sensor: Sensor
) -> None:
    client = as_(Role.PROVIDER_ADMIN)
    assert save(client, sensor.server, change(world)) == 302
    first = RegisterEntry.objects.get()
    row = change(world, 10, 9, number="CHG-8")
    text = ";".join(row) + "\r\n" + ";".join(row.values()) + "\r\n"
    upload = SimpleUploadedFile("perubahan.csv", text.encode("utf-8-sig"))
    answer = client.post(address(sensor.server), {"version": first.pk, "reason": "Impor.", "csv": upload})
    assert answer.status_code == 302
    second = RegisterEntry.objects.first()
    assert second is not None
    out = client.get(f"/targets/{sensor.server.pk}/versions/{second.pk}/csv")
    assert out["content-type"] == "text/csv; charset=utf-8"
    assert "CHG-8" in out.content.decode("utf-8-sig")
    assert "CHG-7" in client.get(f"/targets/{sensor.server.pk}/versions/{first.pk}/csv").content.decode()
    page = client.get(address(sensor.server)).content.decode()
    assert "CHG-8" in page
    assert "CHG-7" not in page
    assert page.count(">CSV</a>") == 2


def test_a_wrong_csv_file_changes_nothing(as_: Callable[[Role], Client], sensor: Sensor) -> None:
    upload = SimpleUploadedFile("x.csv", b"\x00\xff not a table")
    answer = as_(Role.PROVIDER_ADMIN).post(address(sensor.server), {"version": 0, "reason": "x", "csv": upload})
    assert answer.status_code == 400
    assert not RegisterEntry.objects.exists()


@pytest.mark.parametrize("role", [Role.OFFICER, Role.APPROVER, Role.AUDITOR])
def test_who_only_watches_reads_and_enters_nothing(
    as_: Callable[[Role], Client], world: World, sensor: Sensor, role: Role
) -> None:
    client = as_(role)
    page = client.get(address(sensor.server))
    assert page.status_code == 200
    assert "<button" not in page.content.decode().partition('class="register"')[2].partition("</form>")[0]
    assert save(client, sensor.server, change(world)) == 403


def test_another_provider_sees_neither_the_register_nor_its_versions(world: World, sensor: Sensor) -> None:
    other = world.provider("LPSE Kota Lain")
    client = Client()
    client.force_login(world.account(Role.PROVIDER_ADMIN, other))
    assert client.get(address(sensor.server)).status_code == 404
    assert save(client, sensor.server, change(world)) == 404
    entry = RegisterEntry.objects.create(
        target=sensor.server, register="change_register", content={"rows": []}, digest="0" * 64
    )
    assert client.get(f"/targets/{sensor.server.pk}/versions/{entry.pk}/csv").status_code == 404


def test_what_is_no_register_is_not_found(as_: Callable[[Role], Client], sensor: Sensor) -> None:
    assert as_(Role.PROVIDER_ADMIN).get(f"/targets/{sensor.server.pk}/registers/sshd").status_code == 404


def test_a_window_in_the_future_approves_nothing_that_is_done(
    world: World, sensor: Sensor, as_: Callable[[Role], Client]
) -> None:
    changed(world, sensor, 1.5)
    assert save(as_(Role.PROVIDER_ADMIN), sensor.server, change(world, -1, -2)) == 302
    judge(world)
    assert status_of(sensor) == "fail"
