from __future__ import annotations

import pytest

from checks.fact import Missing
from checks.facts.permissions import Permissions, group_names, permissions
from checks.source import FileStat
from tests.checks.real import real


def test_debian_names_its_shadow_group() -> None:
    shadow = FileStat("/etc/shadow", "file", 0o640, 0, 42, 900, 0.0)
    found = permissions((shadow,), real("debian12/group"))

    assert found[0].words == "0640 root:shadow"


def test_an_owner_other_than_root_stays_a_number() -> None:
    found = permissions((FileStat("/x", "file", 0o644, 1000, 9999, 1, 0.0),), "root:x:0:\n")

    assert found[0].words == "0644 1000:9999"


@pytest.mark.parametrize(
    ("mode", "owner", "group", "within"),
    [
        (0o640, "root", "shadow", True),
        (0o000, "root", "shadow", True),
        (0o600, "root", "shadow", True),
        (0o644, "root", "shadow", False),
        (0o4600, "root", "shadow", False),
        (0o640, "1000", "shadow", False),
        (0o640, "root", "users", False),
    ],
)
def test_only_tighter_modes_of_the_right_owner_are_within(mode: int, owner: str, group: str, within: bool) -> None:
    assert Permissions("/etc/shadow", mode, owner, group).within(0o640, ("root", "shadow")) is within


@pytest.mark.parametrize("text", ["", "garbage", "wheel:x:10:\n"])
def test_a_group_file_without_root_is_missing(text: str) -> None:
    with pytest.raises(Missing):
        group_names(text)
