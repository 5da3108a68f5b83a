from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client, override_settings
from django.urls import path

from collector.accounts.models import Role
from collector.urls import urlpatterns as real


def broken(_request: object) -> None:
    raise RuntimeError("broken on purpose")


urlpatterns = [*real, path("broken", broken)]  # type: ignore[arg-type]


def said(client: Client, url: str, **headers: str) -> tuple[int, str]:
    response = client.get(url, headers=headers)
    return response.status_code, response.content.decode()


@pytest.mark.parametrize(("language", "words"), [("id", "Halaman tidak ditemukan"), ("en", "Page not found")])
def test_not_found_in_both_languages(as_: Callable[[Role], Client], language: str, words: str) -> None:
    client = as_(Role.OFFICER)
    client.post("/language", {"language": language})
    for url in ("/nowhere", "/servers/nowhere", "/providers/nowhere", "/findings/nowhere", "/waivers/999"):
        status, html = said(client, url)
        assert status == 404
        assert words in html


def test_not_found_for_those_who_are_not_logged_in(client: Client, db: None) -> None:
    status, html = said(client, "/nowhere")
    assert status == 404
    assert "Halaman tidak ditemukan" in html


@pytest.mark.parametrize(("language", "words"), [("id", "Anda tidak berwenang"), ("en", "You may not do this")])
def test_forbidden_in_both_languages(as_: Callable[[Role], Client], language: str, words: str) -> None:
    client = as_(Role.AUDITOR)
    client.post("/language", {"language": language})
    status, html = said(client, "/waivers/request")
    assert status == 403
    assert words in html


def test_a_wrong_host_is_a_bad_request(client: Client, db: None) -> None:
    status, html = said(client, "/login", Host="evil.example")
    assert status == 400
    assert "Permintaan tidak dapat dimengerti" in html


@override_settings(ROOT_URLCONF=__name__)
@pytest.mark.parametrize(("language", "words"), [("id", "Terjadi kesalahan"), ("en", "Something went wrong")])
def test_an_error_of_ours_says_what_to_do(as_: Callable[[Role], Client], language: str, words: str) -> None:
    client = as_(Role.OFFICER)
    client.post("/language", {"language": language})
    client.raise_request_exception = False
    status, html = said(client, "/broken")
    assert status == 500
    assert words in html
    assert "RuntimeError" not in html


def test_pages_forbid_inline_scripts_and_styles(as_: Callable[[Role], Client]) -> None:
    response = as_(Role.OFFICER).get("/")
    policy = response["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe-inline" not in policy
    html = response.content.decode()
    assert "<style" not in html
    assert " style=" not in html
    assert "onclick" not in html
