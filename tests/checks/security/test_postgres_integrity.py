from __future__ import annotations

from pathlib import Path

import pytest

from checks.check import Check
from checks.facts.postgres_databases import PgDatabase, PgDatabases
from checks.facts.postgres_extensions import PgExtensions, PgExtensionsOf
from checks.facts.postgres_files import PgFile, PgFiles
from checks.facts.postgres_installed import PostgresInstalled
from checks.facts.postgres_settings import PgSettings
from checks.security.postgres_integrity import checksums, extensions, permissions
from checks.verdict import Status, Verdict
from tests.checks.sql_host import read
from tests.postgres_cluster import Cluster, cluster

pytest_plugins = ("tests.postgres_cluster",)

INSTALLED = PostgresInstalled(("/etc/postgresql/15/main",))


def verdicts(check: Check, *facts: object, **thresholds: tuple[str, ...]) -> list[Verdict]:
    said = check(*facts, **thresholds)
    return [said] if isinstance(said, Verdict) else list(said)


def test_a_cluster_without_checksums_fails_and_one_with_them_passes(postgres: Cluster, tmp_path: Path) -> None:
    (off,) = verdicts(checksums, read(postgres, tmp_path, PgSettings), read(postgres, tmp_path, PgDatabases))
    with cluster("--data-checksums") as own:
        (on,) = verdicts(checksums, read(own, tmp_path, PgSettings), read(own, tmp_path, PgDatabases))

    assert (off.status, on.status) == (Status.FAIL, Status.PASS)


def test_a_damaged_page_is_seen(tmp_path: Path) -> None:
    with cluster("--data-checksums") as own:
        own.execute("CREATE TABLE tender AS SELECT generate_series(1, 5000) id", "CHECKPOINT")
        ((path,),) = own.execute("SELECT pg_relation_filepath('tender')")
        own.stop("fast")
        with (own.data / path).open("r+b") as file:
            file.seek(4000)
            file.write(b"damaged")
        own.start()
        with pytest.raises(Exception, match="invalid page"):
            own.execute("SELECT count(*) FROM tender")
        own.execute("SELECT pg_sleep(0.5)")

        (verdict,) = verdicts(checksums, read(own, tmp_path, PgSettings), read(own, tmp_path, PgDatabases))

    assert (verdict.status, verdict.value) == (Status.FAIL, 1)


def test_failures_fail_even_where_the_setting_is_on() -> None:
    settings = PgSettings({"data_checksums": "on"})
    (verdict,) = verdicts(checksums, settings, PgDatabases((PgDatabase("epns_prod", 1, 1, 1, checksum_failures=3),)))

    assert verdict.status is Status.FAIL


@pytest.mark.parametrize(
    ("directory", "hba", "owner", "expected"),
    [
        (0o700, 0o600, 26, [Status.PASS, Status.PASS]),
        (0o750, 0o640, 26, [Status.PASS, Status.PASS]),  # as Debian installs it
        (0o700, 0o640, 0, [Status.PASS, Status.PASS]),
        (0o755, 0o644, 26, [Status.FAIL, Status.FAIL]),
        (0o700, 0o660, 26, [Status.PASS, Status.FAIL]),
        (0o700, 0o600, 1000, [Status.PASS, Status.FAIL]),
    ],
)
def test_modes_and_owners_are_judged(directory: int, hba: int, owner: int, expected: list[Status]) -> None:
    files = PgFiles(
        (
            PgFile("/var/lib/pgsql/data", True, directory, 26, 26),
            PgFile("/var/lib/pgsql/data/pg_hba.conf", False, hba, owner, 26),
        )
    )

    assert [verdict.status for verdict in verdicts(permissions, INSTALLED, files)] == expected


def test_files_that_are_nowhere_are_unknown_where_postgresql_is_installed() -> None:
    assert [verdict.status for verdict in verdicts(permissions, INSTALLED, None)] == [Status.UNKNOWN]


def test_only_listed_extensions_and_trusted_languages_pass(tmp_path: Path) -> None:
    with cluster() as own:
        for name in ("epns_prod", "epns_lat"):
            own.create_database(name)
        own.execute(
            "CREATE EXTENSION dblink",
            "CREATE LANGUAGE rogue HANDLER plpgsql_call_handler",
            "UPDATE pg_language SET lanpltrusted = false WHERE lanname = 'rogue'",
            dbname="epns_lat",
        )
        own.execute("CREATE EXTENSION pgcrypto", dbname="epns_prod")
        found = {one.subject: one for one in verdicts(extensions, read(own, tmp_path, PgExtensions))}

    assert {name: one.status for name, one in found.items()} == {
        "epns_prod": Status.PASS,
        "epns_lat": Status.FAIL,
        "postgres": Status.PASS,
    }
    assert found["epns_lat"].measured == "dblink, rogue"


def test_databases_that_were_not_looked_into_leave_it_unknown() -> None:
    some = PgExtensions((PgExtensionsOf("epns_prod", ("plpgsql",)),), others=2)

    assert [verdict.status for verdict in verdicts(extensions, some)] == [Status.PASS, Status.UNKNOWN]
    (verdict, _) = verdicts(extensions, some, allowed=())
    assert verdict.status is Status.FAIL
