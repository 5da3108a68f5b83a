from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from checks.fact import Missing
from checks.facts.postgres_default_password import PgDefaultPassword
from checks.facts.postgres_roles import PgRole, PgRoles, with_passwords
from tests.checks.real import real
from tests.checks.sql_host import read, survey
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


def test_before_postgresql_14_a_password_is_kept_as_md5_unless_told_otherwise() -> None:
    assert [with_passwords(real(f"postgres{major}/postgres-roles.csv")).md5 for major in ("13", "14", "16")] == [
        1,
        0,
        0,
    ]
