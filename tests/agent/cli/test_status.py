from __future__ import annotations

import os
import sqlite3
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from agent import last_push
from agent.identity import save
from agent.push import Pushed
from checks.text import Text
from tests.agent.parts import agent, enrolled, seal, settings, spool


@pytest.mark.parametrize(
    ("command", "indonesian", "english"),
    [
        ("status", "agen ini belum terdaftar", "this agent is not enrolled"),
        ("spool", "belum ada laporan yang disimpan", "nothing was spooled yet"),
        ("history", "daemon belum pernah memeriksa server ini", "nothing was surveyed"),
        ("run", "agen ini belum terdaftar", "this agent is not enrolled"),
    ],
)
def test_before_the_enrolment_there_is_a_sentence_and_no_file_is_made(
    tmp_path: Path, command: str, indonesian: str, english: str
) -> None:
    for language, said in (("id", indonesian), ("en", english)):
        done = agent("--lang", language, command, state=tmp_path)
        assert done.returncode == 1
        assert said in done.stderr
    assert not (tmp_path / "agent").exists()


def test_status_of_an_enrolled_agent_that_never_ran_makes_no_spool(tmp_path: Path) -> None:
    enrolled(settings(tmp_path), "https://pantau.example")
    done = agent("status", state=tmp_path)
    assert done.returncode == 1
    assert "srv-1" in done.stdout
    assert "https://pantau.example" in done.stdout
    assert "pantau-agent run" in done.stdout
    assert not (tmp_path / "agent" / "spool.db").exists()


def test_status_says_what_waits_and_complains_when_it_waits_long(tmp_path: Path) -> None:
    identity = enrolled(settings(tmp_path))
    kept = spool(tmp_path / "agent")
    seal(kept, identity, 2)
    done = agent("--lang", "en", "status", state=tmp_path)
    assert done.returncode == 0
    assert f"{kept.chain()[0]} #2" in done.stdout
    assert identity.key.public.id in done.stdout
    assert "All is well: the agent works" in done.stdout
    seal(kept, identity, at=datetime.now(UTC) - timedelta(minutes=20))
    done = agent("--lang", "en", "status", state=tmp_path)
    assert done.returncode == 1
    assert "0:20:" in done.stdout
    assert "Reports wait for more than 15 minutes" in done.stdout
    assert "All is well" not in done.stdout


def test_an_agent_that_stopped_is_noticed_although_nothing_waits(tmp_path: Path) -> None:
    identity = enrolled(settings(tmp_path))
    kept = spool(tmp_path / "agent")
    kept.acknowledge(seal(kept, identity))
    kept.close()
    assert agent("status", state=tmp_path).returncode == 0
    long_ago = time.time() - 3600
    os.utime(tmp_path / "agent" / "spool.db", (long_ago, long_ago))
    for _ in range(2):  # looking is not working
        done = agent("status", "--lang", "en", state=tmp_path)
        assert done.returncode == 1
        assert "(1:00:0" in next(line for line in done.stdout.splitlines() if line.startswith("last at work "))
        assert "does `pantau-agent run` still run?" in done.stdout


def test_status_says_since_when_the_agent_is_enrolled(tmp_path: Path) -> None:
    at = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
    save(settings(tmp_path), replace(enrolled(settings(tmp_path)), enrolled_at=at))
    done = agent("status", "--lang", "en", state=tmp_path, environment={"TZ": "Asia/Jakarta"})
    assert "enrolled since          2026-11-23 09:00:00 WIB\n" in done.stdout


def test_an_age_is_never_negative_after_the_clock_went_back(tmp_path: Path) -> None:
    identity = enrolled(settings(tmp_path))
    seal(spool(tmp_path / "agent"), identity, at=datetime.now(UTC) + timedelta(days=3))
    done = agent("--lang", "en", "status", state=tmp_path)
    assert done.returncode == 0
    assert "(0:00:00 ago)" in next(line for line in done.stdout.splitlines() if line.startswith("the oldest "))


def test_status_says_in_the_language_of_the_reader_why_reports_do_not_get_through(tmp_path: Path) -> None:
    known = settings(tmp_path)
    seal(spool(tmp_path / "agent"), enrolled(known))
    at = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
    last_push.note(known, Pushed(wait=5.0, problem=Text("jalan \x1b[2Jputus", "the road is broken")), at)
    assert "pengiriman terakhir     gagal 2026-11-23 02:00:00 UTC: jalan \\u001b[2Jputus" in (
        agent("status", state=tmp_path).stdout
    )
    english = agent("--lang", "en", "status", state=tmp_path).stdout
    assert "last push               failed 2026-11-23 02:00:00 UTC: the road is broken" in english


@pytest.mark.parametrize("command", [("status",), ("spool",), ("spool", "--push")])
def test_a_damaged_spool_is_named_and_left_for_the_daemon(tmp_path: Path, command: tuple[str, ...]) -> None:
    enrolled(settings(tmp_path))
    (tmp_path / "agent" / "spool.db").write_bytes(b"garbage" * 1000)
    done = agent(*command, state=tmp_path)
    assert done.returncode == 1
    assert "spool.db" in done.stderr
    assert "Traceback" not in done.stderr
    assert (tmp_path / "agent" / "spool.db").read_bytes() == b"garbage" * 1000


def test_looking_disturbs_no_daemon(tmp_path: Path) -> None:
    identity = enrolled(settings(tmp_path))
    kept = spool(tmp_path / "agent")
    for number in range(3):
        seal(kept, identity)
        assert f"#{number + 1}" in agent("status", state=tmp_path).stdout
    assert sqlite3.connect(tmp_path / "agent" / "spool.db").execute("PRAGMA quick_check").fetchone() == ("ok",)
