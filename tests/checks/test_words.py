from __future__ import annotations

import pytest

from checks.check import Severity
from checks.standard import Standing
from checks.text import Text
from checks.verdict import Result, Status
from checks.words import (
    SERIOUS,
    SEVERITIES,
    SEVERITY_WORDS,
    STANDING_SIGNS,
    STANDING_WORDS,
    STANDINGS,
    STATUS_SIGNS,
    STATUS_WORDS,
    STATUSES,
    by_check,
    counted,
    coverage,
    worst,
)  # fmt: skip


def test_every_status_severity_and_standing_has_its_place_its_word_and_its_sign() -> None:
    assert set(STATUSES) == set(STATUS_WORDS) == set(STATUS_SIGNS) == set(Status)
    assert set(SEVERITIES) == set(SEVERITY_WORDS) == set(Severity)
    assert set(STANDINGS) == set(STANDING_WORDS) == set(STANDING_SIGNS) == set(Standing)
    for words in (STATUS_WORDS, SEVERITY_WORDS, STANDING_WORDS):
        assert len({text.id for text in words.values()}) == len({text.en for text in words.values()}) == len(words)


def test_the_plain_words_of_a_database_row_find_the_same() -> None:
    assert STANDING_WORDS["not_met"] == Text("tidak terpenuhi", "not met")  # type: ignore[index]
    assert STATUS_SIGNS["fail"] == STANDING_SIGNS["not_met"]  # type: ignore[index]
    assert "critical" in SERIOUS
    assert "medium" not in SERIOUS


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        ((Status.PASS, Status.FAIL, Status.UNKNOWN), Status.FAIL), ((Status.PASS, Status.UNKNOWN), Status.UNKNOWN),
        ((Status.NOT_APPLICABLE, Status.PASS), Status.PASS), ((Status.PASS, Status.WARN), Status.WARN), ((), Status.UNKNOWN),
    ],
)  # fmt: skip
def test_the_worst_status_speaks_for_all_and_none_is_unknown(statuses: tuple[Status, ...], expected: Status) -> None:
    assert worst(statuses) is expected


def test_a_check_with_several_results_counts_once_by_its_worst() -> None:
    results = [Result("K-SSH-01", Status.PASS), Result("K-WEB-01", Status.PASS, subject="a"),
               Result("K-WEB-01", Status.FAIL, subject="b")]  # fmt: skip
    assert by_check(results) == {"K-SSH-01": Status.PASS, "K-WEB-01": Status.FAIL}


def test_a_count_and_a_share_say_what_they_count() -> None:
    assert counted(2, 3) == Text("2 pemeriksaan, 3 hasil", "2 checks, 3 results")
    assert counted(1, 1).en == "1 check, 1 result"
    assert coverage(0.424) == Text("cakupan 42% dari pemeriksaan yang berlaku", "coverage 42% of applicable checks")
