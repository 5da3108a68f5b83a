from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given

from agent.hosts.local import LocalHost
from agent.survey import Survey
from checks.fact import Absent, Missing
from checks.facts.time_sources import BUILT_IN, TimeSources, time_sources
from checks.source import FileText
from tests.checks.facts.fuzzing import gives_or_says_why, mixed
from tests.checks.real import real
from tests.checks.trees import plant

CENTOS = tuple(f"server {number}.centos.pool.ntp.org" for number in range(4))


def sources(**files: str) -> tuple[str, ...]:
    return time_sources(tuple(FileText(path, text) for path, text in files.items())).items


@pytest.mark.parametrize(
    ("path", "text", "items"),
    [
        ("/etc/chrony/chrony.conf", "debian12/chrony.conf", ("chrony pool 2.debian.pool.ntp.org",)),
        ("/etc/chrony.conf", "el9/chrony.conf", ("chrony pool 2.rhel.pool.ntp.org", "chrony pool server.rhel.com")),
        ("/etc/chrony.conf", "el7/chrony.conf", tuple(f"chrony {line}" for line in CENTOS)),
        (
            "/etc/chrony/chrony.conf",
            "ubuntu2404/chrony.conf",
            (
                "chrony pool 0.ubuntu.pool.ntp.org",
                "chrony pool 1.ubuntu.pool.ntp.org",
                "chrony pool 2.ubuntu.pool.ntp.org",
                "chrony pool ntp.ubuntu.com",
            ),
        ),
        ("/etc/ntp.conf", "el7/ntp.conf", tuple(f"ntpd {line}" for line in CENTOS)),
        ("/etc/systemd/timesyncd.conf", "debian12/timesyncd.conf", (BUILT_IN,)),
    ],
)
def test_configurations_as_installed(path: str, text: str, items: tuple[str, ...]) -> None:
    assert sources(**{path: real(text)}) == items


def test_a_server_that_was_slipped_in_is_one_item_more() -> None:
    text = real("debian12/chrony.conf") + "server 203.0.113.9 iburst prefer\n"
    assert sources(**{"/etc/chrony/chrony.conf": text}) == (
        "chrony pool 2.debian.pool.ntp.org",
        "chrony server 203.0.113.9",
    )


def test_what_dhcp_handed_out_is_marked_and_nts_too() -> None:
    assert sources(
        **{
            "/run/chrony-dhcp/eth0.sources": "server 192.0.2.1 iburst\n",
            "/etc/chrony/sources.d/a.sources": "server time.example.go.id iburst nts\n",
        }
    ) == ("chrony server 192.0.2.1 (DHCP)", "chrony server time.example.go.id nts")


def test_timesyncd_names_what_it_is_told() -> None:
    text = real("debian12/timesyncd.conf").replace("#NTP=", "NTP=ntp.bmkg.go.id 10.0.0.1")
    assert sources(**{"/etc/systemd/timesyncd.conf": text}) == (
        "systemd-timesyncd NTP=10.0.0.1",
        "systemd-timesyncd NTP=ntp.bmkg.go.id",
    )


def test_a_clock_of_ones_own_is_a_source_too() -> None:
    assert sources(**{"/etc/chrony.conf": "refclock PHC /dev/ptp0 poll 2\n"}) == ("chrony refclock PHC /dev/ptp0",)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<html>502</html>",
        "include /opt/x.conf\nserver a\n",
        "confdir /opt/chrony\n",
        "sourcedir /etc/chrony/sources.d /x\n",
    ],
)
def test_what_says_nothing_or_leads_elsewhere_is_missing(text: str) -> None:
    with pytest.raises(Missing):
        sources(**{"/etc/chrony.conf": text})


def test_no_configuration_at_all_is_absence(tmp_path: Path) -> None:
    with pytest.raises(Absent):
        time_sources(())
    assert Survey(LocalHost(str(tmp_path))).outcome(TimeSources).absent
    plant(tmp_path, "/etc/ntpsec/ntp.conf", "tos maxclock 11\npool 0.debian.pool.ntp.org iburst # vendor zone\n")
    seen = Survey(LocalHost(str(tmp_path))).outcome(TimeSources).fact
    assert isinstance(seen, TimeSources)
    assert seen.items == ("ntpd pool 0.debian.pool.ntp.org",)


@given(mixed("server ", "pool a\n", "driftfile /x\n", "[Time]\n", "NTP=", "include ", "\n", "#"))
def test_any_text_gives_the_fact_or_says_why_not(text: str) -> None:
    for path in ("/etc/chrony.conf", "/etc/ntp.conf", "/etc/systemd/timesyncd.conf"):
        gives_or_says_why(time_sources, (FileText(path, text),))
