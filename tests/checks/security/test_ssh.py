from __future__ import annotations

import msgspec
import pytest

from checks.check import Check
from checks.facts.sshd import configured
from checks.security import ssh
from checks.text import words
from checks.verdict import Status, Verdict

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


def test_keys_only_wants_both_ways_closed() -> None:
    assert said(ssh.keys_only, "PasswordAuthentication no").status is Status.FAIL
    closed = "PasswordAuthentication no\nKbdInteractiveAuthentication no"
    assert said(ssh.keys_only, closed).status is Status.PASS


def test_policy_may_tighten_the_number_of_attempts() -> None:
    assert said(ssh.max_auth_tries, "MaxAuthTries 4").status is Status.PASS
    assert said(ssh.max_auth_tries, "MaxAuthTries 4", maximum=3).status is Status.FAIL


def test_a_server_that_stands_still_is_judged_and_the_result_says_so() -> None:
    idle = msgspec.structs.replace(configured("PermitRootLogin yes", ()), idle=True)
    for check in (BY_CODE["K-SSH-01"], ssh.keys_only, ssh.max_auth_tries):
        verdict = check(idle)
        assert isinstance(verdict, Verdict)
        assert verdict.status is Status.FAIL
        assert "sshd sedang tidak berjalan, tetapi dimulai saat boot" in words(verdict.measured, "id")
