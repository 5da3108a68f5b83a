from __future__ import annotations

import re

import pytest

from checks.catalogue import catalogue
from checks.check import Check

DEBIAN = re.compile(r"`[^`]*\b(?:apt|apt-get|dpkg)\b[^`]*`")
RED_HAT = re.compile(r"`[^`]*\b(?:dnf|rpm|yum)\b[^`]*`")
LABEL = re.compile(r"\bEL(?: \(EPEL\))?:|\(EL\)|\bEL \d+:")


@pytest.mark.parametrize("check", catalogue().surveyed, ids=lambda check: check.code)
@pytest.mark.parametrize("language", ["id", "en"])
def test_commands_of_both_families_are_marked_and_debian_comes_first(check: Check, language: str) -> None:
    remedy = check.remedy.id if language == "id" else check.remedy.en
    label = LABEL.search(remedy)
    if DEBIAN.search(remedy):
        assert "Debian/Ubuntu" in remedy
    if RED_HAT.search(remedy):
        assert label, "the commands of EL are not marked"
    if label:
        assert "Debian/Ubuntu" in remedy
        assert remedy.index("Debian/Ubuntu") < label.start(), "EL is named first"
    assert "`... " not in remedy, "half a command cannot be pasted"
