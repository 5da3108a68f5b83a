from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from agent.history import History
from checks.text import Text
from checks.verdict import Result, Status
from tests.agent.parts import agent


def test_history_shows_changes_newest_first_and_harmless(tmp_path: Path) -> None:
    history = History(tmp_path / "agent" / "history.db", 400)
    at = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
    history.record([Result("K-SSH-01", Status.FAIL, "\x1b[2Jyes"), Result("K-NET-01", Status.PASS, "one")], at)
    history.record([Result("K-SSH-01", Status.PASS, "no")], at + timedelta(minutes=1))
    done = agent("history", "k-ssh-01", state=tmp_path, environment={"TZ": "Asia/Jakarta"})
    assert done.stdout.splitlines() == [
        "2026-11-23 09:01:00 WIB  lulus           K-SSH-01  Login root via SSH nonaktif · no",
        "2026-11-23 09:00:00 WIB  gagal           K-SSH-01  Tidak terpenuhi: Login root via SSH nonaktif · \\u001b[2Jyes",
    ]
    english = agent("history", "k-ssh-01", "--lang", "en", state=tmp_path, environment={"TZ": "Asia/Jakarta"}).stdout
    assert "fail            K-SSH-01  Not met: SSH root login is disabled · \\u001b[2Jyes" in english
    short = agent("history", "-n", "1", state=tmp_path)
    assert len(short.stdout.splitlines()) == 1
    assert "ada yang lebih lama" in short.stderr
    assert agent("history", "-n", "3", state=tmp_path).stderr == ""


def test_what_was_measured_is_said_in_the_language_of_who_reads_now(tmp_path: Path) -> None:
    result = Result("K-WEB-01", Status.FAIL, Text("diukur", "measured"), "", "nginx")
    History(tmp_path / "agent" / "history.db", 400).record([result], datetime(2026, 11, 23, tzinfo=UTC))
    assert " · nginx: diukur\n" in agent("history", state=tmp_path).stdout
    assert " · nginx: measured\n" in agent("history", "--lang", "en", state=tmp_path).stdout


def test_a_check_without_a_change_says_so_and_one_that_does_not_exist_names_its_neighbours(tmp_path: Path) -> None:
    History(tmp_path / "agent" / "history.db", 400).record([Result("Q-OLD-01", Status.PASS)], datetime.now(UTC))
    done = agent("history", "K-SSH-02", "--lang", "en", state=tmp_path)
    assert (done.returncode, done.stdout) == (0, "No change was recorded yet for K-SSH-02.\n")
    done = agent("history", "K-SSH-99", "--lang", "en", state=tmp_path)
    assert done.returncode == 2
    assert "there is no check K-SSH-99; near: K-SSH-01" in done.stderr
    assert agent("history", "Q-OLD-01", state=tmp_path).stdout.endswith("  Q-OLD-01\n")


def test_a_damaged_history_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "agent").mkdir()
    (tmp_path / "agent" / "history.db").write_bytes(b"garbage" * 1000)
    done = agent("history", state=tmp_path)
    assert done.returncode == 1
    assert "riwayat tidak dapat dibaca" in done.stderr
