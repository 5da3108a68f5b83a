from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis.strategies import text

from agent.hosts.local import LocalHost
from agent.survey import Survey
from checks.fact import Missing
from checks.facts.restore_test import FOLDER, RECORD, RestoredTable, RestoreTest, recorded
from checks.source import FileStat, FileText
from tests.agent.as_nobody import as_nobody
from tests.checks.facts.fuzzing import gives_or_says_why
from tests.checks.trees import plant

AT = datetime(2026, 11, 1, 2, 0, tzinfo=UTC)
GOOD = RestoreTest(
    AT, "/backup/epns_prod.dump", AT, 1 << 20, "custom", 61.5, passed=True, server="15.14", tables=2,
    counted=(RestoredTable("public.paket", 12),),
)  # fmt: skip
TEXT = msgspec.json.encode(GOOD).decode()
DIRECTORY = FileStat(FOLDER, "directory", 0o700, 990, 990, 4096, 0.0)
RECORDED = FileStat(RECORD, "file", 0o600, 990, 990, 400, 0.0)
PASSWD = (
    FileText("/etc/passwd", "root:x:0:0::/root:/bin/sh\npantau:x:990:990::/:/bin/false\nbudi:x:1000:1000::/:/bin/sh\n"),
)


def test_a_record_of_the_agents_user_or_of_root_is_believed() -> None:
    assert recorded(TEXT, (DIRECTORY, RECORDED), PASSWD) == GOOD
    root = (replace(DIRECTORY, uid=0), replace(RECORDED, uid=0))
    assert recorded(TEXT, root, ()) == GOOD


@pytest.mark.parametrize(
    "stats",
    [
        (DIRECTORY, replace(RECORDED, uid=1000)), (DIRECTORY, replace(RECORDED, mode=0o666)),
        (DIRECTORY, replace(RECORDED, mode=0o640)), (DIRECTORY, replace(RECORDED, kind="link")), (DIRECTORY,),
        (RECORDED,), (replace(DIRECTORY, uid=1000), RECORDED), (replace(DIRECTORY, mode=0o777), RECORDED),
        (replace(DIRECTORY, mode=0o1777), RECORDED), (replace(DIRECTORY, kind="link"), RECORDED), (),
    ],
)  # fmt: skip
def test_a_record_that_somebody_else_could_have_written_is_not(stats: tuple[FileStat, ...]) -> None:
    with pytest.raises(Missing, match="is not believed"):
        recorded(TEXT, stats, PASSWD)


def test_without_a_user_pantau_only_root_is_believed() -> None:
    with pytest.raises(Missing, match="uid 990"):
        recorded(TEXT, (DIRECTORY, RECORDED), ())


@pytest.mark.parametrize(
    "wrong",
    [
        "", "{}", "null", TEXT[:-5], TEXT.replace('"passed":true', '"passed":false'), TEXT.replace("61.5", "-1"),
        TEXT.replace("+00:00", "").replace("Z", ""),
        TEXT.replace('"tables":2', '"tables":0'), TEXT.replace('"rows":12', '"rows":-1'),
        TEXT.replace('"step":""', '"step":"sideways"'), TEXT.replace('"size"', '"sise"'), TEXT.replace("12}", '12,"x":1}'),
    ],
)  # fmt: skip
def test_a_record_that_makes_no_sense_is_missing(wrong: str) -> None:
    assert wrong != TEXT
    with pytest.raises(Missing, match=r"is no record|contradicts itself"):
        recorded(wrong, (DIRECTORY, RECORDED), PASSWD)


@given(text())
def test_any_text_gives_a_record_or_says_why(printed: str) -> None:
    assert gives_or_says_why(recorded, printed, (DIRECTORY, RECORDED), PASSWD) is None


def test_a_host_without_a_record_has_none(tmp_path: Path) -> None:
    outcome = Survey(LocalHost(str(tmp_path))).outcome(RestoreTest)
    assert "no restore test was ever made" in str(outcome.absent)


def test_a_record_that_an_ordinary_user_wrote_on_a_real_host_is_missing(tmp_path: Path) -> None:
    path = plant(tmp_path, RECORD, TEXT)
    plant(tmp_path, "/etc/passwd", PASSWD[0].text)
    path.chmod(0o644)
    outcome = Survey(LocalHost(str(tmp_path))).outcome(RestoreTest)
    assert "is not believed" in str(outcome.missing)


def test_who_may_not_read_the_record_does_not_call_it_absent(tmp_path: Path) -> None:
    plant(tmp_path, RECORD, TEXT, 0o600)
    outcome = as_nobody(lambda: Survey(LocalHost(str(tmp_path))).outcome(RestoreTest).absent)
    assert outcome is None or as_nobody(tmp_path.exists)
