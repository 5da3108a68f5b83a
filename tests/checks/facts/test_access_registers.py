from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from checks.fact import vantages
from checks.facts.access_registers import (
    RemoteAccessRegister,
    ServerRoomRegister,
    remote_access_register,
    server_room_register,
)
from checks.register import Registered, columns, read_csv, row_type
from checks.vantage import Vantage

WIB = ZoneInfo("Asia/Jakarta")


@pytest.mark.parametrize("kind", [RemoteAccessRegister, ServerRoomRegister])
def test_they_are_read_from_registers_alone(kind: type[Registered]) -> None:
    assert vantages(kind) == {Vantage.REGISTER}
    assert [one.name for one in columns(row_type(kind))][-4:]


def test_a_spreadsheet_of_permissions_is_read() -> None:
    text = "person,account,opens,closes,purpose\nBudi,budi,2026-11-21 09:00,2026-11-21 12:00,Tambal\n"
    rows = read_csv(row_type(RemoteAccessRegister), text, WIB)
    assert remote_access_register(RemoteAccessRegister(rows)).rows[0].account == "budi"  # type: ignore[arg-type]
    visits = read_csv(
        row_type(ServerRoomRegister), "person;opens;closes;purpose\nAndi;2026-11-20 08:00;2026-11-20 09:00;x\n", WIB
    )
    assert server_room_register(ServerRoomRegister(visits)).rows[0].escort == ""  # type: ignore[arg-type]
