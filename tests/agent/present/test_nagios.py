from __future__ import annotations

import re

import pytest

from agent.present import nagios
from checks.verdict import Result, Status
from tests.agent.present.hostile import OBEYED, hostile, shown

LINE = re.compile(r"PANTAU (OK|WARNING|CRITICAL|UNKNOWN) - [^|\n]+ \|( [a-z_]+=\d+;\d*;\d*;0;\d+){6}")
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
    said_all, said = nagios.render(shown(*(Result(check, status, "x") for check, status in results)))
    line = said_all.splitlines()[0]
    assert said == code
    assert line.startswith(f"PANTAU {word} - ")
    assert LINE.fullmatch(line)


def test_the_first_line_is_short_and_names_the_most_severe_first_whatever_their_codes_and_standards() -> None:
    codes = ("G-CPU-01", "J-ACC-08", "J-ACC-05", "K-SSH-01", "K-NET-08", "K-WEB-02", "L-BCK-01", "J-ACC-03")
    results = [Result(code, FAIL, "x" * 300, "", f"site{number}") for code in codes for number in range(9)]
    line = nagios.render(shown(*results))[0].splitlines()[0]
    text, _, perf = line.partition(" | ")
    assert (
        text == "PANTAU CRITICAL - 8 fail, 0 unknown of 8 checks: K-SSH-01, L-BCK-01, J-ACC-05, G-CPU-01, J-ACC-03, …"
    )
    assert perf.startswith("fail_serious=3;;0;0;8 fail=8;0;;0;8 warn=0;0;;0;8 unknown=0;;;0;8 ")


def test_without_a_failure_the_first_line_names_what_is_unknown_most_severe_first() -> None:
    line, _ = nagios.render(shown(*(Result(code, UNKNOWN, "x") for code in ("J-ACC-08", "K-SSH-01"))))
    assert line.startswith("PANTAU UNKNOWN - 0 fail, 2 unknown of 2 checks: K-SSH-01, J-ACC-08 |")


def test_the_lines_below_name_each_failure_as_one_the_worst_first_and_not_without_end() -> None:
    results = [Result("J-ACC-08", FAIL, "x"), Result("K-SSH-02", PASS), Result("K-SSH-01", FAIL, "yes")]
    _, second, third = nagios.render(shown(*results))[0].splitlines()
    assert second == "K-SSH-01 critical · Not met: SSH root login is disabled: yes"
    assert third == "J-ACC-08 low · Not met: Idle shells end: x"
    many = [Result("K-WEB-01", FAIL, "x" * 300, "", f"site{number:03}") for number in range(50)]
    lines = nagios.render(shown(*many))[0].splitlines()
    assert len(lines) == 1 + nagios.MOST_LINES + 1
    assert max(map(len, lines)) <= nagios.LONGEST
    assert lines[-1] == "and 30 more failing results"


def test_a_check_counts_once_by_its_worst_result() -> None:
    results = [Result("K-WEB-01", status, "x", "", name) for name, status in (("a", PASS), ("b", FAIL), ("c", UNKNOWN))]
    line = nagios.render(shown(*results))[0]
    assert "1 fail, 0 unknown of 1 checks" in line
    assert " pass=0;;;0;1 " in line


def test_hostile_text_stays_in_its_line_and_on_its_side_of_the_bar() -> None:
    text, code = nagios.render(hostile())
    assert code == 2
    assert text.count("|") == 1
    assert len(text.splitlines()) == 2
    assert not set(text) & set(OBEYED)
