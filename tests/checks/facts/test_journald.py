from __future__ import annotations

import pytest

from checks.fact import Absent, Missing
from checks.facts.journald import Journald, journald
from checks.source import FileStat, FileText
from tests.checks.real import real

PROGRAM = FileStat("/lib/systemd/systemd-journald", "file", 0o755, 0, 0, 1, 0.0)
FOLDER = FileStat("/var/log/journal", "directory", 0o2755, 0, 0, 0, 0.0)
MAIN = (FileText("/etc/systemd/journald.conf", real("debian12/journald.conf")),)


def drop_in(text: str, path: str = "/etc/systemd/journald.conf.d/50-site.conf") -> tuple[FileText, ...]:
    return (FileText(path, text),)


def test_debian_12_keeps_the_journal_only_if_its_folder_exists() -> None:
    assert journald(MAIN, (), (), (PROGRAM, FOLDER)).persistent
    assert not journald(MAIN, (), (), (PROGRAM,)).persistent
    assert journald(MAIN, (), (), (PROGRAM,)) == Journald("auto", directory=False)


def test_the_last_drop_in_wins() -> None:
    vendor = drop_in("[Journal]\nStorage=volatile\n", "/usr/lib/systemd/journald.conf.d/20-vendor.conf")

    assert not journald(MAIN, vendor, (), (PROGRAM, FOLDER)).persistent
    assert journald(MAIN, vendor, drop_in("[Journal]\nStorage=persistent\n"), (PROGRAM,)).persistent


def test_a_value_that_journald_does_not_know_is_missing() -> None:
    with pytest.raises(Missing):
        journald((), (), drop_in("Storage=disk"), (PROGRAM,))


def test_without_its_program_journald_is_absent() -> None:
    with pytest.raises(Absent):
        journald((), (), (), (FOLDER,))


@pytest.mark.parametrize("system", ["el8", "ubuntu2204", "ubuntu2404"])
def test_other_systems_keep_the_journal_only_if_its_folder_exists(system: str) -> None:
    main = (FileText("/etc/systemd/journald.conf", real(f"{system}/journald.conf")),)

    assert journald(main, (), (), (PROGRAM, FOLDER)) == Journald("auto", directory=True)
    assert not journald(main, (), (), (PROGRAM,)).persistent
