from __future__ import annotations

import pytest
from hypothesis import given

from checks.fact import Missing
from checks.facts.services import services
from tests.checks.facts.fuzzing import gives_or_says_why, mixed
from tests.checks.real import real

UNITS = real("debian12/systemctl-list-units.txt")
FILES = real("debian12/systemctl-list-unit-files.txt")


def test_a_booted_debian_12_says_what_runs_and_what_starts() -> None:
    found = services(UNITS, FILES)

    assert found.active("ssh")
    assert found.enabled("ssh.service")
    assert found.active("rpcbind.socket")
    assert found.failed() == ("fail2ban.service",)
    assert not found.active("chrony")
    assert found.enabled("chrony")
    assert not found.active("nonsense")


def test_units_that_nobody_touched_are_left_out() -> None:
    found = services(UNITS, FILES)

    assert "emergency.service" not in found.units
    assert "auditd.service" not in found.units
    assert len(found.units) < 70


def test_old_systemd_marks_failed_units_and_instances_belong_to_their_template() -> None:
    loaded = (
        "● kdump.service loaded failed failed Crash recovery kernel arming\n"
        "postgresql@15-main.service loaded active running PostgreSQL Cluster 15-main\n"
    )
    found = services(loaded, "kdump.service enabled\npostgresql@.service indirect\n")

    assert found.failed() == ("kdump.service",)
    assert found.units["postgresql@15-main.service"].enabled == "indirect"


def test_a_description_of_several_lines_neither_hides_the_list_nor_adds_to_it() -> None:
    """As systemd 252 prints a unit of `systemd-run python3 -c 'import socket<newline>...'`: below itself, columns left empty."""
    loaded = (
        "slow-visitors.service loaded active running /usr/bin/python3 -c import socket\n"
        f"{'':45}ssh.service loaded active running no unit but a description\n"
        "cron.service          loaded active running Regular background program processing daemon\n"
    )
    found = services(loaded, "cron.service enabled\n")

    assert found.active("cron")
    assert not found.active("ssh")


@pytest.mark.parametrize(
    ("loaded", "files"), [("", ""), (UNITS, ""), ("", FILES), ("garbage\n", FILES), (UNITS, "garbage\n")]
)
def test_lists_that_say_nothing_are_missing(loaded: str, files: str) -> None:
    with pytest.raises(Missing):
        services(loaded, files)


@given(mixed("ssh.service ", "loaded ", "active ", "running ", "enabled", "\n", "● "))
def test_any_text_gives_the_fact_or_says_why_not(text: str) -> None:
    gives_or_says_why(services, text, text)
    gives_or_says_why(services, text, FILES)


def test_a_centos_7_marks_what_is_missing_with_a_dot() -> None:
    found = services(real("el7/systemctl-list-units.txt"), real("el7/systemctl-list-unit-files.txt"))

    assert found.active("sshd")
    assert found.enabled("sshd")
    assert found.active("auditd.service")
    assert not found.active("iptables")  # "not-found"
    assert found.failed() == ()


def test_an_ubuntu_20_04_marks_what_failed_with_a_star_and_tells_presets() -> None:
    found = services(real("ubuntu2004/systemctl-list-units.txt"), real("ubuntu2004/systemctl-list-unit-files.txt"))

    assert found.failed() == ("multipathd.socket", "openipmi.service", "systemd-remount-fs.service")
    assert found.enabled("ssh")
    assert found.enabled("unattended-upgrades")
