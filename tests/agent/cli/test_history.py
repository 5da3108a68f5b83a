from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from agent.history import History
from checks.verdict import Result, Status
from tests.agent.parts import agent


def test_history_shows_changes_newest_first_and_harmless(tmp_path: Path) -> None:
    history = History(tmp_path / "agent" / "history.db", 400)
    at = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
    history.record([Result("K-SSH-01", Status.FAIL, "\x1b[2Jyes"), Result("K-NET-01", Status.PASS, "one")], at)
    history.record([Result("K-SSH-01", Status.PASS, "no")], at + timedelta(minutes=1))
    done = agent("history", "k-ssh-01", state=tmp_path, environment={"TZ": "Asia/Jakarta"})
    assert done.stdout.splitlines() == [
        "2026-11-23 09:01:00 WIB  pass           K-SSH-01  no",
        "2026-11-23 09:00:00 WIB  fail           K-SSH-01  \\u001b[2Jyes",
    ]
    assert len(agent("history", "-n", "1", state=tmp_path).stdout.splitlines()) == 1


def test_a_damaged_history_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "agent").mkdir()
    (tmp_path / "agent" / "history.db").write_bytes(b"garbage" * 1000)
    done = agent("history", state=tmp_path)
    assert done.returncode == 1
    assert "riwayat tidak dapat dibaca" in done.stderr
