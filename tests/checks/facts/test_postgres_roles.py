from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from checks.fact import Missing
from checks.facts.postgres_default_password import PgDefaultPassword, compared_without_scram
from checks.facts.postgres_roles import PgRole, PgRoles, with_passwords
from tests.checks.real import real
from tests.checks.sql_host import SqlHost, read, survey
from tests.postgres_cluster import Cluster, cluster

pytest_plugins = ("tests.postgres_cluster",)


@pytest.fixture(scope="module")
def own() -> Iterator[Cluster]:
    with cluster() as made:
        made.execute(
            "CREATE ROLE epns LOGIN PASSWORD 'epns'",
            "CREATE ROLE lpse LOGIN CREATEDB PASSWORD 'lpse'",
            "CREATE ROLE strong LOGIN PASSWORD 'a long one that nobody guesses'",
            "CREATE ROLE keyless LOGIN",
            "CREATE ROLE staff NOLOGIN PASSWORD 'epns'",
        )
        yield made


def change(own: Cluster, *statements: str) -> None:
    own.execute("SET password_encryption = md5", *statements)


def test_powerful_roles_come_first_and_built_in_ones_are_left_out(own: Cluster, tmp_path: Path) -> None:
    roles = read(own, tmp_path, PgRoles)

    assert [role.name for role in roles.roles] == ["postgres", "lpse", "epns", "keyless", "staff", "strong"]
    assert roles.roles[1] == PgRole("lpse", login=True, create_db=True)
    assert (roles.total, roles.md5) == (6, 0)


def test_md5_passwords_are_counted_and_never_read(own: Cluster, tmp_path: Path) -> None:
    change(own, "CREATE ROLE old LOGIN PASSWORD 'x'")
    try:
        assert read(own, tmp_path, PgRoles).md5 == 1
    finally:
        own.execute("DROP ROLE old")


def test_a_plain_role_sees_the_roles_but_not_how_their_passwords_are_kept(own: Cluster, tmp_path: Path) -> None:
    roles = read(own, tmp_path, PgRoles, user="keyless")

    assert roles.md5 is None
    assert roles.total == 6
    assert PgDefaultPassword in survey(own, tmp_path, PgDefaultPassword, user="keyless").missing


def test_a_list_without_any_superuser_is_missing() -> None:
    with pytest.raises(Missing):
        with_passwords(real("debian12/postgres-roles.csv").replace("postgres,true,true", "postgres,true,false"))


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
