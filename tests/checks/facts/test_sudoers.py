from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.fact import Absent, Missing
from checks.facts.sudoers import sudoers
from checks.source import FileText
from tests.checks.real import real

DEBIAN = real("debian12/sudoers")


def drop_in(text: str, name: str = "90-site") -> tuple[FileText, ...]:
    return (FileText(f"/etc/sudoers.d/{name}", text),)


def test_debian_12_as_installed_asks_and_uses_a_pty_but_keeps_no_file() -> None:
    seen = sudoers(DEBIAN, ())

    assert seen.everything_without_password == ()
    assert seen.use_pty
    assert seen.asks
    assert not seen.logged


@pytest.mark.parametrize(
    "line",
    [
        "deploy ALL=(ALL) NOPASSWD:ALL",
        "deploy ALL=(ALL:ALL) NOPASSWD: ALL",
        "deploy ALL = NOPASSWD: /bin/ls, ALL",
        "deploy ALL=(root) NOPASSWD: SETENV: ALL",
        "deploy ALL=(ALL) \\\n  NOPASSWD: ALL",
    ],
)
def test_all_commands_without_password_are_seen_however_they_are_written(line: str) -> None:
    assert sudoers(DEBIAN, drop_in(line)).everything_without_password == ("deploy",)


def test_named_commands_without_password_are_only_counted() -> None:
    seen = sudoers(DEBIAN, drop_in("zabbix ALL=(root) NOPASSWD: /usr/bin/fail2ban-client status"))

    assert seen.everything_without_password == ()
    assert seen.some_without_password == 1


def test_a_tag_ends_with_its_opposite() -> None:
    assert sudoers(DEBIAN, drop_in("a ALL=NOPASSWD: /bin/ls, PASSWD: ALL")).everything_without_password == ()


def test_files_that_sudo_skips_do_not_count() -> None:
    assert sudoers(DEBIAN, drop_in("a ALL=NOPASSWD: ALL", "site.dpkg-old")).everything_without_password == ()
    assert sudoers(DEBIAN, drop_in("a ALL=NOPASSWD: ALL", "site~")).everything_without_password == ()


def test_drop_ins_count_only_if_they_are_included_and_other_includes_are_missing() -> None:
    alone = "root ALL=(ALL) ALL\n"

    assert sudoers(alone, drop_in("a ALL=NOPASSWD: ALL")).everything_without_password == ()
    assert sudoers(alone + "#includedir /etc/sudoers.d\n", drop_in("a ALL=NOPASSWD: ALL")).everything_without_password
    with pytest.raises(Missing):
        sudoers(DEBIAN + "@include /opt/site/sudoers\n", ())


def test_defaults_are_understood() -> None:
    assert sudoers(DEBIAN, drop_in('Defaults logfile="/var/log/sudo.log"')).logged
    assert not sudoers(DEBIAN, drop_in("Defaults !use_pty")).use_pty
    assert not sudoers(DEBIAN, drop_in("Defaults:deploy !authenticate")).asks
    assert not sudoers("root ALL=(ALL) ALL\nDefaults:deploy use_pty\n", ()).use_pty


@pytest.mark.parametrize("text", ["", "# only a comment\n", "nonsense"])
def test_a_file_that_says_nothing_is_missing(text: str) -> None:
    with pytest.raises(Missing):
        sudoers(text, ())


@given(st.text())
def test_any_text_gives_a_fact_or_is_missing(text: str) -> None:
    with contextlib.suppress(Missing, Absent):
        sudoers(text, drop_in("Defaults " + text))


def test_centos_7_gives_some_commands_without_password_and_keeps_a_file() -> None:
    seen = sudoers(real("el7/sudoers"), ())

    assert seen.everything_without_password == ()
    assert seen.some_without_password == 2
    assert (seen.use_pty, seen.logged, seen.asks) == (False, True, True)


def test_el_8_asks_wheel_and_lets_its_drop_in_ask_nobody() -> None:
    assert sudoers(real("el8/sudoers"), ()).everything_without_password == ()

    seen = sudoers(real("el8/sudoers"), drop_in(real("el8/sudoers.d-coreos-sudo-group"), "coreos-sudo-group"))
    assert seen.everything_without_password == ("%sudo",)
    assert (seen.use_pty, seen.logged, seen.asks) == (False, False, True)


def test_an_ubuntu_22_04_in_a_cloud_asks_its_first_user_nothing() -> None:
    cloud = drop_in(real("ubuntu2204/sudoers.d-90-cloud-init-users"), "90-cloud-init-users")
    seen = sudoers(real("ubuntu2204/sudoers"), cloud)

    assert seen.everything_without_password == ("ubuntu",)
    assert seen.use_pty


def test_a_monitor_on_ubuntu_20_04_may_run_named_commands_only() -> None:
    seen = sudoers(real("ubuntu2004/sudoers"), drop_in(real("ubuntu2004/sudoers.d-nagios"), "nagios"))

    assert (seen.everything_without_password, seen.some_without_password) == ((), 3)
    assert (seen.use_pty, seen.asks) == (False, True)
