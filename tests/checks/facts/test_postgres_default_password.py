from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from checks.fact import Missing
from checks.facts.postgres_default_password import PgDefaultPassword, compared, compared_without_scram
from tests.checks.real import real
from tests.checks.sql_host import SqlHost, read, survey
from tests.postgres_cluster import Cluster, cluster

pytest_plugins = ("tests.postgres_cluster",)


@pytest.fixture(scope="module")
def own() -> Iterator[Cluster]:
    with cluster() as made:
        made.execute(
            "CREATE ROLE epns LOGIN PASSWORD 'epns'",
            "CREATE ROLE lpse LOGIN PASSWORD 'lpse'",
            "CREATE ROLE strong LOGIN PASSWORD 'a long one that nobody guesses'",
            "CREATE ROLE keyless LOGIN",
            "CREATE ROLE staff NOLOGIN PASSWORD 'epns'",
        )
        yield made


def test_scram_passwords_are_compared_inside_postgresql(own: Cluster, tmp_path: Path) -> None:
    found = read(own, tmp_path, PgDefaultPassword)

    assert found == PgDefaultPassword(default=("epns", "lpse"), other=("strong",))


@pytest.mark.parametrize(("password", "default"), [("epns", True), ("Epns", False), ("epns ", False), ("other", False)])
def test_md5_passwords_are_compared_too(own: Cluster, tmp_path: Path, password: str, default: bool) -> None:
    with_md5 = f"ALTER ROLE epns PASSWORD '{password}'"
    own.set(password_encryption="md5")
    try:
        own.execute(with_md5)
        assert ("epns" in read(own, tmp_path, PgDefaultPassword).default) is default
    finally:
        own.set(password_encryption="scram-sha-256")
        own.execute("ALTER ROLE epns PASSWORD 'epns'")


def test_a_password_that_cannot_be_compared_is_neither_good_nor_bad(own: Cluster, tmp_path: Path) -> None:
    own.execute(*(f"CREATE ROLE many{number} LOGIN PASSWORD 'x'" for number in range(10)))
    try:
        found = read(own, tmp_path, PgDefaultPassword)
    finally:
        own.execute(*(f"DROP ROLE many{number}" for number in range(10)))

    assert "epns" in found.default
    assert len(found.unsure) == 3


def test_before_postgresql_11_scram_passwords_are_unsure(own: Cluster, tmp_path: Path) -> None:
    (source,) = compared_without_scram.sources
    found = compared_without_scram(SqlHost(own, str(tmp_path)).read(source))

    assert set(found.unsure) == {"epns", "lpse", "strong"}


def test_a_role_that_may_not_see_how_passwords_are_kept_compares_nothing(own: Cluster, tmp_path: Path) -> None:
    assert PgDefaultPassword in survey(own, tmp_path, PgDefaultPassword, user="keyless").missing


def test_neither_password_nor_hash_is_in_the_answer(own: Cluster, tmp_path: Path) -> None:
    answer = SqlHost(own, str(tmp_path)).read(compared.sources[0])
    stored = [str(row[0]) for row in own.execute("SELECT rolpassword FROM pg_authid WHERE rolpassword IS NOT NULL")]
    fact = msgspec.json.encode(read(own, tmp_path, PgDefaultPassword)).decode()

    assert "SCRAM" in stored[0]
    for secret in (*stored, "nobody guesses", "SCRAM", hashlib.md5(b"epnsepns").hexdigest()):
        assert secret not in str(answer) + fact


def test_no_login_is_attempted(own: Cluster, tmp_path: Path) -> None:
    log = own.data.parent / "log"
    before = log.read_text(encoding="utf-8", errors="replace")
    own.set(log_connections="on")
    try:
        read(own, tmp_path, PgDefaultPassword)
    finally:
        own.set(log_connections="off")
    said = log.read_text(encoding="utf-8", errors="replace").removeprefix(before)

    assert "connection authorized" in said
    assert "user=epns" not in said
    assert "password authentication failed" not in said


def test_a_recorded_answer_names_the_role_with_the_default_password() -> None:
    assert compared(real("debian12/postgres-default-password.csv")) == PgDefaultPassword(default=("epns",))


@pytest.mark.parametrize("printed", ["", "name,answer\nepns,perhaps\n", "name,answer\n,default\n", "answer\ndefault\n"])
def test_an_answer_that_makes_no_sense_is_missing(printed: str) -> None:
    for recipe in (compared, compared_without_scram):
        with pytest.raises(Missing):
            recipe(printed)
