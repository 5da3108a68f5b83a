from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client

from collector.accounts.models import Role
from collector.registry.models import Agent, Provider, Token
from tests.collector.console.outside import UP, Outside
from tests.collector.world import World


@pytest.mark.parametrize("role", [Role.PROVIDER_ADMIN, Role.PROVIDER_HEAD])
def test_probers_do_not_exist_for_a_provider(
    as_: Callable[[Role], Client], world: World, lpse: Provider, role: Role
) -> None:
    agent = Outside.of(world, lpse).probers["jakarta-1"].agent
    assert as_(role).get("/probers").status_code == 404
    assert as_(role).post("/probers/token", {"name": "x", "hours": 24}).status_code == 404
    assert as_(role).post(f"/agents/{agent.pk}/revoke", {"reason": "x"}).status_code == 404


def test_the_list_says_when_each_was_last_heard(as_: Callable[[Role], Client], world: World, lpse: Provider) -> None:
    outside = Outside.of(world, lpse, names=("jakarta-1", "makassar-1", "medan-1"))
    outside.seen(UP, by=["jakarta-1"])
    outside.seen(UP, by=["makassar-1"], at=world.ago(hours=3))
    rows = dict(
        re.findall(
            r'<th scope="row">([\w-]+)</th>(.*?)</tr>', as_(Role.AUDITOR).get("/probers").content.decode(), re.DOTALL
        )
    )
    assert "Terdengar" in rows["jakarta-1"]
    assert "Senyap" in rows["makassar-1"]
    assert "Belum pernah melapor" in rows["medan-1"]
    assert "Cabut" not in rows["jakarta-1"]


def test_a_token_is_shown_once_and_only_to_an_administrator(as_: Callable[[Role], Client]) -> None:
    form = {"name": "surabaya-1", "note": "", "hours": 24}
    assert as_(Role.OFFICER).post("/probers/token", form).status_code == 403
    client = as_(Role.ADMINISTRATOR)
    answer = client.post("/probers/token", form)
    assert "pantau-" in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert Token.objects.get().prober == "surabaya-1"
    page = client.get("/probers").content.decode()
    assert "surabaya-1" in page
    assert "surabaya-1" not in client.get("/agents").content.decode()
    assert client.post(f"/agents/tokens/{Token.objects.get().pk}/revoke")["Location"] == "/probers"
    assert (
        "surabaya-1"
        not in client.get("/probers").content.decode().partition("Penguji terdaftar")[0].partition("message")[0]
    )


def test_a_name_that_is_none_is_refused(as_: Callable[[Role], Client]) -> None:
    answer = as_(Role.ADMINISTRATOR).post("/probers/token", {"name": "di sana/sini", "hours": 24})
    assert answer.status_code == 400
    assert not Token.objects.exists()


def test_a_prober_is_revoked_with_a_reason(as_: Callable[[Role], Client], world: World, lpse: Provider) -> None:
    agent = Outside.of(world, lpse).probers["jakarta-1"].agent
    client = as_(Role.ADMINISTRATOR)
    assert "penguji baru didaftarkan" in client.get(f"/agents/{agent.pk}/revoke").content.decode()
    assert client.post(f"/agents/{agent.pk}/revoke", {"reason": "Mesin dijual."})["Location"] == "/probers"
    assert Agent.objects.get(pk=agent.pk).revoked_reason == "Mesin dijual."
    assert "Mesin dijual." in client.get("/probers").content.decode()


def test_without_probers_the_page_says_how_many_are_needed(as_: Callable[[Role], Client]) -> None:
    assert "sedikitnya 2 penguji" in as_(Role.ADMINISTRATOR).get("/probers").content.decode()
