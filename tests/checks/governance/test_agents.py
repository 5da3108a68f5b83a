from __future__ import annotations

from datetime import timedelta

from checks.facts.enrolled_agents import EnrolledAgents, RegisteredServer
from checks.governance.agents import every_server_is_watched
from checks.text import words
from checks.verdict import Status, Verdict
from tests.checks.real import NOW


def server(name: str, heard: float | None, *, days: float = 90, retired: bool = False) -> RegisteredServer:
    """A server registered so many days ago and heard so many hours ago."""
    last = None if heard is None else NOW - timedelta(hours=heard)
    return RegisteredServer(name, NOW - timedelta(days=days), last, retired)


def said(*servers: RegisteredServer, more: int = 0, **thresholds: int) -> list[Verdict]:
    total = sum(not one.retired for one in servers) + more
    found = every_server_is_watched(EnrolledAgents(servers, total), NOW, **thresholds)
    assert not isinstance(found, Verdict)
    return list(found)


def test_it_passes_when_every_server_was_heard() -> None:
    (verdict,) = said(server("db1", 0.1), server("web1", 23), server("old", None, retired=True))
    assert (verdict.status, words(verdict.measured, "id")) == (Status.PASS, "2 dari 2 server terpantau")


def test_each_server_that_fell_silent_or_was_never_heard_fails_by_name() -> None:
    found = said(server("db1", 25), server("web1", None), server("app1", 1))
    assert [(one.subject, one.status) for one in found] == [("db1", Status.FAIL), ("web1", Status.FAIL)]
    assert words(found[0].measured, "id") == "terakhir terdengar 2026-11-22 09:00 WIB"
    assert words(found[1].measured, "en") == "registered 2026-08-25 10:00 WIB, never heard"
    assert [one.status for one in said(server("db1", 25), silent_hours=48)] == [Status.PASS]


def test_a_new_server_has_a_week_to_get_its_agent() -> None:
    (verdict,) = said(server("db1", None, days=3))
    assert verdict.status is Status.WARN
    assert words(verdict.expected, "id") == "terdengar paling lambat 2026-11-27 10:00 WIB"
    assert [one.status for one in said(server("db1", None, days=3), days=2)] == [Status.FAIL]


def test_without_a_server_or_beyond_the_list_it_is_unknown() -> None:
    assert [one.status for one in said()] == [Status.UNKNOWN]
    assert [one.status for one in said(server("old", None, retired=True))] == [Status.UNKNOWN]
    assert Status.UNKNOWN in {one.status for one in said(server("db1", 1), more=5)}


def test_a_service_provider_has_no_servers_of_its_own() -> None:
    assert every_server_is_watched.absent is Status.NOT_APPLICABLE
