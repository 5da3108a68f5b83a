from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis.strategies import text

from checks.fact import Absent, After, Missing
from checks.facts.backup_volume import BackupVolume, backup_volume
from checks.facts.backups import Backups, Guard

DF = "1B-blocks        Avail\n270553174016 82181033984\n"  # df of coreutils 9.1, Debian 12


def test_the_file_system_and_the_dump_are_measured() -> None:
    assert backup_volume(DF, "4600305\n") == BackupVolume(270553174016, 82181033984, 4600305)


@pytest.mark.parametrize(("df", "size"), [("", "1\n"), (DF, ""), (DF + DF, "1\n"), (DF, "-1")])
def test_half_an_answer_is_missing(df: str, size: str) -> None:
    with pytest.raises(Missing):
        backup_volume(df, size)


def test_no_dump_is_absent() -> None:
    source = backup_volume.sources[0]
    assert isinstance(source, After)
    with pytest.raises(Absent):
        source.make(Backups((), Guard(0, 0, 0, 0, 0, 0), mirror=True))


@given(text(), text())
def test_no_text_breaks_it(df: str, size: str) -> None:
    with suppress(Missing):
        backup_volume(df, size)
