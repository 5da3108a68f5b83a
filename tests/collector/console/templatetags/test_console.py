from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone, translation

from collector.console.templatetags.console import ago, last_day, unit


@pytest.mark.parametrize(("language", "word"), [("id", "baru saja"), ("en", "just now")])
@pytest.mark.parametrize("seconds", [-30, 0, 59])
def test_less_than_a_minute_is_just_now(language: str, word: str, seconds: int) -> None:
    with translation.override(language):
        assert f">{word}</time>" in ago(timezone.now() - timedelta(seconds=seconds))
        assert word not in ago(timezone.now() - timedelta(seconds=61))


def test_what_ends_at_midnight_in_jakarta_is_shown_with_the_day_that_was_entered() -> None:
    midnight = datetime(2026, 12, 31, 17, tzinfo=UTC)  # 1 January, 00:00 WIB
    with translation.override("id"):
        assert ">31 Des 2026</time>" in last_day(midnight)
        assert ">1 Jan 2027</time>" in last_day(midnight + timedelta(hours=1))


def test_counts_say_what_is_counted() -> None:
    with translation.override("en"):
        assert [unit(n, "finding") for n in (0, 1, 1200)] == ["0 findings", "1 finding", "1,200 findings"]
