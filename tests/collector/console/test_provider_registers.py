"""Registers of a provider: listed by standard, entered, imported, exported, and every version compared with another."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from msgspec.structs import replace
from pytest_django import Settings

from checks.register import columns, row_type
from checks.target import Target as TargetKind
from collector.accounts.models import Role
from collector.console.register_list import letter_of, registers
from collector.console.register_rows import page_size
from collector.ledger.verification import verify_ledger
from collector.registry.models import Provider, RegisterEntry
from collector.surveillance.models import TargetState
from evidence.key import PrivateKey
from tests.collector.world import Sensor, World

POLICY = {"number": "SK-1", "title": "Kebijakan akses", "kind": "policy", "valid_from": "2026-01-02"}


@pytest.fixture(autouse=True)
def own_key(settings: Settings, tmp_path: Path) -> None:
    """A collector with a key of its own, as `init` makes it."""
    (tmp_path / "collector_key.pem").write_bytes(PrivateKey.generate().pem())
    settings.CONFIG = replace(settings.CONFIG, state=str(tmp_path))


def address(lpse: Provider, register: str = "policy_register") -> str:
    return f"/targets/{lpse.itself.pk}/registers/{register}"


def latest(register: str = "policy_register") -> RegisterEntry | None:
    return RegisterEntry.objects.filter(register=register).first()


def save(client: Client, lpse: Provider, *rows: dict[str, str], **form: object) -> tuple[int, str]:
    """Type these rows; returns the status of the answer and what it says."""
    held = latest()
    names = dict.fromkeys(name for row in rows for name in row)
    said = {name: [row.get(name, "") for row in rows] for name in names}
    answer = client.post(
        address(lpse), {"version": held.pk if held else 0, "reason": "Ditetapkan.", "rows": 1, **said, **form}
    )
    return answer.status_code, answer.content.decode()


def upload(client: Client, lpse: Provider, raw: bytes, register: str = "policy_register") -> tuple[int, str]:
    held = latest(register)
    form = {"version": held.pk if held else 0, "reason": "Impor.", "csv": SimpleUploadedFile("x.csv", raw)}
    answer = client.post(address(lpse, register), form)
    return answer.status_code, answer.content.decode()


def book(count: int, **other: str) -> bytes:
    """A policy book of so many rows as CSV."""
    lines = ["number;title;kind;valid_from", *(f"SK-{n};Tentang {n};policy;02/01/2026" for n in range(1, count + 1))]
    return "\r\n".join(lines).encode(other.get("encoding", "utf-8"))


def test_every_register_of_a_provider_is_listed_under_the_standard_it_is_kept_for(
    as_: Callable[[Role], Client], lpse: Provider
) -> None:
    found = registers(TargetKind.PROVIDER)
    assert len(found) >= 15
    html = as_(Role.PROVIDER_ADMIN).get(f"/providers/{lpse.slug}").content.decode()
    part = html.partition('id="registers"')[2].partition('id="closed"')[0]
    for name, kind in found.items():
        assert f'href="{address(lpse, name)}"' in part, name
        assert kind.title.id in part
        assert letter_of(kind), name
    assert f"{len(found)} register belum diisi: isi barisnya atau impor CSV" in part
    assert part.count("Belum diisi") == len(found)
    assert "E-INC-01" in part
    watching = as_(Role.OFFICER).get(f"/providers/{lpse.slug}").content.decode()
    assert "impor CSV" not in watching
    assert "menunggu diisi penyedia" in watching


def test_registers_stand_on_the_page_of_what_they_are_about(
    as_: Callable[[Role], Client], lpse: Provider, sensor: Sensor
) -> None:
    client = as_(Role.PROVIDER_ADMIN)
    server = client.get(f"/servers/{sensor.server.pk}").content.decode()
    for name in registers(TargetKind.SERVER):
        assert f'href="/targets/{sensor.server.pk}/registers/{name}"' in server
    assert "policy_register" not in server
    assert client.get(f"/targets/{sensor.server.pk}/registers/policy_register").status_code == 404
    assert client.get(address(lpse, "change_register")).status_code == 404


@pytest.mark.parametrize("register", sorted(registers(TargetKind.PROVIDER)))
def test_every_register_opens_and_says_what_waits_for_it(
    as_: Callable[[Role], Client], lpse: Provider, register: str
) -> None:
    client = as_(Role.PROVIDER_ADMIN)
    html = client.get(address(lpse, register)).content.decode()
    row = row_type(registers()[register])
    for column in columns(row):
        assert f'name="{column.name}"' in html
        kind = {
            "choice": "<select",
            "date": 'type="date"',
            "moment": 'type="datetime-local"',
            "number": 'type="number"',
        }
        assert kind.get(column.kind, "<input") in html
    assert "Belum ada yang mengisinya" in html
    assert html.count("<input") + html.count("<select") < 990  # Django takes a thousand fields
    head = client.get(f"{address(lpse, register)}/csv").content.decode("utf-8-sig")
    assert head == ",".join(column.name for column in columns(row)) + "\r\n"


def test_a_choice_and_a_date_are_typed_and_come_back(as_: Callable[[Role], Client], lpse: Provider) -> None:
    client = as_(Role.PROVIDER_ADMIN)
    assert save(client, lpse, POLICY)[0] == 302
    html = client.get(address(lpse)).content.decode()
    assert '<option value="policy" selected>Kebijakan</option>' in html
    assert 'value="2026-01-02" aria-label="Berlaku, baris 1" type="date"' in html
    assert "Ditetapkan." in html
    assert verify_ledger().problems == []
    listed = client.get(f"/providers/{lpse.slug}").content.decode()
    row = listed.partition(f'href="{address(lpse)}"')[2].partition("</li>")[0]
    assert "1 baris" in row
    assert "provider_admin-" in row


def test_what_is_typed_wrong_is_kept_in_the_form_with_what_is_wrong(
    as_: Callable[[Role], Client], lpse: Provider
) -> None:
    status, html = save(as_(Role.PROVIDER_ADMIN), lpse, POLICY, {**POLICY, "kind": "hukum", "valid_from": "besok"})
    assert status == 400
    assert "Baris 2: Jenis" in html
    assert '<option value="hukum" selected>' in html
    assert 'value="besok" aria-label="Berlaku, baris 2" type="text"' in html
    assert latest() is None


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_csv_comes_in_whatever_a_spreadsheet_wrote(
    as_: Callable[[Role], Client], lpse: Provider, encoding: str
) -> None:
    client = as_(Role.PROVIDER_ADMIN)
    assert upload(client, lpse, book(3, encoding=encoding))[0] == 302
    held = latest()
    assert held is not None
    assert [row["valid_from"] for row in held.content["rows"]] == ["2026-01-02"] * 3
    out = client.get(f"{address(lpse)}/csv")
    assert upload(client, lpse, out.content)[0] == 302  # what goes out comes back in
    again = latest()
    assert again is not None
    assert again.content == held.content


def test_a_file_with_one_wrong_row_changes_nothing_and_the_form_shows_what_holds(
    as_: Callable[[Role], Client], lpse: Provider
) -> None:
    client = as_(Role.PROVIDER_ADMIN)
    assert save(client, lpse, POLICY)[0] == 302
    raw = book(2) + b"\r\nSK-3;Tentang;tak dikenal;besok"
    status, html = upload(client, lpse, raw)
    assert status == 400
    assert "baris 4: Jenis" in html
    assert "baris 4: Berlaku" in html
    assert 'value="SK-1"' in html
    assert RegisterEntry.objects.count() == 1
    assert upload(client, lpse, b"PK\x03\x04....")[0] == 400
    assert upload(client, lpse, b"x" * 1_000_001)[0] == 400
    assert upload(client, lpse, book(1001))[0] == 400  # this register has a thousand at the most
    assert RegisterEntry.objects.count() == 1


def test_a_large_register_is_edited_page_by_page(as_: Callable[[Role], Client], lpse: Provider) -> None:
    client = as_(Role.PROVIDER_ADMIN)
    assert upload(client, lpse, book(230))[0] == 302
    size = page_size(row_type(registers()["policy_register"]))
    second = client.get(f"{address(lpse)}?rows=2").content.decode()
    assert f'value="SK-{size + 1}"' in second
    assert f'value="SK-{size}"' not in second
    assert "yang disimpan adalah halaman ini saja" in second
    rows = [
        {**POLICY, "number": f"SK-{n}", "title": "Diubah" if n == size + 1 else f"Tentang {n}"}
        for n in range(size + 1, 2 * size + 1)
        if n != size + 2
    ]
    assert save(client, lpse, *rows, rows=2)[0] == 302
    held = latest()
    assert held is not None
    numbers = [row["number"] for row in held.content["rows"]]
    assert numbers == [f"SK-{n}" for n in range(1, 231) if n != size + 2]
    assert held.content["rows"][size]["title"] == "Diubah"
    html = client.get(f"/targets/{lpse.itself.pk}/versions/{held.pk}").content.decode()
    for said in ("<b>+ 0</b>", "<b>− 1</b>", "<b>≠ 1</b>", f"SK-{size + 2}", "<ins>Diubah</ins>"):
        assert said in html, said


def test_any_two_versions_are_compared(as_: Callable[[Role], Client], lpse: Provider) -> None:
    client = as_(Role.PROVIDER_ADMIN)
    for title in ("Satu", "Dua", "Tiga"):
        assert save(client, lpse, {**POLICY, "title": title})[0] == 302
    third, second, first = RegisterEntry.objects.all()
    page = f"/targets/{lpse.itself.pk}/versions/{third.pk}"
    assert "<del>Dua</del>" in client.get(page).content.decode()
    assert "<del>Satu</del>" in client.get(f"{page}?against={first.pk}").content.decode()
    assert "<del>Dua</del>" in client.get(f"{page}?against=nonsense").content.decode()
    opened = client.get(f"/targets/{lpse.itself.pk}/versions/{first.pk}").content.decode()
    assert "Ini versi pertama" in opened
    assert second.pk


def test_a_version_that_this_release_no_longer_understands_is_still_shown(
    as_: Callable[[Role], Client], lpse: Provider
) -> None:
    entry = RegisterEntry.objects.create(
        target=lpse.itself, register="policy_register", digest="0" * 64,
        content={"rows": [{"number": "SK-9", "lama": "kolom yang sudah tidak ada"}]},
    )  # fmt: skip
    client = as_(Role.PROVIDER_ADMIN)
    assert "SK-9" in client.get(address(lpse)).content.decode()
    assert "SK-9" in client.get(f"/targets/{lpse.itself.pk}/versions/{entry.pk}").content.decode()
    assert client.get(f"/targets/{lpse.itself.pk}/versions/{entry.pk}/csv").status_code == 404


def test_what_is_saved_is_judged(as_: Callable[[Role], Client], world: World, lpse: Provider) -> None:
    assert save(as_(Role.PROVIDER_HEAD), lpse)[0] == 302  # kept, and empty
    while world.judging.step():
        pass
    statuses = TargetState.objects.get(pk=lpse.itself.pk).statuses
    assert statuses["P-POL-01"] == "fail", json.dumps(statuses)
    html = as_(Role.OFFICER).get(f"/organisations/{lpse.itself.pk}").content.decode()
    assert "P-POL-01" in html
    assert (
        "Pemeriksaan tentang penyedia itu sendiri: 1 gagal"
        in as_(Role.OFFICER).get(f"/providers/{lpse.slug}").content.decode()
    )


def test_nothing_of_another_provider_is_read_or_written(world: World, lpse: Provider) -> None:
    client = Client()
    client.force_login(world.account(Role.PROVIDER_ADMIN, world.provider("LPSE Lain")))
    assert client.get(address(lpse)).status_code == 404
    assert save(client, lpse, POLICY)[0] == 404
    assert client.get(f"{address(lpse)}/csv").status_code == 404
    assert latest() is None
