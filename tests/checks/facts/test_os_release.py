from __future__ import annotations

import pytest
from hypothesis import given

from checks.fact import Missing
from checks.facts.os_release import os_release, redhat_release
from tests.checks.facts.fuzzing import gives_or_says_why, mixed
from tests.checks.real import real


@pytest.mark.parametrize(
    ("name", "distribution", "version"),
    [
        ("almalinux10", "almalinux", "10.0"),
        ("centos7", "centos", "7"),
        ("centosstream9", "centos-stream", "9"),
        ("debian13", "debian", "13"),
        ("debiantesting", "debian", ""),
        ("oracle7", "ol", "7.5"),
        ("rhel9", "rhel", "9.6"),
        ("rocky9", "rocky", "9.3"),
        ("ubuntu24", "ubuntu", "24.04"),
    ],
)
def test_the_distribution_and_its_version_are_read(name: str, distribution: str, version: str) -> None:
    found = os_release(real(f"linux/os-release-{name}"))

    assert (found.id, found.version) == (distribution, version)


def test_old_el_is_known_by_its_release_file() -> None:
    assert redhat_release(real("linux/redhat-release-centos5")).id == "centos"
    assert redhat_release("CentOS release 6.10 (Final)\n").version == "6.10"
    assert redhat_release("Red Hat Enterprise Linux Server release 6.9 (Santiago)\n").id == "rhel"


@pytest.mark.parametrize("text", ["", "PRETTY_NAME=x\n", "ID=\n", 'ID="unfinished\n'])
def test_a_file_that_names_nothing_is_missing(text: str) -> None:
    with pytest.raises(Missing):
        os_release(text)


@given(mixed("ID=", "debian", "VERSION_ID=", "\n", '"', "12"))
def test_any_text_gives_the_fact_or_says_why_not(text: str) -> None:
    gives_or_says_why(os_release, text)
    gives_or_says_why(redhat_release, text)
