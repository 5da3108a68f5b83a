from __future__ import annotations

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


def test_config_check_names_the_file_and_the_key_that_are_wrong(tmp_path: Path) -> None:
    (tmp_path / "conf.d").mkdir()
    (tmp_path / "agent.toml").write_text("timeout = 7\n")
    (tmp_path / "conf.d" / "50-spool.toml").write_text('spool_bytes = "many"\n')
    done = agent("--config", str(tmp_path / "agent.toml"), "config", "check", state=tmp_path)
    assert done.returncode == 2
    assert "50-spool.toml" in done.stderr
    assert "spool_bytes" in done.stderr
