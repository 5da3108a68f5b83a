from __future__ import annotations

from pathlib import Path

import pytest

from agent.identity import load
from agent.spool import Spool
from tests.agent.collector_stand_in import CollectorStandIn, refused
from tests.agent.parts import agent, enrolled, seal, settings, spool


def waiting(state: Path) -> int:
    kept = Spool(state / "agent" / "spool.db", most_bytes=1 << 30, most_days=30, repair=False)
    try:
        return kept.size().reports
    finally:
        kept.close()


def test_enrol_tells_who_one_is_and_a_second_time_changes_nothing(collector: CollectorStandIn, tmp_path: Path) -> None:
    done = agent("--lang", "en", "enrol", "--collector", collector.url, state=tmp_path, given="token-1\n")
    assert done.returncode == 0
    assert "spse.contoh.go.id is srv-1 of LPSE Kota Contoh" in done.stdout
    key = load(settings(tmp_path)).key.public
    again = agent("enrol", "--collector", collector.url, state=tmp_path)
    assert again.returncode == 0
    assert "agen ini sudah terdaftar sebagai srv-1 milik LPSE Kota Contoh" in again.stdout
    assert load(settings(tmp_path)).key.public == key
    assert len(collector.asked) == 1


@pytest.mark.parametrize("token", ["token-2", "-"])
def test_a_token_for_an_agent_that_is_enrolled_is_not_ignored_but_refused_with_what_to_do(
    collector: CollectorStandIn, tmp_path: Path, token: str
) -> None:
    agent("enrol", "--collector", collector.url, "--token", "token-1", state=tmp_path)
    before = load(settings(tmp_path))
    where = ("--collector", "https://another.example", "--lang", "en")
    again = agent("enrol", *where, "--token", token, state=tmp_path, given="token-2\n")
    assert (again.returncode, again.stdout) == (1, "")
    for said in (
        f"enrolled already, as srv-1 of LPSE Kota Contoh at {collector.url} since 20", "The token was not used",
        "--again", "token PROVIDER --server srv-1", f"agents --revoke {before.key.public.id[:16]} --reason",
    ):  # fmt: skip
        assert said in again.stderr
    assert load(settings(tmp_path)) == before
    assert len(collector.asked) == 1


def test_an_identity_of_before_its_date_was_kept_says_no_date(collector: CollectorStandIn, tmp_path: Path) -> None:
    enrolled(settings(tmp_path), collector.url)
    done = agent("enrol", "--collector", collector.url, "--lang", "en", state=tmp_path)
    assert done.returncode == 0
    assert " since " not in done.stdout


def test_a_state_directory_that_others_may_write_is_refused_before_the_token_is_spent(
    collector: CollectorStandIn, tmp_path: Path
) -> None:
    (tmp_path / "agent").mkdir()
    (tmp_path / "agent").chmod(0o1777)
    done = agent("enrol", "--collector", collector.url, "--token", "t", "--lang", "en", state=tmp_path)
    assert done.returncode == 1
    assert "can be written by other users (mode 1777)" in done.stderr
    assert "--state DIR" in done.stderr
    assert "chmod" not in done.stderr  # it may be /tmp
    assert not collector.asked


def test_enrolling_again_takes_a_new_key_and_sets_the_old_spool_aside(
    collector: CollectorStandIn, tmp_path: Path
) -> None:
    identity = enrolled(settings(tmp_path), collector.url)
    seal(spool(tmp_path / "agent"), identity, 2)
    arguments = ("enrol", "--again", "--collector", collector.url, "--token", "t")
    collector.answer = lambda asked: refused("not_enrolled")
    done = agent(*arguments, state=tmp_path)
    assert done.returncode == 1
    assert "not_enrolled: because not_enrolled" in done.stderr
    assert (load(settings(tmp_path)).key.public, waiting(tmp_path)) == (identity.key.public, 2)
    collector.answer = None
    assert agent(*arguments, state=tmp_path).returncode == 0
    assert load(settings(tmp_path)).key.public != identity.key.public
    assert not (tmp_path / "agent" / "spool.db").exists()
    assert list((tmp_path / "agent").glob("spool-before-*.db"))


def test_enrolling_without_an_address_or_a_token_is_wrong_use(tmp_path: Path) -> None:
    assert agent("enrol", "--token", "t", state=tmp_path).returncode == 2
    assert agent("enrol", "--collector", "pantau.example", "--token", "t", state=tmp_path).returncode == 2
    done = agent("enrol", "--collector", "http://127.0.0.1:1", state=tmp_path, given="\n")
    assert done.returncode == 2
    assert "token kosong" in done.stderr


def test_a_damaged_identity_is_not_enrolled_over_silently(collector: CollectorStandIn, tmp_path: Path) -> None:
    known = settings(tmp_path)
    enrolled(known)
    known.path("identity.json").write_text("{")
    done = agent("enrol", "--collector", collector.url, "--token", "t", state=tmp_path)
    assert done.returncode == 1
    assert "rusak" in done.stderr
    assert "--again" in done.stderr
    assert not collector.asked


def test_an_identity_that_cannot_be_read_is_not_enrolled_over(collector: CollectorStandIn, tmp_path: Path) -> None:
    known = settings(tmp_path)
    enrolled(known)
    known.path("identity.json").unlink()
    known.path("identity.json").mkdir()
    done = agent("enrol", "--collector", collector.url, "--token", "t", state=tmp_path)
    assert done.returncode == 1
    assert "ini sebuah direktori; jalankan sebagai pengguna yang mendaftarkan" in done.stderr
    assert not collector.asked
