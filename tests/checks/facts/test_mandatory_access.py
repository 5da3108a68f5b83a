from __future__ import annotations

import pytest
from hypothesis import given

from checks.fact import Missing
from checks.facts.mandatory_access import old_kernel, running
from checks.source import FileText
from tests.checks.facts.fuzzing import gives_or_says_why, mixed
from tests.checks.real import real

DEBIAN_LSM = "lockdown,capability,landlock,yama,apparmor,tomoyo,bpf"
EL9_LSM = "lockdown,capability,yama,selinux,bpf"
PROFILES = "/usr/bin/man (enforce)\nman_groff (enforce)\n/usr/sbin/cupsd (complain)\nchrome (unconfined)\n"


def enforce(said: str) -> tuple[FileText, ...]:
    return (FileText("/sys/fs/selinux/enforce", said),)


def config(mode: str) -> tuple[FileText, ...]:
    return (
        FileText(
            "/etc/selinux/config", f"# SELINUX= can take one of these values\nSELINUX={mode}\nSELINUXTYPE=targeted\n"
        ),
    )


def test_el_says_what_it_enforces_now_and_after_the_next_boot() -> None:
    found = running(EL9_LSM, enforce("1"), config("permissive"), ())

    assert (found.selinux, found.selinux_at_boot) == ("enforcing", "permissive")
    assert running(EL9_LSM, enforce("0"), config("enforcing"), ()).selinux == "permissive"


def test_el_with_selinux_disabled_has_no_selinuxfs() -> None:
    assert running("lockdown,capability,yama,bpf", (), config("disabled"), ()).selinux == "disabled"
    assert old_kernel("SELINUX=disabled\n", (), ()).selinux == "disabled"


def test_debian_counts_profiles_by_what_they_do() -> None:
    found = running(DEBIAN_LSM, (), (), (FileText("/sys/kernel/security/apparmor/profiles", PROFILES),))

    assert found.apparmor
    assert found.enforcing == 2
    assert found.complaining == ("/usr/sbin/cupsd",)


def test_el_6_keeps_its_switch_elsewhere() -> None:
    assert old_kernel("SELINUX=enforcing\n", (), enforce("1")).selinux == "enforcing"


def test_an_image_that_does_not_run_is_missing() -> None:
    with pytest.raises(Missing):
        old_kernel("SELINUX=enforcing\n", (), ())


@pytest.mark.parametrize("modules", ["", "apparmor", "garbage"])
def test_a_kernel_that_names_no_modules_is_missing(modules: str) -> None:
    with pytest.raises(Missing):
        running(modules, (), (), ())


def test_profiles_that_cannot_be_read_are_missing() -> None:
    with pytest.raises(Missing):
        running(DEBIAN_LSM, (), (), (FileText("p", "/usr/bin/man (enforce)\n???\n"),))


@given(mixed("capability", ",", "selinux", "1", "SELINUX=", "enforcing", "\n", "a (enforce)"))
def test_any_text_gives_the_fact_or_says_why_not(text: str) -> None:
    gives_or_says_why(running, text, enforce(text), (FileText("c", text),), (FileText("p", text),))
    gives_or_says_why(old_kernel, text, enforce(text), ())


def test_a_centos_7_whose_selinux_was_switched_off() -> None:
    found = old_kernel(real("el7/selinux-config"), (), ())

    assert (found.selinux, found.selinux_at_boot) == ("disabled", "disabled")


# as GitHub issues and notes tell of AlmaLinux 8.10 and 9.7 (see SOURCES.d/texts.md of el8 and el9)
@pytest.mark.parametrize("name", ["el8/lsm", "el9/lsm"])
def test_el_8_and_9_name_selinux_among_their_modules(name: str) -> None:
    files = (FileText("/etc/selinux/config", real("el8/selinux-config")),)
    found = running(real(name), enforce("1"), files, ())

    assert (found.selinux, found.selinux_at_boot, found.apparmor) == ("enforcing", "enforcing", False)
