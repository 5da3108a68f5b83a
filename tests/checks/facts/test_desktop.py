from __future__ import annotations

from pathlib import Path

import pytest

from agent.hosts.local import LocalHost
from agent.survey import Survey
from checks.fact import Missing
from checks.facts.desktop import Desktop, desktop
from checks.source import FileStat
from tests.checks.trees import plant


def test_programs_of_a_desktop_are_found_on_a_host(tmp_path: Path) -> None:
    plant(tmp_path, "/usr/bin/bash")
    plant(tmp_path, "/usr/sbin/sshd")
    assert Survey(LocalHost(str(tmp_path))).outcome(Desktop).fact == Desktop()

    plant(tmp_path, "/usr/sbin/gdm3")
    plant(tmp_path, "/usr/bin/Xorg")
    assert Survey(LocalHost(str(tmp_path))).outcome(Desktop).fact == Desktop(("/usr/bin/Xorg", "/usr/sbin/gdm3"))


def test_a_host_whose_programs_cannot_be_seen_is_missing() -> None:
    with pytest.raises(Missing):
        desktop.parse((FileStat("/usr/bin", "directory", 0o755, 0, 0, 1, 0.0),))
