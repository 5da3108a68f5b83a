from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import msgspec
import pytest

from checks.fact import target_of, vantages
from checks.facts.ticket_register import Priority, Ticket, TicketRegister, TicketType, YesNo, ticket_register
from checks.register import RowError, read_csv, row_type, write_csv
from checks.target import Target
from checks.vantage import Vantage

WIB = ZoneInfo("Asia/Jakarta")
FORM = (
    "number;reporter;type;priority;opened;about;codes;officer;target;closed;solution;confirmed;escalated\n"
    "G-7;Dinas PU;gangguan;tinggi;2026-11-21 09:00;https://LPSE.kota.go.id/eproc4/, db1;l-avl-01 G-DSK-01, dll;Sari;"
    "2026-11-21 17:00;;;ya;\n"
    "PL-8;CV Maju;Permintaan layanan;rendah;21/11/2026 10.00;;;;;22/11/2026 10.00;Akun dibuat;ya;tidak\n"
)


def test_it_is_a_register_about_a_provider() -> None:
    assert vantages(TicketRegister) == {Vantage.REGISTER}
    assert target_of(TicketRegister) is Target.PROVIDER
    assert row_type(TicketRegister) is Ticket
    assert TicketRegister.title.id == "Register tiket"


def test_a_spreadsheet_of_the_form_is_read() -> None:
    first, second = read_csv(Ticket, FORM, WIB)
    assert (first.type, first.priority, first.confirmed, first.escalated) == (
        TicketType.DISTURBANCE, Priority.HIGH, YesNo.YES, None,
    )  # fmt: skip
    assert first.opened == datetime(2026, 11, 21, 2, tzinfo=UTC)
    assert first.names == {"lpse.kota.go.id/eproc4", "db1"}
    assert first.checks == {"L-AVL-01", "G-DSK-01"}
    assert first.closed is None
    assert second.type is TicketType.REQUEST
    assert second.closed == datetime(2026, 11, 22, 3, tzinfo=UTC)
    assert second.names == second.checks == frozenset()


def test_it_comes_back_from_csv_and_from_json() -> None:
    register = ticket_register(TicketRegister(read_csv(Ticket, FORM, WIB)))
    assert read_csv(Ticket, write_csv(Ticket, register.rows, WIB), WIB) == register.rows
    assert msgspec.json.decode(msgspec.json.encode(register), type=TicketRegister) == register


@pytest.mark.parametrize(
    ("wrong", "told"),
    [("keluhan", "Type: 'keluhan' is none of gangguan, masalah, permintaan"), ("", "Type: is needed")],
)
def test_a_type_that_the_form_does_not_have_is_refused(wrong: str, told: str) -> None:
    with pytest.raises(RowError, match=told):
        read_csv(Ticket, FORM.replace("gangguan", wrong), WIB)
