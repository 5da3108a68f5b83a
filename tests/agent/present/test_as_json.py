from __future__ import annotations

import json

from agent.present import as_json
from checks.text import Text
from checks.verdict import Result, Status
from tests.agent.present.hostile import HOSTILE, OBEYED, hostile, shown


def test_its_names_are_stable() -> None:
    document = json.loads(as_json.render(shown(Result("K-SSH-01", Status.FAIL, "yes", "no", "", 1.0))))
    assert sorted(document) == [
        "filtered", "format", "hostname", "policy", "results", "software", "standards", "summary", "taken_at"
    ]  # fmt: skip
    assert document["format"] == 1
    assert sorted(document["policy"]) == ["digest", "version"]
    counts = {"total": 1, "fail": 1, "unknown": 0, "warn": 0, "pass": 0, "not_applicable": 0}
    assert document["summary"] == {"checks": counts, "results": counts}
    assert document["taken_at"] == "2026-11-23T02:00:00Z"
    (result,) = document["results"]
    assert {name: result[name] for name in ("check", "standard", "status", "severity", "measured", "expected", "value")} == {
        "check": "K-SSH-01", "standard": "k", "status": "fail", "severity": "critical",
        "measured": {"id": "yes", "en": "yes"}, "expected": {"id": "no", "en": "no"}, "value": 1.0,
    }  # fmt: skip
    assert sorted(set(result) - {"check", "standard", "status", "severity", "measured", "expected", "value"}) == [
        "source", "subject", "title"
    ]  # fmt: skip


def test_a_standard_that_ran_whole_has_its_standing_and_one_that_did_not_has_none() -> None:
    document = json.loads(as_json.render(shown(Result("K-SSH-01", Status.FAIL), whole="j")))
    assert document["filtered"] is True
    assert list(document["standards"]) == ["j"]
    assert sorted(document["standards"]["j"]) == [
        "coverage", "met", "not_applicable", "not_met", "standing", "undetermined"
    ]  # fmt: skip
    assert json.loads(as_json.render(shown(whole="jk")))["filtered"] is False


def test_the_summary_counts_checks_by_their_worst_result_beside_the_results() -> None:
    results = [Result("K-WEB-01", status, "x", "", status.value) for status in (Status.PASS, Status.FAIL, Status.WARN)]
    summary = json.loads(as_json.render(shown(*results)))["summary"]
    assert (summary["checks"]["total"], summary["checks"]["fail"], summary["checks"]["pass"]) == (1, 1, 0)
    assert (summary["results"]["total"], summary["results"]["fail"], summary["results"]["pass"]) == (3, 1, 1)


def test_words_stand_in_both_languages_whoever_reads_and_always_in_one_shape() -> None:
    result = Result("K-SSH-01", Status.FAIL, Text("diukur", "measured"), "4")
    for language in ("id", "en"):
        (one,) = json.loads(as_json.render(shown(result, language=language)))["results"]  # type: ignore[arg-type]
        assert one["measured"] == {"id": "diukur", "en": "measured"}
        assert one["expected"] == {"id": "4", "en": "4"}
        assert sorted(one["title"]) == ["en", "id"]


def test_hostile_text_is_given_as_it_is_and_obeyed_by_no_terminal() -> None:
    text = as_json.render(hostile())
    document = json.loads(text)
    assert {one["measured"]["id"] for one in document["results"]} == {HOSTILE}
    assert {one["subject"] for one in document["results"]} == {HOSTILE}
    assert not set(text) & set(OBEYED)
