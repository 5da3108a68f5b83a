from __future__ import annotations

import os
import re
from datetime import UTC, datetime
from pathlib import Path

from agent.hosts.local import LocalHost
from agent.survey import Survey
from checks.facts.boot import Boot
from checks.text import words
from tests.checks.facts.here import read


def test_the_kernel_says_when_it_was_started_and_what_it_is() -> None:
    boot = read(Boot)
    said = re.search(r"^btime (\d+)$", Path("/proc/stat").read_text(), re.MULTILINE)

    assert said is not None
    assert abs(boot.at.timestamp() - int(said[1])) <= 2
    assert boot.at.utcoffset() == UTC.utcoffset(None)
    assert boot.at < datetime.now(UTC)
    assert boot.kernel == os.uname().release


def test_a_mounted_image_was_not_started_here(tmp_path: Path) -> None:
    outcome = Survey(LocalHost(str(tmp_path))).outcome(Boot)

    assert (outcome.fact, outcome.absent) == (None, None)
    assert "the running system would answer" in words(outcome.missing or "", "en")
