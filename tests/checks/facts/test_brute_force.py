from __future__ import annotations

import pytest
from hypothesis import given

from checks.fact import Missing
from checks.facts.brute_force import with_fail2ban, without_fail2ban
from checks.facts.processes import Process, ProcessTable
from checks.source import FileText
from tests.checks.facts.fuzzing import gives_or_says_why, mixed
from tests.checks.real import real

DEBIAN_PAM = (FileText("/etc/pam.d/common-auth", real("debian12/pam-common-auth")),)
EL_PAM = (
    FileText(
        "/etc/pam.d/system-auth",
        "auth        required      pam_env.so\n"
        "auth        required      pam_faillock.so preauth silent deny=3 unlock_time=604800 fail_interval=900\n"
        "auth        sufficient    pam_unix.so try_first_pass\n"
        "auth        [default=die] pam_faillock.so authfail deny=3 unlock_time=604800 fail_interval=900\n",
    ),
)


def table(*names: str) -> ProcessTable:
    return ProcessTable(tuple(Process(n, 1, name, "root", "", False, (name,), 0.0) for n, name in enumerate(names, 1)))


def test_fail2ban_names_its_jails() -> None:
    assert with_fail2ban(table("fail2ban-server"), DEBIAN_PAM, real("debian12/fail2ban-status.txt")).jails == ("sshd",)


def test_fail2ban_without_jails_guards_nothing() -> None:
    assert not with_fail2ban(table("x"), DEBIAN_PAM, "Status\n|- Number of jail:\t0\n`- Jail list:\t\n").jails


def test_debian_as_installed_does_not_lock_accounts() -> None:
    found = without_fail2ban(table("systemd"), DEBIAN_PAM)

    assert not found.faillock
    assert not found.jails


def test_el_with_faillock_locks_accounts() -> None:
    assert without_fail2ban(table("systemd"), EL_PAM).faillock


def test_a_comment_locks_nothing() -> None:
    pam = (FileText("/etc/pam.d/system-auth", "# auth required pam_faillock.so preauth\nauth required pam_env.so\n"),)

    assert not without_fail2ban(table("systemd"), pam).faillock


def test_another_guard_that_runs_is_named() -> None:
    assert without_fail2ban(table("sshguard"), DEBIAN_PAM).guards == ("sshguard",)


def test_jails_that_only_root_may_see_are_missing_not_empty() -> None:
    with pytest.raises(Missing, match="only root"):
        without_fail2ban(table("fail2ban-server"), DEBIAN_PAM)


@pytest.mark.parametrize("status", ["", "Status\n", "Server not running\n"])
def test_a_status_that_says_nothing_is_missing(status: str) -> None:
    with pytest.raises(Missing):
        with_fail2ban(table("x"), DEBIAN_PAM, status)


def test_no_pam_at_all_is_missing() -> None:
    with pytest.raises(Missing):
        without_fail2ban(table("x"), ())


@given(mixed("|- Number of jail:", "\n", "`- Jail list:", "sshd", "auth required pam_faillock.so"))
def test_any_text_gives_the_fact_or_says_why_not(text: str) -> None:
    gives_or_says_why(with_fail2ban, table("x"), (FileText("p", text),), text)


@pytest.mark.parametrize(
    ("name", "locks"),
    [
        ("el7/pam-system-auth-tally2", True),
        ("el8/pam-system-auth-faillock", True),
        ("el8/pam-system-auth", False),
        ("el9/pam-system-auth", False),
        ("ubuntu2204/pam-common-auth", False),
    ],
)
def test_systems_with_and_without_a_lock_are_told_apart(name: str, locks: bool) -> None:
    pam = (FileText(f"/etc/pam.d/{'common' if 'common' in name else 'system'}-auth", real(name)),)

    assert without_fail2ban(table("systemd"), pam).faillock == locks
