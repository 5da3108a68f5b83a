from __future__ import annotations

from pathlib import Path

import pytest

from agent.cli.common import boot_id, fail, language_of, room
from checks import VERSION
from checks.text import Text
from tests.agent.parts import agent

COMMANDS = ("check", "enrol", "run", "status", "sources", "spool", "config", "history", "restore-test")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(tmp_path: Path, command: str) -> None:
    done = agent(command, "--help", state=tmp_path)
    assert done.returncode == 0
    assert f"usage: pantau-agent {command}" in done.stdout


def test_the_help_names_every_command(tmp_path: Path) -> None:
    done = agent("--help", state=tmp_path)
    assert all(command in done.stdout for command in COMMANDS)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("status", "--lang", "en"), "not enrolled"), (("--lang", "en", "status", "--lang", "id"), "belum terdaftar"),
        (("--lang", "id", "status", "--lang", "en"), "not enrolled"), (("--lang", "en", "status"), "not enrolled"),
        (("status", "--state", "/nonexistent/there"), "/nonexistent/there/agent_key.pem"),
        (("--state", "/nonexistent/before", "status", "--state", "/nonexistent/after"), "/nonexistent/after/"),
        (("--state", "/nonexistent/before", "status", "--lang", "en"), "/nonexistent/before/"),
        (("status", "--config", "/no/such.toml"), "/no/such.toml"),
    ],
)  # fmt: skip
def test_general_options_stand_before_or_after_the_command_and_the_later_one_counts(
    tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    assert said in agent(*arguments, state=tmp_path).stderr


@pytest.mark.parametrize("command", [*COMMANDS])
def test_every_command_takes_the_general_options(tmp_path: Path, command: str) -> None:
    said = agent(command, "--help", state=tmp_path).stdout
    assert all(option in said for option in ("--config FILE", "--state DIR", "--lang {id,en}", "--log-level"))


def test_the_version_is_the_version(tmp_path: Path) -> None:
    assert agent("--version", state=tmp_path).stdout == f"pantau-agent {VERSION}\n"


@pytest.mark.parametrize(
    "arguments",
    [(), ("nothing",), ("--lang", "fr", "status"), ("config", "make"), ("history", "-n", "x"), ("history", "-n", "0")],
)
def test_wrong_use_is_two_with_usage(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    done = agent(*arguments, state=tmp_path)
    assert done.returncode == 2
    assert done.stderr.startswith("usage: ")
    assert ": salah pakai / wrong use: " in done.stderr


@pytest.mark.parametrize("command", [("check",), ("status",), ("config", "check"), ("run",)])
def test_wrong_settings_are_two_for_every_command(tmp_path: Path, command: tuple[str, ...]) -> None:
    (tmp_path / "agent.toml").write_text("collektor = 1\n")
    done = agent("--config", str(tmp_path / "agent.toml"), *command, state=tmp_path)
    assert done.returncode == 2
    assert str(tmp_path / "agent.toml") in done.stderr
    assert "collektor" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "environment", "said"),
    [
        ((), {}, "kunci yang dikenal"), ((), {"LANG": "en_US.UTF-8"}, "known keys"), (("--lang", "en"), {}, "known keys"),
        (("--lang", "id"), {"LANG": "en_US.UTF-8"}, "kunci yang dikenal"), ((), {"PANTAU_LANGUAGE": "en"}, "known keys"),
    ],
)  # fmt: skip
def test_wrong_settings_are_told_in_the_language_that_is_known_without_them(
    tmp_path: Path, arguments: tuple[str, ...], environment: dict[str, str], said: str
) -> None:
    (tmp_path / "agent.toml").write_text("collektor = 1\n")
    where = ("--config", str(tmp_path / "agent.toml"))
    assert said in agent(*where, *arguments, "status", state=tmp_path, environment=environment).stderr


@pytest.mark.parametrize(
    ("setting", "environment", "language"),
    [
        ("", {}, "id"), ("en", {"LANG": "id_ID"}, "en"), ("id", {"LANG": "en_US"}, "id"), ("", {"LANG": "en"}, "en"),
        ("", {"LC_ALL": "", "LANG": "en_US"}, "en"), ("", {"LC_MESSAGES": "en_US", "LANG": "id_ID"}, "en"),
        ("", {"LANG": "C"}, "id"), ("", {"LANG": "de_DE"}, "id"), ("", {"LANG": "EN_US"}, "en"),
    ],
)  # fmt: skip
def test_the_language_follows_the_setting_then_the_locale_then_indonesia(
    setting: str, environment: dict[str, str], language: str
) -> None:
    assert language_of(setting, environment) == language


def test_what_went_wrong_is_said_in_one_harmless_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert fail("bad \x1b[2J\nnews", "id", 2) == 2
    assert capsys.readouterr().err == "pantau-agent: bad \\u001b[2J news\n"
    assert fail(Text("kabar buruk", "bad news"), "en") == 1
    assert capsys.readouterr().err == "pantau-agent: bad news\n"


@pytest.mark.parametrize(("size", "said"), [(0, "0 B"), (1023, "1023 B"), (1536, "1.5 KiB"), (64 << 20, "64.0 MiB")])
def test_bytes_are_said_as_people_read_them(size: int, said: str) -> None:
    assert room(size) == said


def test_the_boot_has_an_id() -> None:
    assert boot_id() == Path("/proc/sys/kernel/random/boot_id").read_text().strip()
