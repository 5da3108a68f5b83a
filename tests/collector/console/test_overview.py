from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from checks.standard import LETTERS
from collector.accounts.models import Role
from collector.registry.models import Provider
from tests.collector.world import Sensor, World, sshd


@pytest.fixture
def others(world: World, sensor: Sensor) -> list[Provider]:
    """Beside LPSE Kota Contoh, which fails: one that is good, one without servers, one that fell silent."""
    good = world.provider("LPSE Provinsi Baik")
    world.deliver(world.sensor(good, "baik.go.id").report(sshd(allowusers="admin"), at=world.ago(seconds=20)))
    empty = world.provider("LPSE Kabupaten Kosong")
    quiet = world.provider("LPSE Kementerian Senyap")
    at = world.ago(hours=3)
    world.deliver(world.sensor(quiet, "senyap.go.id").report(sshd(), at=at), at=at)
    world.judging.sweep(world.now)
    return [good, empty, quiet]


def page(as_: Callable[[Role], Client], url: str = "/", **headers: str) -> str:
    response = as_(Role.OFFICER).get(url, headers=headers)
    assert response.status_code == 200
    return response.content.decode()


def names(html: str) -> list[str]:
    """Providers in the order of the table."""
    return [part.partition("</a>")[0].rpartition(">")[2] for part in html.split('scope="row"')[1:]]


def test_every_provider_has_seventeen_cells_with_sign_and_word(
    as_: Callable[[Role], Client], others: list[Provider]
) -> None:
    html = page(as_)
    assert html.count('role="rowheader"') == 4
    assert html.count("data-letter=") == 4 * 17
    assert 'aria-label="k: Tidak terpenuhi">✗</span>' in html
    assert 'aria-label="a: Belum dapat ditentukan">?</span>' in html


def test_the_worst_comes_first_and_the_order_can_be_changed(
    as_: Callable[[Role], Client], others: list[Provider]
) -> None:
    shown = names(page(as_))
    assert shown.index("LPSE Kota Contoh") < shown.index("LPSE Provinsi Baik")
    assert shown[-1] == "LPSE Kabupaten Kosong"  # nothing known against it
    assert names(page(as_, "/?sort=name")) == sorted(names(page(as_)))
    assert names(page(as_, "/?sort=heard"))[:2] == ["LPSE Kabupaten Kosong", "LPSE Kementerian Senyap"]


@pytest.mark.parametrize(
    ("address", "left"),
    [
        ("/?q=kota+contoh", {"LPSE Kota Contoh"}),
        ("/?q=KEMENTERIAN", {"LPSE Kementerian Senyap"}),
        ("/?severity=critical", {"LPSE Kota Contoh"}),
        ("/?silent=1", {"LPSE Kementerian Senyap"}),
        ("/?q=tidak-ada-begini", set()),
    ],
)
def test_filters_stand_in_the_address(
    as_: Callable[[Role], Client], others: list[Provider], address: str, left: set[str]
) -> None:
    assert set(names(page(as_, address))) == left


def test_a_filter_by_the_standing_of_a_letter(as_: Callable[[Role], Client], others: list[Provider]) -> None:
    assert "LPSE Kota Contoh" in names(page(as_, "/?letter=k&standing=not_met"))
    assert "LPSE Kabupaten Kosong" not in names(page(as_, "/?letter=k&standing=not_met"))
    assert len(names(page(as_, "/?letter=a&standing=undetermined"))) == 4


@pytest.mark.parametrize(
    "address", ["/?letter=z&standing=bad&severity=x&sort=x&page=999&silent=x", "/?page=abc", "/?letter="]
)
def test_nonsense_in_the_address_is_no_error(
    as_: Callable[[Role], Client], others: list[Provider], address: str
) -> None:
    assert len(names(page(as_, address))) == 4


def test_the_script_gets_the_rows_only(as_: Callable[[Role], Client], others: list[Provider]) -> None:
    part = page(as_, "/?q=kota", **{"HX-Request": "true"})
    assert "<html" not in part
    assert names(part) == ["LPSE Kota Contoh"]
    whole = page(as_, "/?q=kota", **{"HX-Request": "true", "HX-History-Restore-Request": "true"})
    assert "<html" in whole


def test_fifty_providers_on_a_page(as_: Callable[[Role], Client], world: World) -> None:
    for number in range(60):
        world.provider(f"LPSE Nomor {number:02}")
    first, second = page(as_, "/?sort=name"), page(as_, "/?sort=name&page=2")
    assert (len(names(first)), len(names(second))) == (50, 11)  # and the one of `people`
    assert "sort=name&amp;page=2" in first


def test_an_empty_nation_says_what_to_do(client: Client, world: World) -> None:
    client.force_login(world.account(Role.OFFICER))
    assert "Belum ada penyedia" in client.get("/").content.decode()


def test_every_column_names_its_standard(as_: Callable[[Role], Client], sensor: Sensor) -> None:
    html = page(as_)
    assert 'title="Pengelolaan Keamanan Server dan Jaringan">k</abbr>' in html
    assert all(f">{letter}</abbr>" in html for letter in LETTERS)
