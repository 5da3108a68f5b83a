from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.fact import Absent, Missing
from checks.facts.accounts import accounts, empty_passwords
from tests.checks.real import real

PASSWD, SHADOW = real("debian12/passwd"), real("debian12/shadow")


def test_debian_12_has_one_root_and_one_person() -> None:
    seen = accounts(PASSWD)

    assert seen.uid_0 == ("root",)
    assert seen.people == 1
    assert "sync" in seen.system_with_shell
    assert "daemon" not in seen.system_with_shell


def test_a_second_account_with_uid_0_is_named() -> None:
    assert accounts(PASSWD + "toor:x:0:0::/root:/bin/bash\n").uid_0 == ("root", "toor")


def test_empty_passwords_are_counted_in_shadow_and_in_passwd() -> None:
    assert empty_passwords(PASSWD, SHADOW).empty == 0
    assert empty_passwords(PASSWD, SHADOW + "budi::19000:0:99999:7:::\n").empty == 1
    assert empty_passwords(PASSWD + "siti::1005:1005::/home/siti:/bin/bash\n", SHADOW).empty == 1


def test_no_hash_and_no_name_stands_in_the_fact_of_passwords() -> None:
    assert "andi" not in repr(empty_passwords(PASSWD, SHADOW))
    assert "removed" not in repr(empty_passwords(PASSWD, SHADOW))


@pytest.mark.parametrize("text", ["", "\n", "<html>", "root:x:zero:0::/:/bin/sh", "a:b"])
def test_what_is_not_a_list_of_accounts_is_missing(text: str) -> None:
    with pytest.raises(Missing):
        accounts(text)
    with pytest.raises(Missing):
        empty_passwords(PASSWD, text)


@given(st.text(), st.text())
def test_any_text_gives_a_fact_or_is_missing(passwd: str, shadow: str) -> None:
    for parse in (lambda: accounts(passwd), lambda: empty_passwords(passwd, shadow)):
        with contextlib.suppress(Missing, Absent):
            parse()
