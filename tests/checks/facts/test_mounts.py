from __future__ import annotations

import pytest
from hypothesis import given

from checks.fact import Missing
from checks.facts.mounts import of_init, of_this_process
from tests.checks.facts.fuzzing import gives_or_says_why, mixed
from tests.checks.real import real


def test_a_booted_debian_12_mounts_tmp_without_noexec() -> None:
    found = of_init(real("debian12/mounts-nspawn.txt"))

    assert set(found.mounts) == {"/", "/tmp", "/dev/shm"}
    assert {"nodev", "nosuid"} <= set(found.mounts["/tmp"].options)
    assert "noexec" not in found.mounts["/tmp"].options


def test_the_last_mount_on_a_path_counts() -> None:
    text = "a / ext4 rw 0 0\nb /tmp tmpfs rw 0 0\nc /tmp tmpfs rw,noexec 0 0\n"

    assert of_this_process(text).mounts["/tmp"].options == ("noexec", "rw")


@pytest.mark.parametrize("text", ["", "a /tmp tmpfs rw 0 0\n", "nonsense\n"])
def test_a_list_without_root_is_missing(text: str) -> None:
    with pytest.raises(Missing):
        of_init(text)


@given(mixed("a ", "/ ", "/tmp ", "ext4 ", "rw,noexec ", "0 ", "0", "\n", "\\040"))
def test_any_text_gives_the_fact_or_says_why_not(text: str) -> None:
    gives_or_says_why(of_init, text)


def test_an_el_with_volumes_of_its_own() -> None:
    found = of_init(real("el6/proc-mounts.txt")).mounts

    assert set(found) == {"/", "/boot", "/dev/shm", "/home", "/opt", "/tmp", "/var", "/var/tmp"}
    assert found["/dev/shm"].options == ("nodev", "noexec", "nosuid", "relatime", "rw")
    assert "noexec" not in found["/tmp"].options


def test_an_ubuntu_in_a_container_of_lxd() -> None:
    found = of_init(real("ubuntu2004/proc-mounts-lxd.txt")).mounts

    assert found["/"].kind == "ext4"
    assert "nosuid" in found["/dev/shm"].options
