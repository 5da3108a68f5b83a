from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.agent.parts import agent, enrolled, seal, settings, spool


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("status", "this agent is not enrolled"), ("spool", "nothing was spooled yet"), ("history", "nothing was surveyed"),
        ("run", "this agent is not enrolled"),
    ],
)  # fmt: skip
def test_before_the_enrolment_there_is_a_sentence_and_no_file_is_made(tmp_path: Path, command: str, said: str) -> None:
    done = agent(command, state=tmp_path)
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
    seal(kept, identity, at=datetime.now(UTC) - timedelta(minutes=20))
    done = agent("--lang", "en", "status", state=tmp_path)
    assert done.returncode == 1
    assert "0:20:" in done.stdout
    assert "more than 15 minutes" in done.stdout


def test_an_age_is_never_negative_after_the_clock_went_back(tmp_path: Path) -> None:
    identity = enrolled(settings(tmp_path))
    seal(spool(tmp_path / "agent"), identity, at=datetime.now(UTC) + timedelta(days=3))
    done = agent("--lang", "en", "status", state=tmp_path)
    assert done.returncode == 0
    assert "oldest                  0:00:00" in done.stdout


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
