from __future__ import annotations

from typing import get_args
from zoneinfo import ZoneInfo

from checks.facts.continuity_registers import BackupDuty, DataKind, Exercise, ExerciseKind, RecoverySite
from checks.facts.discovered import Data
from checks.register import read_csv

WIB = ZoneInfo("Asia/Jakarta")


def test_spreadsheets_of_the_three_registers_are_read() -> None:
    (duty,) = read_csv(BackupDuty, "kind,name,host,hours\nBasis data,epns_prod,lpse01,24\n", WIB)
    assert (duty.kind, duty.hours) == (DataKind.DATABASE, 24)
    (site,) = read_csv(RecoverySite, "name,host,replaces\nDRC Batam,drc01,lpse01\n", WIB)
    assert (site.host, site.hours) == ("drc01", None)
    (exercise,) = read_csv(Exercise, "held,kind,scenario\n05/06/2026,restore,Disk rusak\n", WIB)
    assert (exercise.kind, str(exercise.held)) == (ExerciseKind.RESTORE, "2026-06-05")


def test_what_servers_tell_of_data_is_called_as_in_the_register() -> None:
    assert {kind.value for kind in DataKind} - {"other"} == set(get_args(Data))
