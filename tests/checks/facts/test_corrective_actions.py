from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import msgspec
import pytest

from checks.fact import target_of, vantages
from checks.facts.corrective_actions import CorrectiveAction, CorrectiveActions, Progress, corrective_actions
from checks.register import RowError, read_csv
from checks.target import Target
from checks.vantage import Vantage

WIB = ZoneInfo("Asia/Jakarta")
TABLE = (
    "standard,number,description,target,pic,status,acted,approved_by\n"
    "k,T-1,Port 9090 terbuka,30/11/2026,Budi,Proses,,\n"
    "l,T-2,Cadangan tidak diuji,2026-10-31,Sari,sudah,2026-10-20,Penilai\n"
)


def test_the_table_of_form_17_is_read() -> None:
    first, second = read_csv(CorrectiveAction, TABLE, WIB)
    assert (first.target, first.status, first.acted) == (date(2026, 11, 30), Progress.UNDER_WAY, None)
    assert (second.status, second.acted, second.approved_by) == (Progress.DONE, date(2026, 10, 20), "Penilai")
    register = corrective_actions(CorrectiveActions((first, second)))
    assert msgspec.json.decode(msgspec.json.encode(register), type=CorrectiveActions) == register
    assert (vantages(CorrectiveActions), target_of(CorrectiveActions)) == ({Vantage.REGISTER}, Target.PROVIDER)


def test_a_status_outside_the_form_is_refused() -> None:
    with pytest.raises(RowError, match="none of belum, proses, sudah"):
        read_csv(CorrectiveAction, TABLE.replace("Proses", "selesai"), WIB)
