from __future__ import annotations

import re

import pytest

from agent.present import nagios
from checks.verdict import Result, Status
from tests.agent.present.hostile import OBEYED, hostile, shown

LINE = re.compile(r"PANTAU (OK|WARNING|CRITICAL|UNKNOWN) - [^|\n]+ \| ('[a-z_]+'=\d+ ?)+")
FAIL, WARN, PASS, UNKNOWN, NOT = Status.FAIL, Status.WARN, Status.PASS, Status.UNKNOWN, Status.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("results", "word", "code"),
    [
        ([("K-SSH-01", PASS)], "OK", 0), ([("K-SSH-01", NOT)], "OK", 0), ([("K-SSH-01", WARN)], "WARNING", 1),
        ([("J-ACC-08", FAIL)], "WARNING", 1), ([("J-ACC-08", FAIL), ("K-SSH-01", UNKNOWN)], "WARNING", 1),
        ([("K-SSH-01", FAIL), ("J-ACC-08", UNKNOWN)], "CRITICAL", 2), ([("K-SSH-01", UNKNOWN)], "UNKNOWN", 3),
        ([("K-SSH-01", UNKNOWN), ("J-ACC-08", PASS)], "UNKNOWN", 3), ([], "UNKNOWN", 3),
    ],
)  # fmt: skip
def test_the_line_has_its_shape_and_the_code_its_meaning(
    results: list[tuple[str, Status]], word: str, code: int
) -> None:
    line, said = nagios.render(shown(*(Result(check, status, "x") for check, status in results)))
    assert said == code
    assert line.startswith(f"PANTAU {word} - ")
    assert LINE.fullmatch(line)


def test_the_worst_are_named_with_their_subjects_and_not_without_end() -> None:
    results = [Result("K-WEB-01", FAIL, "x", "", f"site{number}") for number in range(50)]
    line, _ = nagios.render(shown(*results))
    assert "K-WEB-01 site0" in line
    assert len(line) < 500


def test_hostile_text_stays_in_its_line_and_on_its_side_of_the_bar() -> None:
    line, code = nagios.render(hostile())
    assert code == 2
    assert line.count("|") == 1
    assert not set(line) & set(OBEYED + "\n")
