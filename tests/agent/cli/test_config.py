from __future__ import annotations

import tomllib
from pathlib import Path

from tests.agent.parts import agent


def test_config_check_prints_what_is_in_force_without_a_password(tmp_path: Path) -> None:
    (tmp_path / "agent.toml").write_text('proxy = "http://budi:rahasia@proxy:3128"\ntimeout = 7\n')
    done = agent("--config", str(tmp_path / "agent.toml"), "config", "check", state=tmp_path)
    assert done.returncode == 0
    assert 'proxy = "http://***@proxy:3128"' in done.stdout
    assert "timeout = 7.0" in done.stdout
    assert f'state = "{tmp_path / "agent"}"' in done.stdout
    assert "rahasia" not in done.stdout
    first = done.stdout.splitlines()[0]
    assert first.startswith(f"# Pengaturan benar. Dibaca dari: {tmp_path / 'agent.toml'}, PANTAU_STATE, ")
    assert "spool_days = 30.0  # bawaan" in done.stdout
    assert tomllib.loads(done.stdout)["timeout"] == 7.0


def test_config_check_names_the_file_and_the_key_that_are_wrong(tmp_path: Path) -> None:
    (tmp_path / "conf.d").mkdir()
    (tmp_path / "agent.toml").write_text("timeout = 7\n")
    (tmp_path / "conf.d" / "50-spool.toml").write_text('spool_bytes = "many"\n')
    done = agent("--config", str(tmp_path / "agent.toml"), "config", "check", state=tmp_path)
    assert done.returncode == 2
    assert "50-spool.toml" in done.stderr
    assert "spool_bytes" in done.stderr


def test_config_check_says_what_was_said_on_the_command_line_and_what_is_the_default(tmp_path: Path) -> None:
    done = agent("config", "check", "--state", "/srv/elsewhere", "--lang", "en", state=tmp_path)
    assert done.returncode == 0
    assert ", --state\n" in done.stdout
    assert 'state = "/srv/elsewhere"\n' in done.stdout
    assert 'collector = ""  # default\n' in done.stdout


def test_config_check_prints_the_prober_as_toml_that_can_be_read_again(tmp_path: Path) -> None:
    (tmp_path / "agent.toml").write_text('[prober]\nname = "jakarta-1"\nthreads = 8\n')
    done = agent("--config", str(tmp_path / "agent.toml"), "config", "check", state=tmp_path)
    assert done.returncode == 0
    assert tomllib.loads(done.stdout)["prober"] == {"name": "jakarta-1", "threads": 8, "ca": "", "inward": False}
