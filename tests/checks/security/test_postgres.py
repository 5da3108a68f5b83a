from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from agent.hosts.local import LocalHost
from checks.check import Check
from checks.facts.listeners import Listener, Listeners
from checks.facts.postgres_activity import PgActivity
from checks.facts.postgres_settings import PgSettings, pg_settings
from checks.security import postgres
from checks.source import Usage
from checks.verdict import Status, Verdict
from tests.checks.real import real
from tests.checks.sql_host import read
from tests.postgres_cluster import Cluster, cluster

pytest_plugins = ("tests.postgres_cluster",)


@pytest.fixture(scope="module")
def settings() -> PgSettings:
    return pg_settings(real("debian12/postgres-settings.csv"))


@pytest.fixture(scope="module")
def own() -> Iterator[Cluster]:
    with cluster() as made:
        yield made


def status(check: Check, *facts: msgspec.Struct, **thresholds: tuple[str, ...]) -> Status:
    verdict = check(*facts, **thresholds)
    assert isinstance(verdict, Verdict)
    return verdict.status


def put(settings: PgSettings, **options: str) -> PgSettings:
    return PgSettings(settings.options | options)


@pytest.mark.parametrize(
    ("addresses", "expected"),
    [
        ("", Status.PASS),
        ("localhost", Status.PASS),
        ("127.0.0.1, ::1", Status.PASS),
        ("localhost, 10.20.0.5", Status.PASS),
        ("*", Status.FAIL),
        ("0.0.0.0", Status.FAIL),
        ("::", Status.FAIL),
        ("localhost,180.250.1.2", Status.FAIL),
        ("db.example.go.id", Status.UNKNOWN),
    ],
)
def test_listening_is_right_only_on_loopback_or_inside(settings: PgSettings, addresses: str, expected: Status) -> None:
    assert status(postgres.listen_addresses, put(settings, listen_addresses=addresses)) is expected


def test_policy_may_allow_loopback_only(settings: PgSettings) -> None:
    inside = put(settings, listen_addresses="10.20.0.5")
    assert status(postgres.listen_addresses, inside, networks=("127.0.0.0/8",)) is Status.FAIL


@pytest.mark.parametrize(
    ("addresses", "expected"),
    [("127.0.0.1", Status.PASS), ("127.0.0.1, 203.0.113.9", Status.FAIL)],  # the second is wanted, but not this host's
)
def test_a_real_server_that_listens_is_judged(tmp_path: Path, addresses: str, expected: Status) -> None:
    with cluster(listen_addresses=addresses) as own:
        settings = read(own, tmp_path, PgSettings)
        ours = tuple(one for one in LocalHost().read(Usage(Listeners)).listeners if one.port == own.port)

    assert status(postgres.listen_addresses, settings) is expected
    assert status(postgres.tls, settings, PgActivity(1, 100)) is (
        Status.NOT_APPLICABLE if expected is Status.PASS else Status.FAIL
    )
    verdict = postgres.listening(Listeners(ours), port=own.port)
    assert isinstance(verdict, Verdict)
    assert (verdict.status, verdict.measured) == (Status.PASS, f"127.0.0.1:{own.port}")


@pytest.mark.parametrize(
    ("listener", "expected"),
    [
        (Listener("127.0.0.1", 5432, "tcp", "postgres"), Status.PASS),
        (Listener("10.1.1.1", 5432, "tcp", ""), Status.PASS),
        (Listener("0.0.0.0", 5432, "tcp", "docker-proxy"), Status.FAIL),
        (Listener("::", 5432, "tcp", ""), Status.FAIL),
        (Listener("::", 6000, "tcp", "postgres"), Status.FAIL),
        (Listener("0.0.0.0", 5432, "udp", ""), Status.NOT_APPLICABLE),
        (Listener("0.0.0.0", 443, "tcp", "nginx"), Status.NOT_APPLICABLE),
    ],
)
def test_the_port_must_not_be_open_to_the_outside(listener: Listener, expected: Status) -> None:
    assert status(postgres.listening, Listeners((listener,))) is expected


def test_one_open_socket_among_good_ones_is_named() -> None:
    both = Listeners((Listener("127.0.0.1", 5432, "tcp"), Listener("0.0.0.0", 5432, "tcp")))
    verdict = postgres.listening(both)

    assert isinstance(verdict, Verdict)
    assert (verdict.status, verdict.measured) == (Status.FAIL, "0.0.0.0:5432")


def test_tls_is_asked_for_only_on_the_network(settings: PgSettings) -> None:
    calm = PgActivity(3, 100)
    remote = put(settings, listen_addresses="10.1.1.1")

    assert status(postgres.tls, put(settings, listen_addresses="localhost"), calm) is Status.NOT_APPLICABLE
    assert status(postgres.tls, remote, calm) is Status.FAIL
    assert status(postgres.tls, put(remote, ssl="on"), calm) is Status.PASS
    plain = PgActivity(3, 100, remote=2, remote_plain=1)
    assert status(postgres.tls, put(remote, ssl="on"), plain) is Status.FAIL


GOOD = {
    "logging_collector": "on",
    "log_connections": "on",
    "log_disconnections": "on",
    "log_statement": "ddl",
    "log_line_prefix": "%m [%p] %q%u@%d %r ",
}


def test_a_real_server_logs_enough_after_the_remedy(own: Cluster, tmp_path: Path) -> None:
    assert status(postgres.logging, read(own, tmp_path, PgSettings)) is Status.FAIL
    own.execute(*(f"ALTER SYSTEM SET {name} = '{value}'" for name, value in GOOD.items()))
    own.stop()
    own.start()
    assert status(postgres.logging, read(own, tmp_path, PgSettings)) is Status.PASS


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, Status.PASS),
        ({"logging_collector": "off"}, Status.FAIL),
        ({"logging_collector": "off", "log_destination": "syslog", "log_line_prefix": "%u %d %h"}, Status.PASS),
        ({"logging_collector": "off", "config_file": "/etc/postgresql/15/main/postgresql.conf"}, Status.PASS),
        ({"log_connections": "receipt,authorization"}, Status.PASS),  # PostgreSQL 18
        ({"log_connections": ""}, Status.FAIL),
        ({"log_statement": "none"}, Status.FAIL),
        ({"log_line_prefix": "%m [%p] %q%u@%d "}, Status.FAIL),  # Debian's: not from where
        ({"log_line_prefix": "", "log_destination": "jsonlog"}, Status.PASS),
    ],
)
def test_each_part_of_the_log_counts(settings: PgSettings, change: dict[str, str], expected: Status) -> None:
    assert status(postgres.logging, put(settings, **(GOOD | change))) is expected


@pytest.mark.parametrize(
    ("libraries", "expected"),
    [
        ("pgaudit", Status.PASS),
        ("pg_stat_statements, $libdir/pgaudit.so", Status.PASS),
        ("", Status.FAIL),
        ("pg_stat_statements", Status.FAIL),
    ],
)
def test_pgaudit_must_be_loaded(settings: PgSettings, libraries: str, expected: Status) -> None:
    assert status(postgres.pgaudit, put(settings, shared_preload_libraries=libraries)) is expected


def test_libraries_that_are_hidden_are_unknown(settings: PgSettings) -> None:
    hidden = {name: value for name, value in settings.options.items() if name != "shared_preload_libraries"}
    assert status(postgres.pgaudit, PgSettings(hidden)) is Status.UNKNOWN
