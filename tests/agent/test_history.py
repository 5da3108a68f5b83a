from __future__ import annotations

import os
import sqlite3
import threading
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from agent.history import History, NoHistory
from checks.facts.boot import Boot
from checks.source import History as Remembered
from checks.source import Samples
from checks.text import Text
from checks.verdict import Result, Status

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
FAIL, PASS = Status.FAIL, Status.PASS


def one(status: Status, code: str = "K-SSH-01", subject: str = "", value: float | None = None) -> Result:
    return Result(code, status, Text("diukur", "measured"), "", subject, value)


@pytest.fixture
def history(tmp_path: Path) -> History:
    return History(tmp_path / "state" / "history.db", 400)


def test_only_changes_are_kept_newest_first(history: History) -> None:
    for minute, status in enumerate((PASS, PASS, FAIL, FAIL, PASS)):
        history.record([one(status)], NOW + timedelta(minutes=minute))
    assert [(change.at.minute, change.status) for change in history.changes()] == [
        (4, "pass"),
        (2, "fail"),
        (0, "pass"),
    ]
    assert history.changes()[0].measured == Text("diukur", "measured")


def test_subjects_and_checks_change_by_themselves(history: History) -> None:
    history.record([one(PASS, subject="a"), one(FAIL, subject="b"), one(PASS, "K-SSH-02")], NOW)
    history.record([one(FAIL, subject="a"), one(FAIL, subject="b"), one(PASS, "K-SSH-02")], NOW + timedelta(minutes=1))
    assert [(c.code, c.subject, c.status) for c in history.changes("K-SSH-01")] == [
        ("K-SSH-01", "a", "fail"), ("K-SSH-01", "b", "fail"), ("K-SSH-01", "a", "pass"),
    ]  # fmt: skip
    assert len(history.changes(most=2)) == 2


def test_a_clock_that_jumps_back_loses_no_change(history: History) -> None:
    history.record([one(PASS)], NOW)
    history.record([one(FAIL)], NOW - timedelta(days=1))
    history.record([one(PASS)], NOW + timedelta(minutes=1))
    assert len(history.changes()) == 3


def test_one_value_is_kept_for_each_hour(history: History, tmp_path: Path) -> None:
    for minutes, value in ((0, 1.0), (30, 2.0), (90, 3.0)):
        history.record([one(PASS, value=value)], NOW + timedelta(minutes=minutes))
    rows = sqlite3.connect(tmp_path / "state" / "history.db").execute("SELECT hour, value FROM value ORDER BY hour")
    first = int(NOW.timestamp() // 3600)
    assert rows.fetchall() == [(first, 2.0), (first + 1, 3.0)]


def test_what_is_older_than_its_days_is_forgotten_but_never_the_last_word(tmp_path: Path) -> None:
    history = History(tmp_path / "history.db", 10)
    history.record([one(PASS, value=1), one(PASS, "K-SSH-02")], NOW - timedelta(days=30))
    history.record([one(FAIL)], NOW - timedelta(days=20))
    history.record([one(FAIL, value=2)], NOW)
    assert [(c.code, c.status) for c in history.changes()] == [("K-SSH-01", "fail"), ("K-SSH-02", "pass")]
    assert sqlite3.connect(tmp_path / "history.db").execute("SELECT value FROM value").fetchall() == [(2.0,)]


@pytest.mark.parametrize("content", [b"garbage " * 1000, b"SQLite format 3\x00" + b"\x00" * 4000])
def test_a_damaged_file_is_set_aside_and_the_next_record_begins_anew(
    history: History, tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "state" / "history.db"
    path.parent.mkdir()
    path.write_bytes(content)
    history.record([one(PASS)], NOW)
    history.record([one(PASS)], NOW)
    assert len(history.changes()) == 1
    (aside,) = tmp_path.glob("state/history.db.damaged-*")
    assert aside.read_bytes() == content


def test_a_file_that_cannot_be_written_blocks_no_survey(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "file").write_text("")
    History(tmp_path / "file" / "history.db", 10).record([one(PASS)], NOW)
    (tmp_path / "history.db").mkdir()
    History(tmp_path / "history.db", 10).record([one(PASS)], NOW)
    assert caplog.text.count("event=history_not_written") == 2


def test_two_cadences_record_at_once_without_losing_either(history: History) -> None:
    def work(code: str) -> None:
        for number in range(15):
            history.record([one(FAIL if number % 2 else PASS, code)], NOW + timedelta(seconds=number))

    threads = [threading.Thread(target=work, args=[f"K-SSH-0{n}"]) for n in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [len(history.changes(f"K-SSH-0{n}")) for n in (1, 2)] == [15, 15]


def test_before_the_first_survey_there_is_a_sentence(history: History) -> None:
    with pytest.raises(NoHistory, match="nothing was surveyed by the daemon yet"):
        history.changes()


def test_it_is_its_owners_alone_and_one_that_was_open_is_closed(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "state" / "history.db"
    before = os.umask(0)
    try:
        History(path, 10).record([one(PASS)], NOW)
    finally:
        os.umask(before)
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    path.chmod(0o644)
    History(path, 10).record([one(FAIL)], NOW)
    assert path.stat().st_mode & 0o777 == 0o600
    assert "event=file_closed" in caplog.text
    assert len(History(path, 10).changes()) == 2


def test_a_row_of_before_both_languages_were_kept_is_what_it_is(history: History, tmp_path: Path) -> None:
    history.record([one(PASS), one(PASS, "K-SSH-02")], NOW)
    with closing(sqlite3.connect(tmp_path / "state" / "history.db")) as db, db:
        db.execute("UPDATE change SET measured = 'PermitRootLogin no' WHERE code = 'K-SSH-01'")
        db.execute("UPDATE change SET measured = '5' WHERE code = 'K-SSH-02'")
    assert [change.measured for change in history.changes()] == ["5", "PermitRootLogin no"]


def test_a_long_measurement_is_kept_short_in_both_languages(history: History) -> None:
    history.record([Result("K-SSH-01", FAIL, "x" * 999), Result("K-SSH-02", FAIL, Text("y" * 999, "z" * 999))], NOW)
    assert [change.measured for change in history.changes()] == [Text("y" * 300, "z" * 300), "x" * 300]


HOURLY = Remembered(Boot, "at", lambda boot: {"": boot.at.timestamp()}, days=3.0)


def hours(samples: tuple[Samples, ...]) -> dict[str, list[tuple[int, float]]]:
    return {one.subject: [(round((at - NOW.timestamp()) / 3600), value) for at, value in one.points] for one in samples}


def test_the_first_sample_of_each_step_is_kept_by_subject(history: History) -> None:
    for minutes, value in ((0, 1.0), (30, 2.0), (60, 3.0), (119, 4.0)):
        history.remember(HOURLY, {"/": value, "/home": 10 * value}, NOW + timedelta(minutes=minutes))
    found = history.samples(HOURLY, (NOW + timedelta(hours=3)).timestamp())
    assert hours(found) == {"/": [(0, 1.0), (1, 3.0)], "/home": [(0, 10.0), (1, 30.0)]}


def test_a_daemon_that_starts_again_within_a_step_changes_nothing(history: History, tmp_path: Path) -> None:
    history.remember(HOURLY, {"/": 1.0}, NOW)
    again = History(tmp_path / "state" / "history.db", 400)
    again.remember(HOURLY, {"/": 2.0}, NOW + timedelta(minutes=1))
    assert hours(again.samples(HOURLY, NOW.timestamp() + 60)) == {"/": [(0, 1.0)]}


def test_samples_older_than_asked_for_are_forgotten_and_those_of_the_future_are_not_told(
    history: History, tmp_path: Path
) -> None:
    for hour in range(0, 24 * 10, 6):
        history.remember(HOURLY, {"/": float(hour)}, NOW + timedelta(hours=hour))
    with closing(sqlite3.connect(tmp_path / "state" / "history.db")) as db:
        (kept,) = db.execute("SELECT count(*) FROM sample").fetchone()
    assert kept == 13  # three days of four, and the one that ends them
    told = hours(history.samples(HOURLY, (NOW + timedelta(hours=200)).timestamp()))["/"]
    assert told[-1] == (198, 198.0)


def test_subjects_that_come_and_go_do_not_fill_the_file(history: History) -> None:
    for hour in range(10):
        mounts = {f"/run/container-{hour}-{number}": 1.0 for number in range(10)}
        history.remember(HOURLY, {"/": 1.0, **mounts}, NOW + timedelta(hours=hour))
    found = history.samples(HOURLY, (NOW + timedelta(hours=11)).timestamp())
    assert len(found) == 16
    assert len(hours(found)["/"]) == 10


def test_what_is_no_number_is_not_kept(history: History) -> None:
    history.remember(HOURLY, {"/": float("nan"), "/home": float("inf"), "/var": 2**70}, NOW)
    assert hours(history.samples(HOURLY, NOW.timestamp())) == {"/var": [(0, float(2**70))]}


def test_a_file_of_before_samples_were_kept_has_none(history: History, tmp_path: Path) -> None:
    history.record([one(PASS)], NOW)
    with closing(sqlite3.connect(tmp_path / "state" / "history.db")) as db, db:
        db.execute("DROP TABLE sample")
    assert history.samples(HOURLY, NOW.timestamp()) == ()
    history.remember(HOURLY, {"/": 1.0}, NOW)
    assert len(history.samples(HOURLY, NOW.timestamp())) == 1
    assert len(history.changes()) == 1
