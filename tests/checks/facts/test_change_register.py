from __future__ import annotations

from checks.fact import vantages
from checks.facts.change_register import ChangeRegister, change_register
from checks.vantage import Vantage


def test_approved_changes_are_read_from_the_register_alone_as_they_were_entered() -> None:
    assert vantages(ChangeRegister) == {Vantage.REGISTER}
    assert change_register(ChangeRegister()) == ChangeRegister(())
