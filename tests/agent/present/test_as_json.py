from __future__ import annotations

import json

from agent.present import as_json
from checks.text import Text
from checks.verdict import Result, Status
from tests.agent.present.hostile import HOSTILE, OBEYED, hostile, shown


def test_its_names_are_stable() -> None:
    document = json.loads(as_json.render(shown(Result("K-SSH-01", Status.FAIL, "yes", "no", "", 1.0))))
    assert sorted(document) == ["hostname", "policy", "results", "software", "standards", "summary", "taken_at"]
    assert sorted(document["policy"]) == ["digest", "version"]
    assert document["summary"] == {"fail": 1, "unknown": 0, "warn": 0, "pass": 0, "not_applicable": 0}
    assert document["taken_at"] == "2026-11-23T02:00:00Z"
    (result,) = document["results"]
    assert {name: result[name] for name in ("check", "standard", "status", "severity", "measured", "expected", "value")} == {
        "check": "K-SSH-01", "standard": "k", "status": "fail", "severity": "critical", "measured": "yes", "expected": "no",
        "value": 1.0,
    }  # fmt: skip
    assert sorted(set(result) - {"check", "standard", "status", "severity", "measured", "expected", "value"}) == [
        "source", "subject", "title"
    ]  # fmt: skip
    assert sorted(document["standards"]["k"]) == [
        "coverage",
        "met",
        "not_applicable",
        "not_met",
        "standing",
        "undetermined",
    ]


def test_the_reader_chooses_the_language_of_the_words() -> None:
    result = Result("K-SSH-01", Status.FAIL, Text("diukur", "measured"))
    for language, said in (("id", "diukur"), ("en", "measured")):
        of = shown(result, language=language)  # type: ignore[arg-type]
        assert json.loads(as_json.render(of))["results"][0]["measured"] == said


def test_hostile_text_is_given_as_it_is_and_obeyed_by_no_terminal() -> None:
    text = as_json.render(hostile())
    document = json.loads(text)
    assert {one["measured"] for one in document["results"]} == {HOSTILE}
    assert {one["subject"] for one in document["results"]} == {HOSTILE}
    assert not set(text) & set(OBEYED)
