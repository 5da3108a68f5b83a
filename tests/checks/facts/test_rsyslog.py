from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.fact import Absent, Missing
from checks.facts.rsyslog import log_services, rsyslog, syslog_ng
from checks.source import FileText
from tests.checks.facts.test_auditd import table
from tests.checks.real import real

DEBIAN = real("debian12/rsyslog.conf")


def site(text: str) -> tuple[FileText, ...]:
    return (FileText("/etc/rsyslog.d/50-site.conf", text),)


def test_debian_12_as_installed_sends_nothing_away() -> None:
    assert rsyslog(DEBIAN, ()).targets == 0


@pytest.mark.parametrize(
    "line",
    [
        "*.* @@10.1.2.3:514",
        "*.* @log.example.go.id",
        "authpriv.* @(z9)[2001:db8::1]:514",
        '*.* action(type="omfwd" target="10.1.2.3" port="514" protocol="tcp")',
        'action(\n  type="omfwd"\n  Target="log.example.go.id"\n)',
        'action(type="omrelp" target="10.1.2.3" port="2514")',
    ],
)
def test_each_way_to_forward_is_understood(line: str) -> None:
    assert rsyslog(DEBIAN, site(line)).targets == 1


@pytest.mark.parametrize("line", ["# *.* @@10.1.2.3", "*.* @127.0.0.1", "*.* @@localhost:514", "*.* /var/log/a@b"])
def test_comments_and_loopback_do_not_count(line: str) -> None:
    assert rsyslog(DEBIAN, site(line)).targets == 0


def test_syslog_ng_destinations_count_and_its_sources_do_not() -> None:
    text = 'source s { network("0.0.0.0"); };\ndestination d { network("10.1.2.3" port(514)); };\n'

    assert syslog_ng(text, ()).targets == 1


def test_an_empty_file_is_missing() -> None:
    with pytest.raises(Missing):
        rsyslog("", ())


def test_services_are_known_by_the_names_the_kernel_keeps() -> None:
    seen = log_services(table("systemd", "systemd-journal", "rsyslogd", "filebeat", "systemd-journal-upload"))

    assert seen.journald
    assert seen.syslog
    assert seen.shippers == ("systemd-journal-upload", "filebeat")


def test_a_daemon_is_not_taken_for_another_with_the_same_beginning() -> None:
    for name in ("systemd-journald", "systemd-journal"):
        seen = log_services(table("systemd", name))

        assert seen.journald
        assert seen.shippers == ()


def test_hidden_processes_are_missing() -> None:
    with pytest.raises(Missing):
        log_services(table())


@given(st.text())
def test_any_text_gives_a_fact_or_is_missing(text: str) -> None:
    with contextlib.suppress(Missing, Absent):
        rsyslog(text, site(text))
    with contextlib.suppress(Missing, Absent):
        syslog_ng(text, ())


@pytest.mark.parametrize(
    ("main", "drop_ins"),
    [("el7/rsyslog.conf", ()), ("ubuntu2204/rsyslog.conf", ("ubuntu2204/rsyslog.d-50-default.conf",))],
)
def test_other_systems_as_installed_send_nothing_away_either(main: str, drop_ins: tuple[str, ...]) -> None:
    more = tuple(FileText(f"/etc/rsyslog.d/{number}.conf", real(name)) for number, name in enumerate(drop_ins))

    assert rsyslog(real(main), more).targets == 0


def test_the_example_that_centos_7_ships_counts_once_it_is_no_comment() -> None:
    text = real("el7/rsyslog.conf")
    assert "#*.* @@remote-host:514" in text

    assert rsyslog(text.replace("#*.* @@remote-host:514", "*.* @@remote-host:514"), ()).targets == 1
