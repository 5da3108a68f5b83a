from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis.strategies import text

from agent.hosts.local import LocalHost
from agent.survey import Survey
from checks.fact import Absent, Missing
from checks.facts.edac import MemoryErrors, memory_errors
from checks.source import FileText


def file(name: str, said: str, controller: int = 0) -> FileText:
    return FileText(f"/sys/devices/system/edac/mc/mc{controller}/{name}", said)


def test_controllers_are_added_as_the_kernel_lays_them_out(tmp_path: Path) -> None:
    for number, (corrected, uncorrected) in enumerate(((3, 0), (4, 1))):
        folder = tmp_path / f"sys/devices/system/edac/mc/mc{number}"
        (folder / "csrow0").mkdir(parents=True)
        (folder / "csrow0/ce_count").write_text("99\n")
        (folder / "ce_count").write_text(f"{corrected}\n")
        (folder / "ue_count").write_text(f"{uncorrected}\n")
        (folder / "seconds_since_reset").write_text("172800\n")

    assert Survey(LocalHost(str(tmp_path))).outcome(MemoryErrors).fact == MemoryErrors(2, 7, 1, 2.0)


def test_no_ecc_is_absent_and_half_an_answer_missing() -> None:
    with pytest.raises(Absent):
        memory_errors((), (), ())
    with pytest.raises(Missing):
        memory_errors((file("ce_count", "0\n"),), (), ())


@given(text())
def test_no_text_breaks_it(said: str) -> None:
    with suppress(Missing):
        memory_errors((file("ce_count", said),), (file("ue_count", "0"),), (file("seconds_since_reset", said),))
