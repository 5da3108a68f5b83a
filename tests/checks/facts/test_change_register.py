from __future__ import annotations

import msgspec

from checks.fact import vantages
from checks.facts.change_register import ChangeCategory, ChangeKind, ChangeRegister, change_register
from checks.vantage import Vantage


def test_approved_changes_are_read_from_the_register_alone_as_they_were_entered() -> None:
    assert vantages(ChangeRegister) == {Vantage.REGISTER}
    assert change_register(ChangeRegister()) == ChangeRegister(())


OLD = (
    b'{"rows":[{"number":"CHG-1","what":"nginx","opens":"2026-11-01T13:00:00Z","closes":"2026-11-01T14:00:00Z",'
    b'"approved_by":"Kepala","note":""}]}'
)


def test_what_was_entered_before_the_form_had_all_its_columns_is_still_read() -> None:
    (row,) = msgspec.json.decode(OLD, type=ChangeRegister).rows
    assert (row.number, row.kind, row.category, row.impact, row.executor) == ("CHG-1", None, None, "", "")


def test_a_row_with_all_columns_comes_back_as_it_was() -> None:
    (row,) = msgspec.json.decode(OLD, type=ChangeRegister).rows
    full = msgspec.structs.replace(row, kind=ChangeKind.APPLICATION, category=ChangeCategory.EMERGENCY, impact="a")
    fact = ChangeRegister((full,))
    assert msgspec.json.decode(msgspec.json.encode(fact), type=ChangeRegister) == fact
