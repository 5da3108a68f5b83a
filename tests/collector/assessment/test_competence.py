"""The dictionary of competence as data, and what a person lacks."""

from __future__ import annotations

import hashlib
from datetime import date
from importlib import resources

import pytest

from collector.assessment.competence import dictionaries, gaps, in_force

# A version that was released keeps its bytes: write a new file with a later date instead of changing this one.
RELEASED = {"1.toml": "786ef0dce00a5d0bbf4c5923cc1fba2ee9ed166f867e181caf641c0f81e38bcf"}
NOW = in_force(date(2026, 11, 23))


def test_a_released_version_never_changes() -> None:
    folder = resources.files("collector") / "assessment" / "competences"
    assert {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in RELEASED} == RELEASED


def test_every_standard_is_served_by_some_competence() -> None:
    assert set("".join(one.standards for one in NOW.competences)) == set("abcdefghijklmnopq")
    assert all(position.needs for position in NOW.positions)
    assert NOW.note.id


def test_a_level_that_was_never_assessed_is_a_gap() -> None:
    found = {gap.competence.code: (gap.needed, gap.present) for gap in gaps(NOW, "helpdesk", {"service_desk": 1})}
    assert found == {"service_desk": (2, 1), "registration": (2, None), "information_security": (1, None)}
    assert gaps(NOW, "helpdesk", {"service_desk": 2, "registration": 4, "information_security": 1}) == ()


def test_of_a_position_that_no_standard_names_nothing_is_known() -> None:
    assert gaps(NOW, "astronaut", {}) == ()


def test_a_wrong_file_is_named(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "assessment" / "competences"
    folder.mkdir(parents=True)
    text = (resources.files("collector") / "assessment" / "competences" / "1.toml").read_text()
    (folder / "2.toml").write_text(text.replace("governance = 4", "governance = 9"))
    monkeypatch.setattr("collector.assessment.competence.resources.files", lambda _: tmp_path)
    with pytest.raises(ValueError, match=r"2\.toml: head: governance = 9"):
        dictionaries.__wrapped__()
