from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis.strategies import text

from checks.fact import Absent, Missing
from checks.facts.raid import Array, SoftwareRaid, software_raid
from tests.checks.real import real


def test_every_kind_of_array_is_understood() -> None:
    arrays = {one.name: one for one in software_raid(real("linux/mdstat-mixed.txt")).arrays}

    assert {name for name, one in arrays.items() if not one.whole} == {"md4", "md6", "md7"}
    assert arrays["md6"] == Array("md6", "raid1", True, 2, 1, rebuild="recovery 8.5 %")
    assert arrays["md9"].rebuild == "resync DELAYED"
    assert arrays["md10"] == Array("md10", "raid0", True)
    assert arrays["md11"].level == "raid1"
    assert "md219" not in arrays  # a container of firmware RAID


def test_a_mirror_that_lost_a_disk() -> None:
    for array in software_raid(real("linux/mdstat-hetzner.txt")).arrays:
        assert (array.whole, array.faulty) == (False, 1)


def test_a_spare_took_the_place_of_a_faulty_disk() -> None:
    arrays = software_raid(real("linux/mdstat-spare-failed.txt")).arrays

    assert [(one.name, one.whole, one.faulty) for one in arrays] == [("md0", True, 0), ("md1", True, 1)]


def test_a_kernel_with_md_but_without_arrays_is_absent() -> None:
    with pytest.raises(Absent):
        software_raid("Personalities : \nunused devices: <none>\n")


def test_an_empty_file_is_missing() -> None:
    with pytest.raises(Missing):
        software_raid("")


@given(text())
def test_no_text_breaks_it(said: str) -> None:
    for printed in (said, f"Personalities : [raid1]\nmd0 : active raid1 {said}", f"Personalities :\nmd{said}"):
        with suppress(Missing, Absent):
            assert isinstance(software_raid(printed), SoftwareRaid)
