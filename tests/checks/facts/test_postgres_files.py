from __future__ import annotations

from pathlib import Path

import pytest

from agent.hosts.local import LocalHost
from checks.fact import After, Missing
from checks.facts.postgres_files import those_at_the_usual_places, those_in_use
from checks.facts.postgres_settings import PgSettings
from checks.source import FileStat
from tests.checks.sql_host import read
from tests.postgres_cluster import Cluster

pytest_plugins = ("tests.postgres_cluster",)


def test_the_paths_come_from_postgresql_itself(postgres: Cluster, tmp_path: Path) -> None:
    (source,) = those_in_use.sources
    assert isinstance(source, After)
    stat = source.make(read(postgres, tmp_path, PgSettings))

    found = those_in_use(LocalHost().read(stat))

    assert [(file.path, file.directory, file.mode) for file in found.files] == [
        (str(postgres.data), True, 0o700),
        (str(postgres.data / "pg_hba.conf"), False, 0o600),
    ]


def test_otherwise_they_are_looked_for_where_debian_and_el_keep_them(tmp_path: Path) -> None:
    data = tmp_path / "var/lib/pgsql/data"
    data.mkdir(parents=True, mode=0o755)
    (data / "pg_hba.conf").touch(mode=0o600)
    (source,) = those_at_the_usual_places.sources

    found = those_at_the_usual_places(LocalHost(str(tmp_path)).read(source))

    assert [file.path for file in found.files] == ["/var/lib/pgsql/data", "/var/lib/pgsql/data/pg_hba.conf"]


def test_half_of_them_is_missing() -> None:
    with pytest.raises(Missing):
        those_in_use((FileStat("/data", "directory", 0o700, 26, 26, 0, 0.0),))
