"""`make run`, as far as it needs no survey of this machine: collector up, who may log in, and what is not printed twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from collector.cli.demo import Demonstration
from tests.collector.process import COMMAND, free_port


def said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """What one start says of the password."""
    demo = Demonstration(tmp_path / "collector", free_port(), "id")
    with demo.collector():
        capsys.readouterr()
        demo._password()
    return capsys.readouterr().out


def test_the_password_is_printed_at_the_first_start_only(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.argv", [COMMAND])  # the commands are looked for beside this one
    file = tmp_path / "collector/administrator_password"
    first = said(tmp_path, capsys)
    password = file.read_text().strip()
    assert first == f"Kata sandi: {password}\n"
    second = said(tmp_path, capsys)
    assert password not in second
    assert str(file) in second
    assert "account admin --reset-password" in second
    file.unlink()
    third = said(tmp_path, capsys)
    assert str(file) not in third
    assert "account admin --reset-password" in third
