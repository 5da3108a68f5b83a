"""The items of the self-assessment as data: whole, bilingual, in step with the standards, and never changed once released."""

from __future__ import annotations

import hashlib
from datetime import date
from importlib import resources
from pathlib import Path

import pytest

from checks.self_assessment import LINKED, in_force, questionnaires, version
from checks.standard import LETTERS, Kind, load

# A version that was released keeps its bytes: write a new file with a later date instead of changing this one.
RELEASED = {"1.toml": "9c5fd192ed512b5903d5dcc46af963b1e81a23e611fa3242c6a7336c4d030aae"}
NEWEST = questionnaires()[-1]


def test_a_released_version_never_changes() -> None:
    folder = resources.files("checks") / "items"
    held = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in RELEASED}
    assert held == RELEASED


def test_all_71_items_are_there_in_both_languages() -> None:
    assert len(NEWEST.items) == 71
    for item in NEWEST.items:
        for text in (item.question, item.evidence):
            assert text.id.strip()
            assert text.en.strip()
            assert text.id != text.en, item.id
        assert item.question.id.startswith("Apakah ")
        assert item.question.id.endswith("?")
        assert item.question.en.endswith("?")
        assert item.source


def test_the_newest_version_agrees_with_the_requirements_of_the_standards() -> None:
    asked = {
        requirement.id: (requirement.evidence, requirement.source)
        for standard in load().values()
        for requirement in standard.requirements
        if requirement.kind is Kind.SELF_ASSESSMENT
    }
    assert {item.id: (item.evidence, item.source) for item in NEWEST.items} == asked


def test_what_holds_on_a_day_is_the_last_version_before_it() -> None:
    assert in_force(date(2026, 11, 23)).version == "1"
    assert in_force(date(2000, 1, 1)).version == "1"  # the first: there was none before
    assert version("1").effective == date(2022, 9, 30)
    with pytest.raises(KeyError):
        version("0")


def test_links_are_those_of_the_items() -> None:
    assert {item.id: item.checks for item in NEWEST.items if item.checks} == dict(LINKED)
    assert {item[0] for item in LINKED} <= set(LETTERS)


def test_a_wrong_file_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "items").mkdir()
    (tmp_path / "items" / "2.toml").write_text(
        'version = "2"\neffective = 2027-01-01\nnote = { id = "a", en = "b" }\n[[items]]\nid = "a.2"\n'
        'question = { id = "x", en = "y" }\nevidence = { id = "x", en = "y" }\nsource = "form"\n'
    )
    monkeypatch.setattr("checks.self_assessment.resources.files", lambda _: tmp_path)
    with pytest.raises(ValueError, match=r"2\.toml: "):
        questionnaires.__wrapped__()
