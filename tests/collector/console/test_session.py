from __future__ import annotations

import pytest
from django.test import Client

from collector.accounts.models import Account, Role
from collector.registry.models import Provider
from tests.collector.world import World

PASSWORD = "empat-kata-sandi-acak"


@pytest.fixture
def officer(world: World) -> Account:
    return world.account(Role.OFFICER, password=PASSWORD)


def log_in(client: Client, account: Account, password: str = PASSWORD) -> int:
    return client.post("/login", {"username": account.username, "password": password}).status_code


def test_every_page_wants_a_login(client: Client, db: None) -> None:
    for page in ("/", "/agents", "/waivers", "/providers/x", "/servers/x", "/findings/x"):
        response = client.get(page)
        assert response.status_code == 302
        assert response["Location"].startswith("/login?next=")


def test_a_person_logs_in_and_out(client: Client, officer: Account) -> None:
    assert log_in(client, officer) == 302
    assert client.get("/").status_code == 200
    assert client.get("/logout").status_code == 405
    assert client.post("/logout").status_code == 302
    assert client.get("/").status_code == 302


def test_a_wrong_password_is_explained_in_indonesian(client: Client, officer: Account) -> None:
    response = client.post("/login", {"username": officer.username, "password": "salah"})
    assert "Nama pengguna atau kata sandi salah. Huruf besar dan kecil dibedakan." in response.content.decode()
    assert response.status_code == 200


def test_guessing_is_stopped_even_for_the_right_password(client: Client, officer: Account) -> None:
    said = [log_in(client, officer, f"tebakan-{n}") for n in range(9)]
    assert said[0] == 200
    assert said[-1] == 429
    assert log_in(client, officer) == 429
    locked = client.post("/login", {"username": officer.username, "password": PASSWORD}).content.decode()
    assert "Terlalu banyak percobaan masuk" in locked


def test_an_account_of_a_provider_lands_on_its_provider(client: Client, world: World, lpse: Provider) -> None:
    client.force_login(world.account(Role.PROVIDER_HEAD, lpse))
    assert client.get("/")["Location"] == f"/providers/{lpse.slug}"


def test_indonesian_comes_first_whatever_the_browser_prefers(client: Client, db: None) -> None:
    response = client.get("/login", headers={"Accept-Language": "en-GB,en;q=0.9"})
    assert response["Content-Language"] == "id"
    assert "Masuk ke Pantau" in response.content.decode()


def test_the_switch_before_login_is_kept_in_a_cookie(client: Client, db: None) -> None:
    assert client.post("/language", {"language": "en", "next": "/login"})["Location"] == "/login"
    assert "Log in to Pantau" in client.get("/login").content.decode()


def test_the_switch_of_a_person_is_kept_on_the_account(client: Client, officer: Account) -> None:
    client.force_login(officer)
    assert "Ikhtisar nasional" in client.get("/").content.decode()
    client.post("/language", {"language": "en", "next": "/"})
    elsewhere = Client()
    elsewhere.force_login(officer)
    page = elsewhere.get("/").content.decode()
    assert "National overview" in page
    assert '<html lang="en">' in page


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_the_switch_never_leads_elsewhere(client: Client, db: None, target: str) -> None:
    assert client.post("/language", {"language": "en", "next": target})["Location"] == "/"


def test_an_unknown_language_changes_nothing(client: Client, officer: Account) -> None:
    client.force_login(officer)
    client.post("/language", {"language": "xx", "next": "/"})
    officer.refresh_from_db()
    assert officer.language == "id"
