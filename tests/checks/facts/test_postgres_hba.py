from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.fact import Missing
from checks.facts.postgres_hba import PgHba, as_the_server_reads_it, as_written, parse
from checks.source import FileText
from tests.checks.real import real
from tests.checks.sql_host import read
from tests.postgres_cluster import Cluster, cluster

pytest_plugins = ("tests.postgres_cluster",)

TRICKY = (
    "local all postgres peer map=admins",
    'host "epns prod",epns_lat  +staff, "all"   10.1.2.3   255.255.0.0   md5  # a comment, "quoted" too',
    "hostssl all all ::1/128 cert clientcert=verify-full",
    "hostnossl all all samenet reject",
    "host\tepns_prod\tepns\t.spse.example\tscram-sha-256",
    "host all all fe80::1 ffff:ffff:: ldap ldapserver=x ldapbasedn=dc=x ldapbinddn=y ldapbindpasswd=secret",
    "host all \\",
    "  all all md5",
    "host all all 10.0.0.0/8",
    "host all all 10.0.0.0/8 sesame",
    "host all all 10.0.0.0/99 md5",
    "host all all 10.0.0.0 255.0.255.0 md5",
    "host all all 10.0.0.1 md5",
    "friend all all 10.0.0.0/8 md5",
)


def written(text: str) -> PgHba:
    return as_written((FileText("/etc/postgresql/15/main/pg_hba.conf", text),), (), ())


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> PgHba:
    with cluster() as own:
        (own.data / "pg_hba.conf").write_text("local all all trust\n" + "\n".join(TRICKY) + "\n")
        return read(own, tmp_path_factory.mktemp("root"), PgHba)


def test_the_files_are_read_as_postgresql_reads_them(server: PgHba) -> None:
    ours = written("local all all trust\n" + "\n".join(TRICKY) + "\n")

    assert [rule.text for rule in ours.rules] == [rule.text for rule in server.rules]
    assert ours.wrong == server.wrong == 6


def test_no_option_of_a_rule_is_kept(server: PgHba) -> None:
    assert "secret" not in repr(server)
    assert "secret" not in repr(written("\n".join(TRICKY)))


def test_postgresql_and_its_file_say_the_same_of_a_fresh_cluster(postgres: Cluster, tmp_path: Path) -> None:
    said = read(postgres, tmp_path, PgHba)

    assert said == written((postgres.data / "pg_hba.conf").read_text())
    assert said == as_the_server_reads_it(real("debian12/postgres-hba.csv"))


def test_debian_12_as_installed_has_seven_rules_and_trusts_nobody() -> None:
    hba = written(real("debian12/pg_hba.conf"))

    assert [rule.method for rule in hba.rules if rule.type == "local"] == ["peer", "peer", "peer"]
    assert [rule.method for rule in hba.rules if rule.type == "host"] == ["scram-sha-256"] * 4
    assert not hba.wrong


def test_a_server_opened_to_the_world_is_read_with_its_lines() -> None:
    hba = written(real("ubuntu2204/pg_hba.conf"))

    assert [(rule.where, rule.address) for rule in hba.rules[-2:]] == [("17", "0.0.0.0/0"), ("18", "::/0")]


def test_rules_of_el_are_read_and_commented_ones_are_not() -> None:
    files = tuple(
        FileText(f"/var/lib/pgsql/{name}", real(f"el/{name}"))
        for name in ("pg_hba-trust.conf", "pg_hba-container.conf")
    )
    hba = as_written((), files, ())

    assert [rule.method for rule in hba.rules] == ["trust"] * 7
    assert hba.rules[0].where == "/var/lib/pgsql/pg_hba-trust.conf:2"


@pytest.mark.parametrize(
    "text", ["", "# nothing\n", "include other.conf\n", "include_dir conf.d\nlocal all all peer\n"]
)
def test_a_file_without_rules_of_its_own_is_missing(text: str) -> None:
    with pytest.raises(Missing):
        written(text)


def test_without_any_file_it_is_missing() -> None:
    with pytest.raises(Missing):
        as_written((), (), ())


@given(st.text(alphabet='hostlca 0123456789./:,"#\\\n\tmd5trust', max_size=200))
def test_any_text_is_read_or_missing(text: str) -> None:
    try:
        assert isinstance(parse(text), list)
        assert isinstance(written(text), PgHba)
    except Missing:
        return


@pytest.mark.parametrize("major", ["13", "14", "16"])
def test_the_file_that_els_installer_writes_trusts_the_names_of_the_system(major: str) -> None:
    read, said = (
        written(real(f"postgres{major}/pg_hba.conf")),
        as_the_server_reads_it(real(f"postgres{major}/postgres-hba.csv")),
    )

    assert [rule.text for rule in read.rules] == [rule.text for rule in said.rules]
    assert {rule.method for rule in read.rules} == {"peer", "ident"}
    assert (len(read.rules), read.wrong) == (6, 0)
