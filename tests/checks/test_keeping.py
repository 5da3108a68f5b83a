from __future__ import annotations

import pytest

from checks.facts.compliance_registers import SlaRegister
from checks.keeping import anywhere, empty, same_host, some, unkept
from checks.text import Text, words
from checks.verdict import Status


def test_a_register_that_nobody_keeps_is_undetermined_and_says_where_to_keep_it() -> None:
    said = unkept(SlaRegister)
    assert said.status is Status.UNKNOWN
    assert words(said.measured, "id") == (
        "Register SLA dengan LKPP belum diisi di konsol; isi atau impor CSV di halaman penyedia"
    )


def test_a_register_that_is_kept_and_empty_fails() -> None:
    assert empty(SlaRegister, "x").status is Status.FAIL


def test_five_are_named_and_the_rest_is_counted() -> None:
    assert some([Text(f"satu {n}", f"one {n}") for n in range(7)]) == Text(
        "satu 0; satu 1; satu 2; satu 3; satu 4; … (+2)", "one 0; one 1; one 2; one 3; one 4; … (+2)"
    )
    assert some(["a", "b"]) == Text("a; b", "a; b")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("lpse01", "LPSE01", True),
        ("lpse01", "lpse01.kota.go.id", True),
        ("lpse01.kota.go.id.", "lpse01.kota.go.id", True),
        (" lpse01 ", "lpse01", True),
        ("lpse01.kota.go.id", "lpse01.kab.go.id", False),
        ("lpse01", "lpse02", False),
        ("lpse0", "lpse01", False),
        ("", "", False),
        ("", "lpse01", False),
        (".", ".kota.go.id", False),
    ],
)
def test_a_name_without_a_domain_is_that_of_any_domain(one: str, other: str, same: bool) -> None:
    assert same_host(one, other) is same
    assert same_host(other, one) is same


def test_a_star_or_nothing_means_every_server() -> None:
    assert anywhere("*")
    assert anywhere(" ")
    assert not anywhere("lpse01")
