from __future__ import annotations

import pytest
from hypothesis import given

from checks.fact import Missing
from checks.facts.core_dumps import CoreDumps, core_dumps
from checks.source import FileStat, FileText
from tests.checks.facts.fuzzing import gives_or_says_why, mixed
from tests.checks.facts.here import read
from tests.checks.real import real

ROOT = (FileStat("/", "directory", 0o755, 0, 0, 1, 0.0),)
HANDLER = (*ROOT, FileStat("/usr/lib/systemd/systemd-coredump", "file", 0o755, 0, 0, 1, 0.0))


def of(
    limits: str = "", suid: str = "0\n", *, installed: bool = False, coredump: str = "", drop_in: str = ""
) -> CoreDumps:
    return core_dumps.parse(
        suid, HANDLER if installed else ROOT, (FileText("/etc/security/limits.conf", limits),), (),
        (FileText("/etc/systemd/coredump.conf", coredump),), (), (FileText("/etc/systemd/coredump.conf.d/60.conf", drop_in),),
    )  # fmt: skip


def test_only_a_hard_limit_for_everybody_counts() -> None:
    assert of("* hard core 0\n").hard_limit == "0"
    assert of("*\t-\tcore\t0 # all\n").hard_limit == "0"
    assert of("#* hard core 0\n* soft core 0\nroot hard core 0\n").hard_limit == ""
    assert of("* hard core 0\n* hard core unlimited\n").hard_limit == "unlimited"


def test_systemd_coredump_keeps_dumps_unless_it_is_told_otherwise() -> None:
    assert of().storage == ""
    assert of(installed=True, coredump="[Coredump]\n#Storage=none\n").storage == "external"
    assert of(installed=True, coredump="Storage=external\n", drop_in="Storage=none\n").storage == "none"


def test_this_machine_is_read() -> None:
    assert read(CoreDumps).suid_dumpable in {0, 1, 2}


def test_another_text_is_missing() -> None:
    with pytest.raises(Missing):
        of(suid="<html>")


@given(mixed("* hard core ", "0", "\n", "Storage="), mixed("0", "\n"))
def test_any_text_gives_a_fact_or_a_reason(text: str, suid: str) -> None:
    file = (FileText("/x", text),)
    gives_or_says_why(core_dumps, suid, HANDLER, file, file, file, file, file)


def test_systems_as_installed_set_no_hard_limit_and_keep_dumps() -> None:
    assert of(real("el8/limits.conf"), "2\n", installed=True, coredump=real("el8/coredump.conf")) == CoreDumps(
        2, "", "external"
    )


def test_limits_of_other_things_than_core_files_say_nothing_of_them() -> None:
    assert of(real("ubuntu2404/limits.conf")).hard_limit == ""
