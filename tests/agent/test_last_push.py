from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from agent import last_push
from agent.last_push import LastProblem
from agent.push import Pushed
from checks.text import Text
from tests.agent.parts import settings

AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def test_a_problem_is_kept_until_reports_get_through(tmp_path: Path) -> None:
    known = settings(tmp_path)
    assert last_push.last(known) is None
    last_push.note(known, Pushed(wait=5.0, problem=Text("putus", "broken")), AT)
    assert last_push.last(known) == LastProblem(AT, Text("putus", "broken"))
    last_push.note(known, Pushed(), AT)  # nothing waited: nothing is known of the road
    assert last_push.last(known) is not None
    last_push.note(known, Pushed(acknowledged=1), AT)
    assert last_push.last(known) is None


def test_it_is_its_owners_alone(tmp_path: Path) -> None:
    known = settings(tmp_path)
    last_push.note(known, Pushed(wait=5.0, problem=Text("putus", "broken")), AT)
    assert known.path(last_push.FILE).stat().st_mode & 0o777 == 0o600


def test_a_long_sentence_of_a_collector_is_cut(tmp_path: Path) -> None:
    last_push.note(settings(tmp_path), Pushed(problem="x" * 100_000), AT)
    assert settings(tmp_path).path(last_push.FILE).stat().st_size < 2000


@pytest.mark.parametrize("content", [b"", b"{", b"[" * 100_000, b"\xff", b'{"at": 1, "problem": 2}'])
def test_a_file_that_makes_no_sense_is_none_and_is_written_anew(tmp_path: Path, content: bytes) -> None:
    known = settings(tmp_path)
    last_push.note(known, Pushed(problem="a"), AT)
    known.path(last_push.FILE).write_bytes(content)
    assert last_push.last(known) is None
    last_push.note(known, Pushed(problem="b"), AT)
    assert last_push.last(known) == LastProblem(AT, Text("b", "b"))


def test_a_file_that_cannot_be_written_stops_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    known = settings(tmp_path)
    known.path(last_push.FILE).mkdir(parents=True)
    last_push.note(known, Pushed(problem="a"), AT)
    assert "event=last_push_not_written" in caplog.text
