"""The laboratory's own conclusions: a check that was never seen to fail may not count as right."""

from __future__ import annotations

from pathlib import Path

import pytest

from checks.catalogue import catalogue
from checks.vantage import Vantage
from tests.lab.verdicts import Plant, Row, conclude, planted, table, unseen, worst

NO_REASON = "code,host,says,reason\nK-SSH-01,bad,,\n"


def test_a_check_that_passes_on_good_and_fails_on_one_bad_host_is_right() -> None:
    found = conclude(["A"], {"A": "pass"}, [{"A": "pass"}, {"A": "fail"}], [])
    assert (found.right_on_good, found.right_on_bad, found.wrong) == (("A",), ("A",), ())


def test_a_check_that_fails_on_good_is_a_false_alarm() -> None:
    found = conclude(["A"], {"A": "fail"}, [{"A": "fail"}], [])
    assert found.false_alarms == ("A",)
    assert found.wrong == ("A: fail on the good host",)


@pytest.mark.parametrize("status", ["warn", "unknown", "not_applicable", "fail"])
def test_anything_but_a_pass_on_good_needs_a_row_that_names_it(status: str) -> None:
    row = Row("A", "good", (status,), "a reason")
    assert conclude(["A"], {"A": status}, [{"A": "fail"}], []).wrong
    assert not conclude(["A"], {"A": status}, [{"A": "fail"}], [row]).wrong


def test_a_check_that_no_bad_host_fails_is_wrong_unless_the_table_says_why() -> None:
    row = Row("A", "bad", (), "a reason")
    assert conclude(["A"], {"A": "pass"}, [{"A": "pass"}, {"A": "unknown"}], []).wrong
    explained = conclude(["A"], {"A": "pass"}, [{"A": "pass"}], [row])
    assert not explained.wrong
    assert explained.not_staged == (row,)
    assert not explained.right_on_bad


def test_a_row_that_is_no_longer_needed_is_wrong() -> None:
    assert conclude(["A"], {"A": "pass"}, [{"A": "fail"}], [Row("A", "bad", (), "a reason")]).wrong
    assert conclude(["A"], {"A": "pass"}, [{"A": "fail"}], [Row("A", "good", ("warn",), "a reason")]).wrong


def test_a_check_that_a_host_did_not_judge_is_wrong() -> None:
    assert conclude(["A"], {}, [{"A": "fail"}], []).wrong == ("A: not judged on the good host",)


def test_a_row_for_a_check_that_does_not_exist_is_wrong() -> None:
    assert conclude([], {}, [], [Row("A", "bad", (), "a reason")]).wrong


def test_the_worst_of_several_subjects_counts() -> None:
    said = [{"check": "A", "status": status} for status in ("pass", "fail", "not_applicable")]
    assert worst(said) == {"A": "fail"}


def test_a_row_without_a_reason_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text(NO_REASON, encoding="utf-8")
    with pytest.raises(ValueError, match="K-SSH-01"):
        table(path)


def test_the_tables_name_only_checks_that_exist_and_are_staged() -> None:
    codes = {check.code for check in (*catalogue().answerable, *catalogue().at(Vantage.OUTSIDE), *catalogue().joined)}
    assert {row.code for row in table()} <= codes
    assert {plant.code for plant in planted()} <= codes


def test_what_was_planted_is_seen_only_where_its_check_fails_and_names_it() -> None:
    plant = Plant("a cron entry", "baseline", "attacked", "A", "/etc/cron.d/.x")
    named = {"check": "A", "status": "fail", "measured": "new: /etc/cron.d/.x root"}
    assert unseen([plant], {"attacked": [named]}) == ()
    for other in ({"status": "warn"}, {"check": "B"}, {"measured": "new: /etc/cron.d/y"}):
        assert unseen([plant], {"attacked": [{**named, **other}]})
