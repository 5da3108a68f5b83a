from __future__ import annotations

from pathlib import Path

import pytest

from checks.fact import Missing
from checks.facts.postgres_settings import NAMES, PgSettings, loopback, pg_settings
from tests.checks.real import real
from tests.checks.sql_host import read, survey
from tests.postgres_cluster import Cluster, cluster

pytest_plugins = ("tests.postgres_cluster",)


def test_every_setting_that_was_asked_for_is_there(postgres: Cluster, tmp_path: Path) -> None:
    settings = read(postgres, tmp_path, PgSettings)

    assert set(settings.options) == set(NAMES)
    assert settings.option("data_directory") == str(postgres.data)
    assert settings.addresses == ()
    assert not settings.on_network


def test_what_a_plain_role_may_not_see_is_not_there(postgres: Cluster, tmp_path: Path) -> None:
    postgres.execute("CREATE ROLE onlooker LOGIN")
    try:
        settings = read(postgres, tmp_path, PgSettings, user="onlooker")
    finally:
        postgres.execute("DROP ROLE onlooker")

    assert settings.option("data_directory") is None
    assert settings.option("ssl") == "off"


def test_a_server_that_is_down_is_missing_and_not_absent(tmp_path: Path) -> None:
    with cluster() as own:
        own.stop()
        seen = survey(own, tmp_path, PgSettings)

    assert PgSettings in seen.missing


def test_settings_without_a_version_are_missing() -> None:
    printed = real("debian12/postgres-settings.csv").replace("server_version_num,150018\n", "")
    with pytest.raises(Missing):
        pg_settings(printed)


@pytest.mark.parametrize(
    ("address", "local"),
    [
        ("localhost", True),
        ("127.0.0.1", True),
        ("::1", True),
        ("*", False),
        ("0.0.0.0", False),
        ("10.1.2.3", False),
        ("db", False),
    ],
)
def test_loopback_is_this_host_only(address: str, local: bool) -> None:
    assert loopback(address) is local


@pytest.mark.parametrize(("major", "encryption"), [("13", "md5"), ("14", "scram-sha-256"), ("16", "scram-sha-256")])
def test_the_servers_of_other_systems_are_read(major: str, encryption: str) -> None:
    """EL 9 ships 13, Ubuntu 22.04 ships 14, Ubuntu 24.04 ships 16."""
    settings = pg_settings(real(f"postgres{major}/postgres-settings.csv"))

    assert settings.option("password_encryption") == encryption
    assert str(settings.option("server_version")).startswith(major)
