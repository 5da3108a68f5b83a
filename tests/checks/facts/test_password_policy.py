from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.fact import Absent, Missing
from checks.facts.password_policy import PasswordPolicy, password_policy
from checks.source import FileText
from tests.checks.real import real

AUTH, PASSWORD = real("debian12/pam-common-auth"), real("debian12/pam-common-password")
QUALITY, FAILLOCK = real("debian12/pwquality.conf"), real("debian12/faillock.conf")


def debian(
    auth: str = AUTH, password: str = PASSWORD, quality: str = QUALITY, faillock: str = FAILLOCK
) -> PasswordPolicy:
    pam = (FileText("/etc/pam.d/common-auth", auth), FileText("/etc/pam.d/common-password", password))
    conf = (FileText("/etc/security/pwquality.conf", quality), FileText("/etc/security/faillock.conf", faillock))
    return password_policy(pam, conf, ())


def test_debian_12_with_pwquality_as_installed_asks_eight_characters_and_never_locks() -> None:
    assert debian() == PasswordPolicy(minimum_length=8, classes=0, remember=0, deny=0)


def test_el_9_as_installed_asks_eight_characters_and_never_locks() -> None:
    text = real("el9/pam-system-auth")
    pam = (FileText("/etc/pam.d/password-auth", text), FileText("/etc/pam.d/system-auth", text))

    assert password_policy(pam, (), ()) == PasswordPolicy(minimum_length=8)


def test_values_count_only_where_a_pam_line_uses_them() -> None:
    assert debian(faillock="deny = 5\n").deny == 0
    assert debian(auth="auth required pam_faillock.so preauth\n" + AUTH, faillock="deny = 5\n").deny == 5
    assert debian(password="password required pam_unix.so", quality="minlen = 14").minimum_length == 0
    assert debian(quality="minlen = 14\nminclass = 4\n").minimum_length == 14


def test_an_argument_of_the_line_wins_over_the_file() -> None:
    line = "password requisite pam_pwquality.so retry=3 minlen=10\npassword required pam_pwhistory.so remember=24"
    seen = debian(password=line, quality="minlen = 14\n")

    assert (seen.minimum_length, seen.remember) == (10, 24)


def test_the_weaker_of_two_stacks_counts() -> None:
    strong = "auth required pam_faillock.so preauth deny=5\npassword requisite pam_pwquality.so minlen=14\n"
    weak = "auth required pam_unix.so\npassword requisite pam_pwquality.so minlen=8\n"
    pam = (FileText("/etc/pam.d/password-auth", weak), FileText("/etc/pam.d/system-auth", strong))

    assert password_policy(pam, (), ()) == PasswordPolicy(minimum_length=8)


def test_credits_below_zero_are_classes_that_are_demanded() -> None:
    assert debian(quality="dcredit = -1\nucredit=-1\nlcredit = 1\n").classes == 2


def test_without_a_login_stack_it_is_missing() -> None:
    with pytest.raises(Missing):
        password_policy((), (), ())
    with pytest.raises(Missing):
        debian(auth="", password="")


@given(st.text(), st.text())
def test_any_text_gives_a_fact_or_is_missing(pam: str, conf: str) -> None:
    with contextlib.suppress(Missing, Absent):
        debian(auth=f"auth required pam_faillock.so {pam}", quality=conf, faillock=conf)
