from __future__ import annotations

from datetime import timedelta

import pytest

from checks.facts.accounts import Accounts, EmptyPasswords
from checks.facts.logins import LoginAccounts, Use
from checks.facts.shell_timeout import ShellTimeout
from checks.facts.sudoers import Sudoers
from checks.security import accounts
from checks.verdict import Status, Verdict
from tests.checks.real import NOW


def status(said: object) -> Status:
    assert isinstance(said, Verdict)
    return said.status


@pytest.mark.parametrize(
    ("uid_0", "expected"), [(("root",), Status.PASS), (("root", "toor"), Status.FAIL), ((), Status.FAIL)]
)
def test_root_must_be_the_only_uid_0(uid_0: tuple[str, ...], expected: Status) -> None:
    assert status(accounts.only_root_is_uid_0(Accounts(3, 1, uid_0))) is expected


def test_one_empty_password_fails() -> None:
    assert status(accounts.no_empty_passwords(EmptyPasswords(30, 0))) is Status.PASS
    assert status(accounts.no_empty_passwords(EmptyPasswords(30, 1))) is Status.FAIL


def test_dormant_means_longer_ago_than_the_threshold() -> None:
    def said(age: float, **thresholds: int) -> Status:
        return status(
            accounts.no_dormant_accounts(LoginAccounts(1, (Use(NOW - timedelta(days=age)),)), NOW, **thresholds)
        )

    assert said(44) is Status.PASS
    assert said(46) is Status.FAIL
    assert said(46, days=90) is Status.PASS
    assert status(accounts.no_dormant_accounts(LoginAccounts(0), NOW)) is Status.PASS


def test_sudo_fails_without_password_or_pty_and_warns_without_logfile() -> None:
    assert status(accounts.sudo_is_guarded(Sudoers(use_pty=True, logged=True))) is Status.PASS
    assert status(accounts.sudo_is_guarded(Sudoers(use_pty=True))) is Status.WARN
    assert status(accounts.sudo_is_guarded(Sudoers(logged=True))) is Status.FAIL
    assert status(accounts.sudo_is_guarded(Sudoers(use_pty=True, logged=True, asks=False))) is Status.FAIL
    assert status(accounts.sudo_is_guarded(Sudoers(("deploy",), use_pty=True, logged=True))) is Status.FAIL


def test_postgres_may_have_the_shell_its_package_gives_it() -> None:
    assert (
        status(accounts.system_accounts_have_no_shell(Accounts(9, 1, ("root",), ("sync", "postgres")))) is Status.PASS
    )
    assert status(accounts.system_accounts_have_no_shell(Accounts(9, 1, ("root",), ("tomcat",)))) is Status.FAIL


@pytest.mark.parametrize(
    ("shell", "expected"),
    [
        (ShellTimeout(), Status.FAIL),
        (ShellTimeout((900,), fixed=True), Status.PASS),
        (ShellTimeout((900,)), Status.WARN),
        (ShellTimeout((0, 900), fixed=True), Status.FAIL),
        (ShellTimeout((3600,), fixed=True), Status.FAIL),
    ],
)
def test_shell_timeout(shell: ShellTimeout, expected: Status) -> None:
    assert status(accounts.shells_time_out(shell)) is expected
