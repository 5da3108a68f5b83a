from __future__ import annotations

from pathlib import Path

from agent.spool import Spool
from evidence.report import read_report
from tests.agent.collector_stand_in import CollectorStandIn, Said, refused
from tests.agent.parts import agent, enrolled, seal, settings, spool


def waiting(state: Path) -> int:
    kept = Spool(state / "agent" / "spool.db", most_bytes=1 << 30, most_days=30, repair=False)
    try:
        return kept.size().reports
    finally:
        kept.close()


def test_once_surveys_everything_pushes_and_ends(collector: CollectorStandIn, tmp_path: Path) -> None:
    enrolled(settings(tmp_path), collector.url)
    (tmp_path / "tree").mkdir()
    for sequence in (1, 2):
        done = agent("run", "--once", "--root", str(tmp_path / "tree"), state=tmp_path)
        assert done.returncode == 0, done.stderr
        assert done.stdout.startswith("terkirim 20")
        assert done.stdout.endswith(f"urutan {sequence}\n")
    reports = [read_report(payload) for payload in collector.accepted.values()]
    assert [one.sequence for one in reports] == [1, 2]
    assert len(reports[0].results) > 50


def test_once_without_a_collector_keeps_the_report_and_fails(tmp_path: Path) -> None:
    enrolled(settings(tmp_path), "http://127.0.0.1:1")
    done = agent("run", "--once", "--root", str(tmp_path), state=tmp_path)
    assert done.returncode == 1
    assert "tidak dapat dihubungi" in done.stderr
    assert "Connection refused (0 terkirim, 0 ditolak, 1 menunggu di spool)" in done.stderr
    shown = agent("--lang", "en", "status", state=tmp_path).stdout
    assert "last push               failed 20" in shown
    assert "cannot be reached" in shown
    assert waiting(tmp_path) == 1


def test_once_pushes_what_waited_before_too(collector: CollectorStandIn, tmp_path: Path) -> None:
    identity = enrolled(settings(tmp_path), collector.url)
    seal(spool(tmp_path / "agent"), identity, 3)
    assert agent("run", "--once", "--root", str(tmp_path), state=tmp_path).returncode == 0
    assert len(collector.accepted) == 4


def test_once_with_a_report_that_is_refused_for_good_fails_and_says_why(
    collector: CollectorStandIn, tmp_path: Path
) -> None:
    enrolled(settings(tmp_path), collector.url)
    collector.answer = lambda asked: refused("clock", 422) if asked.path == "/v1/reports" else None
    done = agent("run", "--once", "--root", str(tmp_path), state=tmp_path)
    assert done.returncode == 1
    assert "clock: because clock" in done.stderr


def test_a_policy_that_makes_no_sense_does_not_stop_it(collector: CollectorStandIn, tmp_path: Path) -> None:
    enrolled(settings(tmp_path), collector.url)
    collector.answer = lambda asked: Said(200, b"<html>") if asked.path == "/v1/policy" else None
    done = agent("run", "--once", "--root", str(tmp_path), state=tmp_path)
    assert done.returncode == 0
    assert "event=policy_not_refreshed" in done.stderr


def test_a_root_that_is_no_directory_is_wrong_use(tmp_path: Path) -> None:
    enrolled(settings(tmp_path))
    done = agent("run", "--root", "/etc/passwd", state=tmp_path)
    assert done.returncode == 2
    assert not (tmp_path / "agent" / "spool.db").exists()


def test_a_spool_that_cannot_be_opened_is_a_sentence(tmp_path: Path) -> None:
    enrolled(settings(tmp_path))
    (tmp_path / "agent" / "spool.db").mkdir()
    done = agent("run", "--once", state=tmp_path)
    assert done.returncode == 1
    assert "spool.db" in done.stderr
    assert "Traceback" not in done.stderr
