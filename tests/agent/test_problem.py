from __future__ import annotations

import pytest

from agent.problem import Problem, os_words
from checks.text import Text, words


def test_a_problem_is_english_in_a_log_and_both_for_a_reader() -> None:
    problem = Problem(Text("rusak", "damaged"))
    assert str(problem) == "damaged"
    assert words(problem.said, "id") == "rusak"


@pytest.mark.parametrize(
    ("error", "indonesian", "english"),
    [
        (PermissionError(13, "Permission denied", "/x"), "/x: izin ditolak", "/x: Permission denied"),
        (OSError(111, "Connection refused"), "Connection refused", "Connection refused"),
        (OSError("only words"), "only words", "only words"),
        (OSError(), "OSError", "OSError"),
    ],
)
def test_what_the_system_refused_names_the_file_in_the_language_of_the_reader(
    error: OSError, indonesian: str, english: str
) -> None:
    assert (words(os_words(error), "id"), words(os_words(error), "en")) == (indonesian, english)
