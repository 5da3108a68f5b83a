from __future__ import annotations

import os
import pwd
from collections.abc import Iterator
from pathlib import Path

import pytest

from checks.check import Check
from checks.evaluate import evaluate
from checks.fact import Snapshot
from checks.facts.postgres_default_password import PgDefaultPassword
from checks.facts.postgres_hba import PgHba, as_written
from checks.facts.postgres_roles import PgRole, PgRoles
from checks.facts.postgres_settings import PgSettings
from checks.security import postgres_access
from checks.source import FileText
from checks.verdict import Result, Status, Verdict
from tests.checks.real import NOW, real
from tests.checks.sql_host import survey
from tests.postgres_cluster import Cluster, cluster

pytest_plugins = ("tests.postgres_cluster",)

LOCAL = "local all all trust"  # how the tests themselves get in


@pytest.fixture(scope="module")
def own() -> Iterator[Cluster]:
    with cluster() as made:
        yield made


def judged(check: Check, own: Cluster, root: Path) -> Result:
    """What an agent on that host says."""
    (result,) = evaluate(check, check.thresholds, survey(own, root, *check.facts), NOW)
    return result


def of_text(check: Check, text: str, **thresholds: int) -> Verdict:
    verdict = check(as_written((FileText("pg_hba.conf", text),), (), ()), **thresholds)
    assert isinstance(verdict, Verdict)
    return verdict


def test_trust_on_a_real_server_fails_with_its_line(own: Cluster, tmp_path: Path) -> None:
    own.hba(LOCAL, "host all all 127.0.0.1/32 scram-sha-256")
    result = judged(postgres_access.no_trust, own, tmp_path)

    assert (result.status, result.measured, result.value) == (Status.FAIL, "1: local all all trust", 1)


def test_a_server_that_trusts_only_proof_passes(own: Cluster, tmp_path: Path) -> None:
    me = pwd.getpwuid(os.geteuid()).pw_name
    (own.data / "pg_ident.conf").write_text(f"tests {me} postgres\n")
    own.hba("local all postgres peer map=tests", "host all all 127.0.0.1/32 scram-sha-256")
    try:
        assert judged(postgres_access.no_trust, own, tmp_path).status is Status.PASS
    finally:
        own.hba(LOCAL)


@pytest.mark.parametrize(
    ("name", "trust", "wide"),
    [
        ("debian12/pg_hba.conf", Status.PASS, Status.PASS),
        ("ubuntu2204/pg_hba.conf", Status.PASS, Status.FAIL),
        ("el/pg_hba-trust.conf", Status.FAIL, Status.PASS),
        ("el/pg_hba-container.conf", Status.FAIL, Status.PASS),
    ],
)
def test_files_of_real_servers_are_judged(name: str, trust: Status, wide: Status) -> None:
    assert of_text(postgres_access.no_trust, real(name)).status is trust
    assert of_text(postgres_access.no_wide_range, real(name)).status is wide


def test_a_line_that_nobody_understands_is_no_pass() -> None:
    text = "local all all peer\nhost all all 10.0.0.0/99 md5\n"

    assert of_text(postgres_access.no_trust, text).status is Status.UNKNOWN
    assert of_text(postgres_access.no_wide_range, text).status is Status.UNKNOWN


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("0.0.0.0/0", Status.FAIL),
        ("0.0.0.0 0.0.0.0", Status.FAIL),
        ("::/0", Status.FAIL),
        ("all", Status.FAIL),
        ("128.0.0.0/1", Status.FAIL),
        ("10.0.0.0/8", Status.PASS),
        ("samenet", Status.PASS),
        ("10.1.2.3/32", Status.PASS),
        ("app.spse.example", Status.PASS),
    ],
)
def test_a_range_may_be_an_institution_but_not_the_world(address: str, status: Status) -> None:
    assert of_text(postgres_access.no_wide_range, f"host all all {address} scram-sha-256").status is status


def test_a_wide_range_that_is_rejected_harms_nobody_and_policy_may_be_stricter() -> None:
    assert of_text(postgres_access.no_wide_range, "host all all 0.0.0.0/0 reject").status is Status.PASS
    assert of_text(postgres_access.no_wide_range, "host a a 10.0.0.0/8 md5", shortest_ipv4=24).status is Status.FAIL


def test_a_real_server_open_to_the_world_fails(own: Cluster, tmp_path: Path) -> None:
    own.hba(LOCAL, "host all all 0.0.0.0/0 md5")
    assert judged(postgres_access.no_wide_range, own, tmp_path).status is Status.FAIL
    own.hba(LOCAL, "host all all 10.1.2.3/32 md5")
    assert judged(postgres_access.no_wide_range, own, tmp_path).status is Status.PASS


def test_scram_everywhere_passes_and_each_trace_of_md5_warns(own: Cluster, tmp_path: Path) -> None:
    own.hba(LOCAL, "host all all 10.1.2.3/32 scram-sha-256")
    assert judged(postgres_access.scram, own, tmp_path).status is Status.PASS

    own.hba(LOCAL, "host all all 10.1.2.3/32 md5")
    assert judged(postgres_access.scram, own, tmp_path).status is Status.WARN
    own.hba(LOCAL)
    own.set(password_encryption="md5")
    own.execute("CREATE ROLE old LOGIN PASSWORD 'a good one'")
    assert judged(postgres_access.scram, own, tmp_path).status is Status.WARN
    own.set(password_encryption="scram-sha-256")
    assert judged(postgres_access.scram, own, tmp_path).status is Status.WARN
    own.execute("DROP ROLE old")
    assert judged(postgres_access.scram, own, tmp_path).status is Status.PASS


def test_passwords_in_clear_text_fail_except_inside_tls(own: Cluster, tmp_path: Path) -> None:
    own.hba(LOCAL, "host all all 10.1.2.3/32 password")
    assert judged(postgres_access.scram, own, tmp_path).status is Status.FAIL
    own.hba(LOCAL, "hostssl all all 10.1.2.3/32 password")
    assert judged(postgres_access.scram, own, tmp_path).status is Status.PASS


def test_scram_is_not_proven_while_passwords_are_hidden() -> None:
    settings = PgSettings({"password_encryption": "scram-sha-256"})
    verdict = postgres_access.scram(settings, PgHba(()), PgRoles((PgRole("postgres", superuser=True),), 1))

    assert isinstance(verdict, Verdict)
    assert verdict.status is Status.UNKNOWN


@pytest.mark.parametrize("encryption", ["scram-sha-256", "md5"])
def test_epns_epns_is_found_however_it_is_kept(own: Cluster, tmp_path: Path, encryption: str) -> None:
    own.set(password_encryption=encryption)
    own.execute("CREATE ROLE epns LOGIN PASSWORD 'epns'")
    try:
        result = judged(postgres_access.default_password, own, tmp_path)
        assert result.status is Status.FAIL
        own.execute("ALTER ROLE epns PASSWORD 'Fj3-quite-another'")
        assert judged(postgres_access.default_password, own, tmp_path).status is Status.PASS
    finally:
        own.execute("DROP ROLE epns")
        own.set(password_encryption="scram-sha-256")


def test_a_password_that_could_not_be_compared_is_unknown() -> None:
    verdict = postgres_access.default_password(PgDefaultPassword(other=("a",), unsure=("epns",)))

    assert isinstance(verdict, Verdict)
    assert verdict.status is Status.UNKNOWN


def test_a_superuser_beside_postgres_fails_and_createdb_warns(own: Cluster, tmp_path: Path) -> None:
    assert judged(postgres_access.superusers, own, tmp_path).status is Status.PASS
    own.execute("CREATE ROLE epns LOGIN CREATEDB")
    try:
        assert judged(postgres_access.superusers, own, tmp_path).status is Status.WARN
        for power in ("SUPERUSER", "CREATEROLE", "BYPASSRLS"):
            own.execute(f"ALTER ROLE epns {power}")
            result = judged(postgres_access.superusers, own, tmp_path)
            assert (result.status, result.measured) == (Status.FAIL, f"epns ({power})")
            own.execute(f"ALTER ROLE epns NO{power}")
    finally:
        own.execute("DROP ROLE epns")


def test_policy_may_name_other_superusers() -> None:
    roles = PgRoles((PgRole("postgres", superuser=True), PgRole("dba", superuser=True)), 2)
    verdict = postgres_access.superusers(roles, allowed=("postgres", "dba"))

    assert isinstance(verdict, Verdict)
    assert verdict.status is Status.PASS


@pytest.mark.parametrize(
    "check",
    [value for value in vars(postgres_access).values() if isinstance(value, Check)],
    ids=lambda check: check.code,
)
def test_without_postgresql_nothing_here_applies(check: Check) -> None:
    nothing = Snapshot(absent=dict.fromkeys(check.facts, "there is no PostgreSQL cluster on this host"))
    (result,) = evaluate(check, check.thresholds, nothing, NOW)

    assert result.status is Status.NOT_APPLICABLE
