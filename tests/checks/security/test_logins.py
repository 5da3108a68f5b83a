from __future__ import annotations

import pytest

from checks.facts.failed_logins import Attempts, FailedLogins
from checks.facts.second_factor import PamSecondFactor
from checks.facts.sshd import Sshd
from checks.security import logins
from checks.verdict import Status, Verdict


def status(said: object) -> Status:
    assert isinstance(said, Verdict)
    return said.status


@pytest.mark.parametrize(
    ("attempts", "expected"),
    [
        ((), Status.PASS),
        ((Attempts("203.0.113.9", 5),), Status.PASS),
        ((Attempts("203.0.113.9", 15),), Status.WARN),
        ((Attempts("203.0.113.9", 21),), Status.FAIL),
        ((Attempts("203.0.113.9", 12, 11),), Status.FAIL),
        ((Attempts("203.0.113.9", 3, 3),), Status.PASS),
    ],
)
def test_many_failures_and_a_success_after_failures(attempts: tuple[Attempts, ...], expected: Status) -> None:
    total = sum(attempt.failures for attempt in attempts)

    assert status(logins.failed_logins(FailedLogins(600, total, len(attempts), attempts))) is expected


@pytest.mark.parametrize(
    ("methods", "expected"),
    [
        ("any", Status.FAIL),
        ("publickey", Status.FAIL),
        ("publickey,keyboard-interactive", Status.PASS),
        ("publickey,keyboard-interactive:pam publickey,password", Status.PASS),
        ("publickey,keyboard-interactive publickey", Status.FAIL),
        ("publickey,publickey", Status.FAIL),
    ],
)
def test_every_way_to_log_in_needs_two_factors(methods: str, expected: Status) -> None:
    assert status(logins.second_factor(Sshd({"authenticationmethods": methods}, True), None)) is expected


def test_a_code_asked_by_pam_counts_only_if_keys_cannot_pass_it_by() -> None:
    otp = PamSecondFactor(("pam_google_authenticator.so",))
    both = {"usepam": "yes", "pubkeyauthentication": "yes"}

    assert status(logins.second_factor(Sshd(both, True), otp)) is Status.FAIL
    assert status(logins.second_factor(Sshd(both | {"pubkeyauthentication": "no"}, True), otp)) is Status.PASS
    assert (
        status(logins.second_factor(Sshd(both | {"pubkeyauthentication": "no"}, True), PamSecondFactor()))
        is Status.FAIL
    )


def test_an_exception_for_some_users_breaks_the_second_factor() -> None:
    sshd = Sshd(
        {"authenticationmethods": "publickey,keyboard-interactive"}, True, matched=("authenticationmethods publickey",)
    )

    assert status(logins.second_factor(sshd, None)) is Status.FAIL


def test_logins_are_judged_only_against_a_list() -> None:
    login = FailedLogins(600, 0, 0, accepted=("10.1.2.3", "2001:db8::1"))

    assert status(logins.logins_from_listed_addresses(FailedLogins(600, 0, 0))) is Status.NOT_APPLICABLE
    assert status(logins.logins_from_listed_addresses(login)) is Status.UNKNOWN
    assert status(logins.logins_from_listed_addresses(login, networks=("10.0.0.0/8", "2001:db8::/32"))) is Status.PASS
    assert status(logins.logins_from_listed_addresses(login, networks=("10.0.0.0/8",))) is Status.FAIL
