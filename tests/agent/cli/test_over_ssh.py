from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from agent.identity import load
from agent.settings import load as load_settings
from tests.agent.collector_stand_in import CollectorStandIn
from tests.agent.device_stand_in import device
from tests.agent.parts import agent, enrolled, settings
from tests.agent.sshd import Server, sshd
from tests.checks.real import real

SSH = "K-SSH-09"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with sshd(tmp_path_factory.mktemp("sshd")) as running:
        yield running


def way(server: Server) -> list[str]:
    return ["--ssh", str(server.login), "--identity", str(server.identity), "--known-hosts", str(server.known_hosts)]


def relay(server: Server, folder: Path, name: str = "db1", **changed: str) -> str:
    path = folder / "agent.toml"
    lines = {
        "name": name, "ssh": str(server.login), "identity": str(server.identity),
        "known_hosts": str(server.known_hosts), "hostname": "db1.contoh.go.id", **changed,
    }  # fmt: skip
    with path.open("a") as file:
        file.write("[[relay]]\n" + "".join(f"{key} = {json.dumps(value)}\n" for key, value in lines.items()))
    return str(path)


def test_another_host_is_checked_with_every_output(server: Server, tmp_path: Path) -> None:
    enrolled(settings(tmp_path))  # what this server is does not show in the page of another
    done = agent("check", *way(server), "--only", SSH, "--json", state=tmp_path)
    assert done.stderr == ""
    document = json.loads(done.stdout)
    assert document["hostname"] == "127.0.0.1"
    assert {one["check"] for one in document["results"]} == {SSH}
    assert {one["status"] for one in document["results"]} <= {"pass", "fail"}
    assert "LPSE Kota Contoh" not in done.stdout
    for form in (["--nagios"], ["--junit"], ["--html", str(tmp_path / "x.html")], ["--all"], ["--explain", SSH]):
        only = [] if "--explain" in form else ["--only", SSH]
        shown = agent("check", *way(server), *only, *form, state=tmp_path)
        assert shown.returncode == done.returncode
        assert shown.stdout


def test_a_host_that_is_refused_is_wrong_use_with_what_to_do_and_unknown_for_nagios(
    server: Server, tmp_path: Path
) -> None:
    (tmp_path / "nobody").write_text("")
    blind = [*way(server)[:4], "--known-hosts", str(tmp_path / "nobody")]
    done = agent("--lang", "en", "check", *blind, "--only", SSH, state=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "is not known" in done.stderr
    nagios = agent("check", *blind, "--only", SSH, "--nagios", state=tmp_path)
    assert nagios.returncode == 3
    assert nagios.stdout.startswith("PANTAU UNKNOWN - ")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--jump", "a@b"], "--jump goes with --ssh only"), (["--sudo"], "--sudo goes with --ssh only"),
        (["--ssh", "a b"], "is not user@host"), (["--ssh", "a@b", "--jump", "c d"], "is not user@host"),
        (["--ssh", "a@b", "--root", "/tmp"], "exclude each other"),
    ],
)  # fmt: skip
def test_wrong_use_is_said(tmp_path: Path, arguments: list[str], said: str) -> None:
    done = agent("--lang", "en", "check", *arguments, "--only", SSH, state=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr


def test_a_relay_of_the_settings_is_checked_by_its_name_and_shown_by_config_check(
    server: Server, tmp_path: Path
) -> None:
    path = relay(server, tmp_path)
    done = agent("--config", path, "check", "--ssh", "db1", "--only", SSH, "--json", state=tmp_path)
    assert json.loads(done.stdout)["results"]
    mixed = agent("--config", path, "--lang", "en", "check", "--ssh", "db1", "--sudo", "--only", SSH, state=tmp_path)
    assert "the settings say it for db1" in mixed.stderr
    shown = agent("--config", path, "config", "check", state=tmp_path).stdout
    (tmp_path / "shown").mkdir()
    (tmp_path / "shown" / "agent.toml").write_text(shown)
    assert load_settings(str(tmp_path / "shown" / "agent.toml"), {}).relay == load_settings(path, {}).relay


def test_a_relay_is_enrolled_as_a_server_of_its_own(
    server: Server, collector: CollectorStandIn, tmp_path: Path
) -> None:
    path = relay(server, tmp_path)
    mine = enrolled(settings(tmp_path), collector.url)
    done = agent(
        "--config", path, "--lang", "en", "enrol", "--ssh", "db1", "--collector", collector.url, "--token", "token-1",
        state=tmp_path,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "db1.contoh.go.id is srv-1" in done.stdout
    own = msgspec.structs.replace(settings(tmp_path), state=str(tmp_path / "agent" / "relay" / "db1"))
    assert load(own).key.public != mine.key.public
    assert load(settings(tmp_path)).key.public == mine.key.public


def test_a_relay_that_cannot_be_reached_or_is_not_in_the_settings_spends_no_token(
    server: Server, collector: CollectorStandIn, tmp_path: Path
) -> None:
    path = relay(server, tmp_path, known_hosts="/nonexistent")
    for name, said in (("db1", "known_hosts"), ("db9", "no [[relay]] named 'db9'; there are: db1")):
        done = agent(
            "--config", path, "--lang", "en", "enrol", "--ssh", name, "--collector", collector.url, "--token", "x",
            state=tmp_path,
        )  # fmt: skip
        assert done.returncode == 2
        assert said in done.stderr
    assert collector.asked == []


def test_a_device_of_the_settings_is_judged_with_this_server_and_is_none_of_its_own(tmp_path: Path) -> None:
    said = {"/interface print terse without-paging": real("network/routeros-interfaces").encode()}
    with device(tmp_path / "device", said) as running:
        config = tmp_path / "agent.toml"
        config.write_text(
            f'[[relay]]\nname = "edge"\nkind = "device"\ndialect = "routeros"\nssh = "{running.route.login}"\n'
            f'identity = "{running.identity}"\nknown_hosts = "{running.known_hosts}"\nuplink = ["ether1", "bridge-VLAN1"]\n'
        )
        done = agent("--config", str(config), "check", "--only", "L-DEV-01", "--json", state=tmp_path)
    found = {one["subject"]: one["status"] for one in json.loads(done.stdout)["results"]}
    assert found == {"edge ether1": "fail", "edge bridge-VLAN1": "pass"}
    for command in (["check", "--ssh", "edge"], ["enrol", "--ssh", "edge", "--token", "x"]):
        refused = agent("--config", str(config), "--lang", "en", *command, state=tmp_path)
        assert refused.returncode == 2
        assert "edge is a network device: it is reported with this server" in refused.stderr
