from __future__ import annotations

from pathlib import Path

import pytest

from agent.hosts.local import LocalHost
from agent.survey import Survey
from checks.facts.postgres_files import PgFiles
from checks.facts.postgres_installed import PostgresInstalled
from checks.facts.postgres_ready import PostgresReady
from checks.facts.postgres_settings import PgSettings


@pytest.mark.parametrize(
    "path",
    [
        "etc/postgresql/15/main/postgresql.conf",
        "var/lib/postgresql/13/main/PG_VERSION",
        "var/lib/pgsql/data/PG_VERSION",
        "var/lib/pgsql/16/data/PG_VERSION",
        "run/postgresql/.s.PGSQL.5432",
    ],
)
def test_a_cluster_is_found_where_each_system_keeps_it(tmp_path: Path, path: str) -> None:
    (tmp_path / path).parent.mkdir(parents=True)
    (tmp_path / path).touch()

    fact = Survey(LocalHost(str(tmp_path))).outcome(PostgresInstalled).fact

    assert fact == PostgresInstalled((str(Path("/", path).parent),))


def test_without_a_cluster_every_other_fact_of_postgresql_is_absent_too(tmp_path: Path) -> None:
    (tmp_path / "run/postgresql").mkdir(parents=True)
    (tmp_path / "run/postgresql/.s.PGSQL.5432.lock").touch()
    survey = Survey(LocalHost(str(tmp_path)))

    for kind in (PostgresInstalled, PostgresReady, PgSettings, PgFiles):
        assert survey.outcome(kind).absent == (survey.outcome(PostgresInstalled).absent)


def test_with_a_cluster_that_cannot_be_asked_the_other_facts_are_missing(tmp_path: Path) -> None:
    (tmp_path / "var/lib/pgsql/data").mkdir(parents=True)
    (tmp_path / "var/lib/pgsql/data/PG_VERSION").write_text("13\n")

    outcome = Survey(LocalHost(str(tmp_path))).outcome(PgSettings)

    assert outcome.absent is None
    assert outcome.missing is not None
