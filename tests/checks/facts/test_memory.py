from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given

from checks.fact import Missing
from checks.facts.memory import Memory, OomKills, oom_kills
from tests.checks.facts.fuzzing import gives_or_says_why, mixed
from tests.checks.facts.here import read
from tests.checks.real import real


def meminfo(name: str) -> int:
    said = re.search(rf"^{name}: +(\d+) kB$", Path("/proc/meminfo").read_text(), re.MULTILINE)
    assert said is not None
    return int(said[1]) * 1024


def test_memory_is_that_of_the_kernel_in_bytes() -> None:
    memory = read(Memory)

    assert memory.total == meminfo("MemTotal")
    assert memory.swap_total == meminfo("SwapTotal")
    assert abs(memory.available - meminfo("MemAvailable")) < memory.total / 4  # others work meanwhile
    assert 0 < memory.available <= memory.total
    assert 0 <= memory.swap_used <= memory.swap_total


def test_kills_are_counted_since_boot() -> None:
    assert oom_kills(real("debian12/proc-vmstat.txt")) == OomKills(0)
    assert oom_kills("oom_kill_disable 0\noom_kill 3\n") == OomKills(3)


@pytest.mark.parametrize("text", ["", "nr_free_pages 1\n", "oom_kill\n", "oom_kill many\n", "oom_kill -1\n"])
def test_a_kernel_that_does_not_count_kills_is_missing_and_not_zero(text: str) -> None:
    with pytest.raises(Missing):
        oom_kills(text)


@given(mixed("oom_kill ", "oom_kill", "1", "\n", " ", "nr_"))
def test_any_text_is_a_count_or_a_reason(text: str) -> None:
    fact = gives_or_says_why(oom_kills, text)
    assert fact is None or "oom_kill" in text
