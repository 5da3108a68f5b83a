from __future__ import annotations

from datetime import UTC, date

import pytest

from checks.facts.vm_snapshot_register import VmSnapshot, VmSnapshotRegister, vm_snapshot_register
from checks.register import RowError, cells, read_csv, read_row, write_csv

ROW = VmSnapshot("sebelum-upgrade", date(2026, 11, 20), "SPSE 4.5")


def test_a_snapshot_survives_its_form_and_its_csv_file() -> None:
    assert read_row(VmSnapshot, cells(ROW, UTC), UTC) == ROW
    assert read_csv(VmSnapshot, write_csv(VmSnapshot, [ROW], UTC), UTC) == (ROW,)


def test_a_snapshot_without_its_day_is_refused() -> None:
    with pytest.raises(RowError):
        read_row(VmSnapshot, {"name": "lama", "taken": "kemarin"}, UTC)


def test_the_register_is_what_people_entered() -> None:
    entered = VmSnapshotRegister((ROW,))
    assert vm_snapshot_register(entered) == entered
