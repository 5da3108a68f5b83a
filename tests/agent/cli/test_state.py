"""`status`, `spool`, `history`, `config` and `sources`: before anything happened, and after."""

from __future__ import annotations

import json
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from agent.audit import answerable
from agent.history import History
from checks.catalogue import catalogue
from checks.fact import name_of, recipes
from checks.verdict import Result, Status
from tests.agent.as_nobody import as_nobody
from tests.agent.collector_stand_in import CollectorStandIn, refused
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


def test_the_spool_is_listed_and_pushed_on_demand(collector: CollectorStandIn, tmp_path: Path) -> None:
    identity = enrolled(settings(tmp_path), collector.url)
    digests = seal(spool(tmp_path / "agent"), identity, 25)
    done = agent("spool", state=tmp_path)
    assert done.stdout.startswith("25 reports, ")
    assert digests[0][:16] in done.stdout
    assert done.stdout.endswith("…\n")
    collector.answer = lambda asked: refused("revoked_key")
    done = agent("spool", "--push", state=tmp_path)
    assert done.returncode == 1
    assert "revoked_key: because revoked_key (0 pushed, 0 refused, 25 wait)" in done.stderr
    collector.answer = None
    assert agent("spool", "--push", state=tmp_path).stdout == "25 pushed\n"
    assert list(collector.accepted) == digests
    assert agent("spool", state=tmp_path).stdout.startswith("0 reports, 0 bytes")


def test_pushing_from_a_spool_whose_identity_is_gone_is_a_sentence(tmp_path: Path) -> None:
    kept = spool(tmp_path / "agent")
    kept.close()
    done = agent("spool", "--push", state=tmp_path)
    assert done.returncode == 1
    assert "not enrolled" in done.stderr


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
    assert "the history cannot be read" in done.stderr


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


def test_sources_lists_every_source_of_every_check_a_host_can_answer(tmp_path: Path) -> None:
    rows = json.loads(agent("sources", "--json", state=tmp_path).stdout)
    listed = {(row["fact"], row["source"], row["root"]) for row in rows}
    checks = answerable(catalogue())
    assert listed == {
        (name_of(fact), source.describe(), recipe.root)
        for check in checks
        for fact in check.facts
        for recipe in recipes(fact)
        for source in recipe.sources
    }
    assert {code for row in rows for code in row["checks"]} == {check.code for check in checks}
    text = agent("sources", state=tmp_path).stdout
    assert all(row["source"] in text for row in rows)


def test_the_state_of_another_user_is_a_sentence(public: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    known = settings(public)
    monkeypatch.setenv("PANTAU_STATE", known.state)
    seal(spool(public / "agent"), enrolled(known))
    (public / "agent").chmod(0o755)

    def work() -> tuple[int, str]:
        import contextlib
        import io

        from agent.cli import main

        said = io.StringIO()
        with contextlib.redirect_stderr(said):
            return main(["spool"]), said.getvalue()

    work()  # imports everything: nobody may not read our Python
    code, said = as_nobody(work)
    assert code == 1
    assert "ermission denied" in said


def test_looking_disturbs_no_daemon(tmp_path: Path) -> None:
    identity = enrolled(settings(tmp_path))
    kept = spool(tmp_path / "agent")
    for number in range(3):
        seal(kept, identity)
        assert f"#{number + 1}" in agent("status", state=tmp_path).stdout
    assert sqlite3.connect(tmp_path / "agent" / "spool.db").execute("PRAGMA quick_check").fetchone() == ("ok",)
