from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given

from agent.hosts.local import LocalHost
from agent.survey import Survey
from checks.fact import Missing
from checks.facts.postgres_majors import PostgresMajors, of_clusters, of_configurations
from checks.source import FileStat, FileText
from tests.checks.facts.fuzzing import TEXT, gives_or_says_why
from tests.checks.trees import plant


def cluster(text: str) -> FileText:
    return FileText("/var/lib/pgsql/data/PG_VERSION", text)


def test_each_version_of_a_cluster_is_told_once() -> None:
    assert of_clusters.parse((cluster("15\n"), cluster("9.6\n")), (cluster("15\n"),)).versions == ("9.6", "15")


def test_without_root_debians_paths_tell() -> None:
    seen = tuple(FileStat(path, "directory", 0o755, 0, 0, 1, 0.0) for path in ("/", "/etc/postgresql/15/main"))

    assert of_configurations.parse(seen).versions == ("15",)


def test_a_host_is_read(tmp_path: Path) -> None:
    plant(tmp_path, "/etc/postgresql/15/main/postgresql.conf", "port = 5432\n")
    plant(tmp_path, "/var/lib/postgresql/15/main/PG_VERSION", "15\n")

    assert Survey(LocalHost(str(tmp_path))).outcome(PostgresMajors).fact == PostgresMajors(("15",))
    (tmp_path / "var/lib/postgresql/15/main/PG_VERSION").unlink()
    assert Survey(LocalHost(str(tmp_path))).outcome(PostgresMajors).fact == PostgresMajors(("15",))


def test_no_cluster_and_nonsense_are_missing() -> None:
    with pytest.raises(Missing):
        of_clusters.parse(())
    with pytest.raises(Missing):
        of_clusters.parse((cluster("<html>"),))
    with pytest.raises(Missing):
        of_configurations.parse((FileStat("/", "directory", 0o755, 0, 0, 1, 0.0),))


@given(TEXT)
def test_any_text_gives_a_fact_or_a_reason(text: str) -> None:
    gives_or_says_why(of_clusters, (cluster(text),))
