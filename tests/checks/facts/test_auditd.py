from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.fact import Absent, Missing
from checks.facts.auditd import by_processes, by_systemd, configured, loaded
from checks.facts.processes import Process, ProcessTable
from checks.source import FileText
from tests.checks.real import real


def table(*names: str) -> ProcessTable:
    named = enumerate(names, 1)
    return ProcessTable(tuple(Process(pid, 0, name, "root", "", False, (), 0.0) for pid, name in named))


def test_rules_as_the_kernel_prints_them() -> None:
    seen = loaded(real("debian12/auditctl-l.txt"))

    assert seen.loaded
    assert seen.rules == 2
    assert seen.areas == ("sudoers", "time")


def test_no_rules_is_an_answer() -> None:
    assert loaded("No rules\n").rules == 0


def test_the_example_for_stig_covers_identity_network_and_time() -> None:
    rules = (FileText("/etc/audit/rules.d/30-stig.rules", real("debian12/30-stig.rules")),)
    seen = configured("", rules, ())

    assert not seen.loaded
    assert {"identity", "network", "time", "sudoers"} <= set(seen.areas)
    assert "modules" not in seen.areas


def test_debian_12_as_installed_has_no_rules() -> None:
    rules = (FileText("/etc/audit/rules.d/audit.rules", real("debian12/audit.rules")),)

    assert configured("", rules, ()).rules == 0


def test_a_rule_that_excludes_does_not_cover() -> None:
    assert loaded("-a never,exit -F arch=b64 -S adjtimex -F key=no\n").areas == ()


@pytest.mark.parametrize("text", ["", "Error - audit support not in kernel", "{}"])
def test_what_is_not_a_list_of_rules_is_missing(text: str) -> None:
    with pytest.raises(Missing):
        loaded(text)


def test_no_files_of_rules_is_absent() -> None:
    with pytest.raises(Absent):
        configured("", (), ())


def test_the_state_is_read_from_systemd_or_from_the_processes() -> None:
    assert by_systemd((), "active\n").running
    assert not by_systemd((), "inactive\n").running
    assert by_processes((), table("systemd", "auditd")).running
    assert not by_processes((), table("systemd")).running
    with pytest.raises(Missing):
        by_systemd((), "System has not been booted\n")
    with pytest.raises(Missing):
        by_processes((), ProcessTable(()))


@given(st.text())
def test_any_text_gives_a_fact_or_is_missing(text: str) -> None:
    with contextlib.suppress(Missing, Absent):
        loaded(f"-w {text}")


def test_rules_of_a_centos_7_watch_accounts_with_the_key_before_the_permissions() -> None:
    seen = configured(
        "local_events = yes\n", (FileText("/etc/audit/rules.d/audit.rules", real("el7/audit.rules")),), ()
    )

    assert (seen.rules, seen.areas, seen.loaded) == (7, ("identity", "network"), False)


def test_el_8_as_installed_audits_nothing() -> None:
    seen = configured(
        "local_events = yes\n", (FileText("/etc/audit/rules.d/audit.rules", real("el8/audit.rules")),), ()
    )

    assert (seen.rules, seen.areas) == (0, ())
