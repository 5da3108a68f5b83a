from __future__ import annotations

from pathlib import Path

import pytest

from agent import settings as module
from agent.settings import Settings, SettingsError, load, without_password


def written(folder: Path, text: str | bytes, name: str = "agent.toml") -> str:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return str(folder / "agent.toml")


def test_without_a_file_everything_has_its_default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FILE", tmp_path / "agent.toml")
    assert load(None, {}) == Settings()


def test_a_file_that_was_named_must_exist_even_under_its_usual_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "FILE", tmp_path / "agent.toml")
    for load_named in (
        lambda: load(str(tmp_path / "agent.toml"), {}),
        lambda: load(None, {"PANTAU_CONFIG": "/no/such"}),
    ):
        with pytest.raises(SettingsError, match="No such file"):
            load_named()


def test_later_ones_win_the_file_its_drop_ins_in_order_and_the_environment(tmp_path: Path) -> None:
    path = written(tmp_path, 'hostname = "a"\nspool_days = 1\ntimeout = 5\nlanguage = "id"\n')
    written(tmp_path, 'hostname = "b"\nspool_days = 2\n', "conf.d/20-later.toml")
    written(tmp_path, 'hostname = "c"\ntimeout = 6\n', "conf.d/10-earlier.toml")
    written(tmp_path, "not read = [", "conf.d/readme.txt")
    known = load(path, {"PANTAU_TIMEOUT": "7.5", "PANTAU_UNKNOWN": "x", "TIMEOUT": "9"})
    assert (known.hostname, known.spool_days, known.timeout, known.language) == ("b", 2.0, 7.5, "id")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("collektor = 1", "collektor"), ('spool_bytes = "many"', "spool_bytes"), ("collector = 5", "collector"),
        ("spool_bytes = -1", "spool_bytes"), ("spool_bytes = 10", "spool_bytes"), ("spool_days = 0", "spool_days"),
        ("timeout = 0", "timeout"), ("timeout = -3", "timeout"), ("history_days = 0", "history_days"),
        ('state = ""', "state"), ('hostname = ""', "hostname"),
        ("a = [", ""), ("hostname = \"x", ""), ("[collector]\nurl = 1", "collector"),
    ],
)  # fmt: skip
def test_a_wrong_line_is_named_with_its_file_and_its_key(tmp_path: Path, text: str, said: str) -> None:
    path = written(tmp_path, "timeout = 5\n")
    written(tmp_path, text, "conf.d/50-wrong.toml")
    with pytest.raises(SettingsError, match=r"50-wrong\.toml") as error:
        load(path, {})
    assert said in str(error.value)


@pytest.mark.parametrize("raw", [b"\xff\xfe = 1", b'hostname = "\xff"', b"\x00"])
def test_a_file_that_is_no_text_is_named(tmp_path: Path, raw: bytes) -> None:
    with pytest.raises(SettingsError, match=r"agent\.toml"):
        load(written(tmp_path, raw), {})


def test_an_unknown_key_is_answered_with_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="known keys: collector, ca, proxy, state"):
        load(written(tmp_path, "x = 1"), {})


def test_a_wrong_value_of_the_environment_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="PANTAU_SPOOL_BYTES"):
        load(written(tmp_path, ""), {"PANTAU_SPOOL_BYTES": "many"})


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("COLLECTOR", "pantau.lkpp.go.id", "must be a URL"), ("COLLECTOR", "ftp://x", "must be a URL"),
        ("LANGUAGE", "fr", "must be id or en"), ("METRICS", "9776x", "host:port"), ("METRICS", "127.0.0.1:99999", "host:port"),
    ],
)  # fmt: skip
def test_a_value_that_makes_no_sense_is_a_sentence(tmp_path: Path, name: str, value: str, said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        load(written(tmp_path, ""), {f"PANTAU_{name}": value})


@pytest.mark.parametrize("metrics", ["", ":9776", "127.0.0.1:0", "[::1]:9776"])
def test_addresses_of_metrics_that_make_sense(tmp_path: Path, metrics: str) -> None:
    assert load(written(tmp_path, ""), {"PANTAU_METRICS": metrics}).metrics == metrics


def test_a_directory_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="Is a directory"):
        load(str(tmp_path), {})


def test_a_password_in_an_address_is_not_shown() -> None:
    assert without_password("http://budi:rahasia@proxy:3128/x") == "http://***@proxy:3128/x"
    assert without_password("http://proxy:3128/a@b") == "http://proxy:3128/a@b"


RELAY = '[[relay]]\nname = "db1"\nssh = "audit@10.0.0.5:2222"\n'


def test_relays_are_read_and_each_has_its_own_state_and_name(tmp_path: Path) -> None:
    known = load(
        written(tmp_path, 'state = "/s"\nmetrics = "127.0.0.1:1"\n' + RELAY + 'jump = ["a@b"]\nsudo = true\n'), {}
    )
    (relay,) = known.relay
    way = relay.route()
    assert (str(way.login), [str(jump) for jump in way.jumps], way.sudo) == ("audit@10.0.0.5:2222", ["a@b"], True)
    own = known.of(relay)
    assert (own.state, own.hostname, own.metrics, own.relay) == ("/s/relay/db1", "10.0.0.5", "", ())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (RELAY + RELAY, "twice"), (RELAY.replace("audit@", "a b@"), "is not user@host"),
        (RELAY + 'jump = ["a b"]', "is not user@host"),
        (RELAY + 'kind = "device"', "needs a dialect"),
        (RELAY + 'kind = "device"\ndialect = "junos"', "junos"), (RELAY + 'dialect = "ios"', "needs a dialect"),
        (RELAY + 'kind = "device"\ndialect = "ios"\nsudo = true', "no sudo"), (RELAY + 'uplink = ["x"]', "neither dialect"),
        (RELAY.replace("db1", "../x"), "name"), (RELAY + 'password = "x"', "password"), ('[[relay]]\nname = "x"', "ssh"),
    ],
)  # fmt: skip
def test_a_wrong_relay_is_named(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(SettingsError) as error:
        load(written(tmp_path, text), {})
    assert said in str(error.value)


PROBER = '[prober]\nname = "jakarta-1"\n'


def test_a_prober_has_a_name_and_reads_no_private_address_unless_it_is_told_to(tmp_path: Path) -> None:
    named = load(written(tmp_path, PROBER), {}).prober
    assert named is not None
    assert (named.name, named.inward, named.ca, named.threads) == ("jakarta-1", False, "", 32)
    assert load(written(tmp_path, ""), {}).prober is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[prober]", "name"), (PROBER.replace("jakarta", "../x"), "name"), (PROBER.replace("-1", "x" * 63), "name"),
        (PROBER + "threads = 0", "threads"), (PROBER + 'pace = "1"', "pace"), (PROBER + RELAY, "do not go together"),
    ],
)  # fmt: skip
def test_a_wrong_prober_is_named(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        load(written(tmp_path, text), {})
