from __future__ import annotations

from checks.facts.privilege import ROOT_OUTSIDE, hidden_from


def test_only_who_is_not_root_is_told_to_become_root() -> None:
    assert "run as root" in hidden_from(root=False).en
    assert "sebagai root" in hidden_from(root=False).id
    assert "run as root" not in hidden_from(root=True).en
    assert "jalankan sebagai root" not in hidden_from(root=True).id


def test_who_does_not_know_speaks_of_root_outside_any_container() -> None:
    assert "outside any container" in ROOT_OUTSIDE.en
    assert "di luar kontainer" in ROOT_OUTSIDE.id
