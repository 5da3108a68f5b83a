from __future__ import annotations

import msgspec
import pytest

from checks.check import Check
from checks.facts.sshd import configured, effective
from checks.security import logins, ssh
from checks.text import words
from checks.verdict import Status, Verdict
from tests.checks.facts.test_sshd import UNSEEN
from tests.checks.real import real

BY_CODE = {check.code: check for check in ssh.OPTIONS}


def said(check: Check, config: str, **thresholds: int) -> Verdict:
    verdict = check(configured(config, ()), **thresholds)
    assert isinstance(verdict, Verdict)
    return verdict


@pytest.mark.parametrize(
    ("line", "status"),
    [
        ("PermitRootLogin no", Status.PASS),
        ("PermitRootLogin yes", Status.FAIL),
        ("PermitRootLogin prohibit-password", Status.FAIL),
        ("# PermitRootLogin no", Status.FAIL),
        ("PermitRootLogin no\nMatch User deploy\nPermitRootLogin yes", Status.FAIL),
    ],
)
def test_root_login_passes_only_when_it_is_off_everywhere(line: str, status: Status) -> None:
    assert said(BY_CODE["K-SSH-01"], f"UsePAM yes\n{line}").status is status


def test_a_login_by_key_only_has_both_other_ways_closed() -> None:
    assert said(ssh.always_a_key, "PasswordAuthentication no").status is Status.FAIL
    closed = "PasswordAuthentication no\nKbdInteractiveAuthentication no"
    assert said(ssh.always_a_key, closed).status is Status.PASS


KEY_AND_CODE = "PasswordAuthentication no\nKbdInteractiveAuthentication yes\nAuthenticationMethods "


@pytest.mark.parametrize(
    ("methods", "status"),
    [
        ("publickey,keyboard-interactive", Status.PASS),
        ("publickey,keyboard-interactive:pam", Status.PASS),
        ("keyboard-interactive:pam,publickey", Status.PASS),
        ("publickey,password publickey,keyboard-interactive", Status.PASS),
        ("publickey", Status.PASS),
        ("publickey,keyboard-interactive keyboard-interactive", Status.FAIL),
        ("password,keyboard-interactive", Status.FAIL),
        ("keyboard-interactive", Status.FAIL),
        ("any", Status.FAIL),
        ("publickey,keyboard-interactive\nMatch User budi\nAuthenticationMethods any", Status.FAIL),
        ("publickey,keyboard-interactive\nMatch User budi\nAuthenticationMethods password", Status.FAIL),
        ("publickey,keyboard-interactive\nMatch User budi\nAuthenticationMethods publickey", Status.PASS),
        ("publickey,keyboard-interactive\nMatch User budi\nPasswordAuthentication yes", Status.PASS),
        ("any\nMatch User budi\nAuthenticationMethods publickey,keyboard-interactive", Status.FAIL),
    ],
)
def test_a_password_or_a_code_may_be_asked_beside_a_key_and_never_in_its_place(methods: str, status: Status) -> None:
    assert said(ssh.always_a_key, KEY_AND_CODE + methods).status is status


def test_where_no_way_asks_for_a_password_methods_do_not_matter() -> None:
    closed = "PasswordAuthentication no\nKbdInteractiveAuthentication no\nMatch User budi\nAuthenticationMethods any"
    assert said(ssh.always_a_key, closed).status is Status.PASS


def test_a_key_and_a_code_together_pass_as_a_key_and_as_two_factors() -> None:
    printed = real("debian12/sshd-T-key-and-code.txt")
    sshd = effective(printed, "AuthenticationMethods publickey,keyboard-interactive:pam", (), *UNSEEN)
    assert sshd.option("kbdinteractiveauthentication") == "yes"
    for verdict in (ssh.always_a_key(sshd), logins.second_factor(sshd, None)):
        assert isinstance(verdict, Verdict)
        assert verdict.status is Status.PASS


def test_policy_may_tighten_the_number_of_attempts() -> None:
    assert said(ssh.max_auth_tries, "MaxAuthTries 4").status is Status.PASS
    assert said(ssh.max_auth_tries, "MaxAuthTries 4", maximum=3).status is Status.FAIL


def test_a_server_that_stands_still_is_judged_and_the_result_says_so() -> None:
    idle = msgspec.structs.replace(configured("PermitRootLogin yes", ()), idle=True)
    for check in (BY_CODE["K-SSH-01"], ssh.always_a_key, ssh.max_auth_tries):
        verdict = check(idle)
        assert isinstance(verdict, Verdict)
        assert verdict.status is Status.FAIL
        assert "sshd sedang tidak berjalan, tetapi dimulai saat boot" in words(verdict.measured, "id")
