"""Every command of `pantau-collector` as a process: what it prints, its exit code, and what it says when it cannot."""

from __future__ import annotations

import json
import socket
import sqlite3
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

import collector as package
from checks.policy import Policy
from collector.registry.demo import SLUG
from evidence.enrolment import POLICY_MEDIA_TYPE
from evidence.envelope import read_envelope
from tests.collector.process import POSTGRESQL, Collector, reasons
from tests.collector.world import sshd


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collector]:
    """An initialised collector that does not serve, shared by the tests that only ask."""
    with Collector.initialised(tmp_path_factory.mktemp("commands")) as collector:
        yield collector


def test_version_and_help_need_no_state(tmp_path: Path) -> None:
    fresh = Collector.at(tmp_path)
    assert fresh.run("--version") == f"pantau-collector {package.VERSION}\n"
    said = fresh.run("--help")
    for command in ("init", "demo", "migrate", "serve", "provider", "account", "token", "agents", "servers", "policy",
                    "rejudge", "verify"):  # fmt: skip
        assert command in said
    assert not fresh.state.exists()


def test_wrong_use_exits_with_2(tmp_path: Path) -> None:
    fresh = Collector.at(tmp_path)
    for arguments in ((), ("nothing",), ("serve", "--fast")):
        done = fresh.command(*arguments)
        assert done.returncode == 2
        assert "usage" in done.stderr


# --- init


def test_init_makes_private_files_and_a_second_time_changes_nothing(tmp_path: Path) -> None:
    with Collector.initialised(tmp_path) as collector:
        names = {"secret_key", "metrics_token", "collector_key.pem", "administrator_password"}
        assert names <= {path.name for path in collector.state.iterdir()}
        assert stat.S_IMODE(collector.state.stat().st_mode) == 0o700
        for path in collector.state.iterdir():
            assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path
        before = {name: (collector.state / name).read_bytes() for name in names}
        accounts = collector.query("SELECT username, password FROM accounts_account")
        again = collector.run("init", "--demo")
        assert "administrator" not in again
        assert {name: (collector.state / name).read_bytes() for name in names} == before
        assert collector.query("SELECT username, password FROM accounts_account") == accounts
        assert len(collector.run("agents", "--providers").splitlines()) == 1
        assert accounts[0][1].startswith("argon2$")


def test_init_takes_the_administrators_name_and_password_from_a_file(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("a long enough password\n")
    with Collector.initialised(tmp_path) as collector:
        assert f"password in {secret}" in collector.run(
            "init", "--administrator", "budi", "--password-file", str(secret)
        )
        assert ("budi",) in collector.query("SELECT username FROM accounts_account")
        secret.write_text(" \n")
        done = collector.command("init", "--administrator", "siti", "--password-file", str(secret))
        assert (done.returncode, "is empty" in done.stderr) == (1, True)
        done = collector.command("init", "--administrator", "siti", "--password-file", str(tmp_path / "no" / "file"))
        assert (done.returncode, "No such file" in done.stderr) == (1, True)
        assert ("siti",) not in collector.query("SELECT username FROM accounts_account")


def test_init_says_when_it_cannot_make_the_state_directory(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = Collector.at(tmp_path).command("--state", str(tmp_path / "file" / "state"), "init")
    assert done.returncode == 1
    assert "choose another directory with --state" in done.stderr


# --- before init


@pytest.mark.parametrize("arguments", [("token", SLUG), ("agents",), ("policy",), ("verify",), ("rejudge",)])
def test_commands_before_init_say_what_to_do(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    done = Collector.at(tmp_path).command(*arguments)
    assert done.returncode == 1
    assert "pantau-collector init" in done.stderr
    assert "Traceback" not in done.stderr


def test_serve_before_init_says_what_to_do(tmp_path: Path) -> None:
    done = Collector.at(tmp_path).command("serve")
    assert done.returncode == 1
    assert "run `pantau-collector init` first" in done.stderr
    assert "Traceback" not in done.stderr


# --- serve


def test_serve_says_that_its_port_is_taken(made: Collector) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        listen = f"127.0.0.1:{taken.getsockname()[1]}"
        done = made.command("serve", PANTAU_COLLECTOR_LISTEN=listen)
    assert done.returncode == 1
    assert f"cannot listen on {listen}: Address already in use" in done.stderr


@pytest.mark.parametrize("listen", ["0.0.0.0:18443", "[::]:18443", "192.0.2.1:18443", "example.org:18443"])
def test_serve_refuses_plain_http_on_a_public_address(made: Collector, listen: str) -> None:
    done = made.command("serve", PANTAU_COLLECTOR_LISTEN=listen)
    assert done.returncode == 2
    assert "refusing to speak plain HTTP" in done.stderr


def test_serve_says_that_an_address_is_not_ours(made: Collector) -> None:
    done = made.command("serve", PANTAU_COLLECTOR_LISTEN="192.0.2.1:18443", PANTAU_COLLECTOR_BEHIND_PROXY="true")
    assert (done.returncode, "cannot listen on" in done.stderr) == (1, True)


def test_serve_names_a_certificate_that_is_not_there(made: Collector, tmp_path: Path) -> None:
    path = str(tmp_path / "none.pem")
    done = made.command("serve", PANTAU_COLLECTOR_TLS_CERTIFICATE=path, PANTAU_COLLECTOR_TLS_KEY=path)
    assert done.returncode == 1
    assert f"{path}: No such file" in done.stderr


def test_serve_says_that_the_collectors_key_is_no_key(tmp_path: Path) -> None:
    with Collector.initialised(tmp_path) as collector:
        (collector.state / "collector_key.pem").write_text("garbage")
        done = collector.command("serve")
        assert done.returncode == 1
        assert "collector_key.pem" in done.stderr
        assert "Traceback" not in done.stderr


def test_a_database_that_does_not_answer_is_said_so(tmp_path: Path) -> None:
    nowhere = Collector.at(tmp_path, database=f"postgresql://nobody@/nothing?host={tmp_path}&port=1")
    done = nowhere.command("agents")
    assert done.returncode == 1
    assert "the database says" in done.stderr


@pytest.mark.parametrize(
    ("text", "says"),
    [("colour = 'red'", "colour"), ("max_body = 'x'", "max_body"), ("listen = 'here'", "listen must be host:port")],
)
def test_a_bad_configuration_is_named_with_file_and_key(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "collector.toml"
    path.write_text(text)
    fresh = Collector.at(tmp_path)
    del fresh.environment["PANTAU_COLLECTOR_LISTEN"]
    done = fresh.command("--config", str(path), "serve")
    assert done.returncode == 2
    assert str(path) in done.stderr
    assert says in done.stderr
    assert "Traceback" not in done.stderr


# --- migrate


def test_migrate_of_a_new_database_has_nothing_to_do(made: Collector) -> None:
    assert "No planned migration operations" in made.run("migrate", "--plan")
    assert "No migrations to apply" in made.run("migrate")


def test_a_database_that_another_version_has_taken_further_is_left_alone(tmp_path: Path) -> None:
    with Collector.initialised(tmp_path) as collector:
        with collector.connection() as connection:
            connection.execute(
                "INSERT INTO django_migrations (app, name, applied) VALUES ('registry', '0099_later', '2030-01-01')"
            )
        for command in ("init", "migrate"):
            done = collector.command(command)
            assert done.returncode == 1
            assert "newer or a development version of Pantau (registry.0099_later)" in done.stderr
            assert "empty state directory" in done.stderr


# --- token, agents


def test_token_prints_a_token_that_enrols(made: Collector) -> None:
    said = made.run("token", SLUG, "--note", "rack 7", "--hours", "2").split()
    assert len(said) == 1
    assert said[0].startswith("pantau-")


def test_token_says_what_is_wrong(made: Collector) -> None:
    done = made.command("token", "lpse-lain")
    assert (done.returncode, f"known: {SLUG}" in done.stderr) == (1, True)
    done = made.command("token", SLUG, "--server", "srv-none")
    assert (done.returncode, "has no server 'srv-none'" in done.stderr) == (1, True)
    for hours in ("0", "-1", "nan", "inf", "1e9", "many"):
        done = made.command("token", SLUG, "--hours", hours)
        assert (done.returncode, "--hours" in done.stderr, "Traceback" in done.stderr) == (2, True, False)


def test_agents_are_listed_and_revoked_once(tmp_path: Path) -> None:
    with Collector.initialised(tmp_path) as collector:
        assert collector.run("agents") == ""
        with collector.serving():
            sensor = collector.enrol("spse1.contoh.go.id")
        key = sensor.agent.key_id
        assert collector.run("agents").split("\t")[:4] == [key[:16], SLUG, sensor.agent.server_id, "spse1.contoh.go.id"]
        done = collector.command("agents", "--revoke", key[:8])
        assert (done.returncode, "--reason" in done.stderr) == (2, True)
        done = collector.command("agents", "--revoke", "zzz", "--reason", "x")
        assert (done.returncode, "no agent has" in done.stderr) == (1, True)
        assert "revoked" in collector.run("agents", "--revoke", key[:8], "--reason", "host is gone")
        assert "was revoked before" in collector.run("agents", "--revoke", key, "--reason", "again")
        assert "\trevoked " in collector.run("agents")
        reasons_kept = collector.query("SELECT revoked_reason FROM registry_agent WHERE role = 'agent'")
        assert reasons_kept == [("host is gone",)]


# --- servers


def test_servers_are_listed_and_retired_once_with_a_reason(tmp_path: Path) -> None:
    with Collector.initialised(tmp_path) as collector:
        with collector.serving():
            sensor = collector.enrol("spse1.contoh.go.id")
            assert reasons(collector.post_batch(sensor.report(sshd(permitrootlogin="yes"))))
            collector.wait_judged()
        key = sensor.agent.server_id
        standing = "SELECT standing FROM surveillance_standardstate WHERE letter = 'k'"
        assert collector.query(standing) == [("not_met",)]
        assert collector.run("servers") == f"{key}\t{SLUG}\tspse1.contoh.go.id\tin use\n"
        done = collector.command("servers", "--retire", key)
        assert (done.returncode, "--reason" in done.stderr) == (2, True)
        done = collector.command("servers", "--retire", "srv-none", "--reason", "x")
        assert (done.returncode, "there is no server" in done.stderr) == (1, True)
        assert f"{key} spse1.contoh.go.id: retired" in collector.run("servers", "--retire", key, "--reason", "replaced")
        assert "was retired before" in collector.run("servers", "--retire", key, "--reason", "again")
        assert collector.run("servers") == ""
        assert ": replaced" in collector.run("servers", "--retired")
        assert "\trevoked " in collector.run("agents")
        assert collector.query(standing) == [("undetermined",)]
        assert collector.query("SELECT reason FROM accounts_act WHERE verb = 'server.retire'") == [("replaced",)]
        done = collector.command("token", SLUG, "--server", key)
        assert (done.returncode, "is retired" in done.stderr) == (1, True)
        assert json.loads(collector.run("rejudge", "--check"))["differences"] == []


# --- policy


def test_policy_is_shown_published_and_signed(tmp_path: Path) -> None:
    with Collector.initialised(tmp_path) as collector:
        shown, digest = collector.run("policy").splitlines()
        assert json.loads(shown) == json.loads(Policy().encode())
        assert digest == f"digest {Policy().digest}"
        path = tmp_path / "policy.json"
        path.write_text('{"version": "2027-1", "thresholds": {"K-SSH-04": {"maximum": 3}}}')
        assert "in force from" in collector.run("policy", "--publish", str(path))
        assert '"2027-1"' in collector.run("policy")
        done = collector.command("policy", "--publish", str(path))
        assert (done.returncode, "another version" in done.stderr) == (1, True)
        with collector.serving():
            envelope = read_envelope(collector.get("/v1/policy").content)
            assert (envelope.payload_type, b"2027-1" in envelope.payload) == (POLICY_MEDIA_TYPE, True)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('{"thresholds": {"K-SSH-04": {"max": 3}, "Z-NO-01": {"a": 1}}}', "it has: maximum"),
        ('{"thresholds": {"K-SSH-04": {"maximum": "x"}}}', "thresholds.K-SSH-04.maximum"),
        ('{"silence": 3}', "silence"),
        ("no JSON", "policy.json"),
        ("[" * 100_000, "policy.json"),
    ],
)
def test_a_policy_that_does_not_fit_is_refused_with_every_wrong_line(
    made: Collector, tmp_path: Path, text: str, says: str
) -> None:
    path = tmp_path / "policy.json"
    path.write_text(text)
    done = made.command("policy", "--publish", str(path))
    assert done.returncode == 1
    assert says in done.stderr
    assert "Traceback" not in done.stderr
    if "Z-NO-01" in text:
        assert "Z-NO-01: there is no such check" in done.stderr
    assert f"digest {Policy().digest}" in made.run("policy")


def test_a_policy_file_that_is_not_there_is_named(made: Collector, tmp_path: Path) -> None:
    done = made.command("policy", "--publish", str(tmp_path / "none.json"))
    assert (done.returncode, "No such file" in done.stderr) == (1, True)


# --- verify, rejudge


def test_verify_and_rejudge_say_that_all_is_well_and_what_is_not(tmp_path: Path) -> None:
    with Collector.initialised(tmp_path) as collector:
        with collector.serving():
            sensor = collector.enrol()
            assert reasons(collector.post_batch(*[sensor.report(sshd(permitrootlogin="yes")) for _ in range(3)]))
            collector.wait_judged()
        told = json.loads(collector.run("verify"))
        assert told["entries"] >= 3  # the collector's own survey is one of them, if there was time for it
        assert (told["gaps"], told["problems"]) == (0, 0)
        assert told["acts"] == int(told["acts_head"].partition(":")[0]) > 0
        assert json.loads(collector.run("rejudge", "--check"))["differences"] == []
        assert 3 <= json.loads(collector.run("rejudge"))["entries"] <= told["entries"]
        collector.query("UPDATE surveillance_finding SET severity = 'low' WHERE check_code = 'K-SSH-01'")
        done = collector.command("rejudge", "--check")
        assert (done.returncode, len(json.loads(done.stdout)["differences"])) == (1, 2)
        done = collector.command("rejudge")
        assert (done.returncode, len(json.loads(done.stdout)["differences"])) == (1, 2)
        assert json.loads(collector.run("rejudge", "--check"))["differences"] == []
        collector.query("UPDATE ledger_entry SET digest = %s WHERE sequence = 2", "0" * 64)
        done = collector.command("verify")
        assert done.returncode == 1
        assert "digest" in done.stdout
        assert json.loads(done.stdout.splitlines()[-1])["problems"] >= 1


def test_the_engine_is_the_one_under_test(made: Collector) -> None:
    with made.connection() as connection:
        assert isinstance(connection, sqlite3.Connection) is not POSTGRESQL


# --- provider, account


def test_a_provider_and_its_people_are_registered_and_listed(made: Collector) -> None:
    said = made.run(
        "provider", "lpse-kota-uji", "--name", "LPSE Kota Uji", "--institution", "Pemerintah Kota Uji",
        "--institution-kind", "city", "--instance", "https://spse.example.go.id/kotauji",
    )  # fmt: skip
    assert "lpse-kota-uji" in said
    assert "lpse-kota-uji\tLPSE Kota Uji\tPemerintah Kota Uji\tsystem" in made.run("provider")
    said = made.run("account", "kepala", "--role", "provider_head", "--provider", "lpse-kota-uji")
    assert "password (shown once): " in said
    assert "kepala\tprovider_head\tlpse-kota-uji\tactive" in made.run("account")
    assert "closed" in made.run("account", "kepala", "--close")
    assert "kepala\tprovider_head\tlpse-kota-uji\tclosed" in made.run("account")
    assert "password (shown once): " in made.run("account", "kepala", "--reset-password")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("provider", "x"), "needs --name and --institution"),
        (("provider", "Tidak Rapi", "--name", "a", "--institution", "b"), "tidak-rapi"),
        (("provider", SLUG, "--name", "a", "--institution", "b"), "registered already"),
        (("provider", "y", "--name", "a", "--institution", "b", "--kind", "z"), "system, service"),
        (("provider", "y", "--name", "a", "--institution", "b", "--institution-kind", "z"), "ministry"),
        (("account", "baru"), "needs --role"),
        (("account", "baru", "--role", "raja"), "needs --role"),
        (("account", "baru", "--role", "provider_admin"), "needs --provider"),
        (("account", "baru", "--role", "officer", "--provider", SLUG), "has no --provider"),
        (("account", "baru", "--role", "provider_admin", "--provider", "tidak-ada"), "there is no provider"),
        (("account", "baru", "--close"), "there is no account"),
        (("account", "admin"), "exists already"),
    ],
)
def test_what_cannot_be_registered_is_said(made: Collector, arguments: tuple[str, ...], said: str) -> None:
    done = made.command(*arguments)
    assert done.returncode == 1
    assert said in done.stderr


def test_a_weak_password_is_refused(made: Collector, tmp_path: Path) -> None:
    (tmp_path / "password").write_text("12345678")
    done = made.command("account", "lemah", "--role", "auditor", "--password-file", str(tmp_path / "password"))
    assert done.returncode == 1
    assert "lemah" not in made.run("account")
