from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.agent.as_nobody import as_nobody
from tests.agent.collector_stand_in import CollectorStandIn, refused
from tests.agent.parts import agent, enrolled, seal, settings, spool


def test_the_spool_is_listed_and_pushed_on_demand(collector: CollectorStandIn, tmp_path: Path) -> None:
    identity = enrolled(settings(tmp_path), collector.url)
    digests = seal(spool(tmp_path / "agent"), identity, 25)
    done = agent("spool", state=tmp_path)
    assert done.stdout.startswith("25 laporan menunggu (")
    assert digests[0][:16] in done.stdout
    assert done.stdout.endswith("… dan 5 lagi\nKirim sekarang: pantau-agent spool --push\n")
    collector.answer = lambda asked: refused("revoked_key")
    done = agent("--lang", "en", "spool", "--push", state=tmp_path)
    assert done.returncode == 1
    assert "revoked_key: because revoked_key (0 pushed, 0 refused, 25 wait in the spool)" in done.stderr
    assert "revoked_key: because revoked_key" in agent("status", state=tmp_path).stdout
    collector.answer = None
    assert agent("spool", "--push", state=tmp_path).stdout == "25 terkirim\n"
    assert "revoked_key" not in agent("status", state=tmp_path).stdout
    assert list(collector.accepted) == digests
    assert agent("--lang", "en", "spool", state=tmp_path).stdout == "No report is waiting.\n"


def test_what_was_lost_is_said_and_moments_are_by_the_clock_of_this_server(tmp_path: Path) -> None:
    kept = spool(tmp_path / "agent")
    at = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
    lost, *_ = seal(kept, enrolled(settings(tmp_path)), 2, at=at)
    kept.refuse(lost, "clock")
    said = agent("spool", "--lang", "en", state=tmp_path, environment={"TZ": "Asia/Jakarta"}).stdout
    assert said.startswith("1 report waiting (")
    assert "1 gap: reports that were lost, to be declared by the next report\n" in said
    assert "#2  2026-11-23 09:00:00 WIB  " in said


def test_pushing_from_a_spool_whose_identity_is_gone_is_a_sentence(tmp_path: Path) -> None:
    kept = spool(tmp_path / "agent")
    kept.close()
    done = agent("spool", "--push", state=tmp_path)
    assert done.returncode == 1
    assert "belum terdaftar" in done.stderr


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
            return main(["--lang", "id", "spool"]), said.getvalue()

    work()  # imports everything: nobody may not read our Python
    code, said = as_nobody(work)
    assert code == 1
    assert "izin ditolak" in said
