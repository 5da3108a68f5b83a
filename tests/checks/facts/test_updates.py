from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given

from checks.fact import Missing
from checks.facts.updates import apt, dnf
from checks.source import FileStat
from tests.checks.facts.fuzzing import gives_or_says_why, mixed
from tests.checks.real import real

LISTS = (
    FileStat("/var/lib/apt/lists/mirror.example.id_debian_dists_bookworm_InRelease", "file", 0o644, 0, 0, 1, 1000.0),
    FileStat("/var/lib/apt/lists/mirror.example.id_debian-security_InRelease", "file", 0o644, 0, 0, 1, 2000.0),
)
NOTHING = "Calculating upgrade...\n0 upgraded, 0 newly installed, 0 to remove and 0 not upgraded.\n"


def test_debian_counts_updates_from_the_security_archive() -> None:
    found = apt(LISTS, real("debian12/apt-simulate.txt"))

    assert (found.security, found.others) == (67, 46)
    assert found.urgent is None
    assert len(found.names) == 10
    assert "ca-certificates" in found.names


def test_the_list_of_the_security_archive_says_how_fresh_they_are() -> None:
    assert apt(LISTS, NOTHING).lists_at == 2000.0


def test_a_host_that_knows_no_security_archive_is_missing_not_up_to_date() -> None:
    with pytest.raises(Missing, match="security archive"):
        apt(LISTS[:1], NOTHING)


def test_ubuntu_names_its_security_pocket_otherwise() -> None:
    text = (
        "Inst libc6 [2.35-0ubuntu3.1] (2.35-0ubuntu3.8 Ubuntu:22.04/jammy-updates, Ubuntu:22.04/jammy-security [amd64]) []\n"
        "Inst apport [2.20.11-0ubuntu82] (2.20.11-0ubuntu82.6 Ubuntu:22.04/jammy-updates [all])\n"
        "2 upgraded, 0 newly installed, 0 to remove and 0 not upgraded.\n"
    )

    assert (apt(LISTS, text).security, apt(LISTS, text).others) == (1, 1)


def test_a_new_package_that_an_upgrade_needs_is_no_waiting_update() -> None:
    text = (
        "Inst libjbig0 (2.1-3.1ubuntu0.20.04.1 Ubuntu:20.04/focal-security [amd64])\n0 upgraded, 1 newly installed, 0\n"
    )

    assert apt(LISTS, text).security == 0


@pytest.mark.parametrize("text", ["", "E: Could not open lock file\n", "Inst x\n1 upgraded, 0 newly installed, 0 to\n"])
def test_apt_that_said_nothing_sensible_is_missing(text: str) -> None:
    with pytest.raises(Missing):
        apt(LISTS, text)


def test_dnf_rates_and_dates_its_advisories() -> None:
    found = dnf(LISTS, LISTS, real("debian12/dnf-updateinfo.txt"))

    assert (found.security, found.urgent) == (2, 1)
    assert found.names == ("openssl", "curl")
    assert found.oldest == datetime(2024, 1, 22, tzinfo=UTC)


def test_dnf_with_nothing_to_do_says_so_by_the_cache_it_used() -> None:
    assert dnf(LISTS, LISTS, real("debian12/dnf-updateinfo-none.txt")).security == 0


def test_dnf_without_a_cache_is_missing_although_it_ends_well() -> None:
    with pytest.raises(Missing, match="cached metadata"):
        dnf(LISTS, LISTS, "DNF version: 4.14.0\ncachedir: /var/cache/dnf\n")


@given(mixed("Inst ", "a ", "[1] ", "(2 Debian-Security:12/s [all])", "\n", "1 upgraded, 0 newly installed, "))
def test_any_answer_of_apt_gives_the_fact_or_says_why_not(text: str) -> None:
    gives_or_says_why(apt, LISTS, text)


@given(
    mixed("Last metadata expiration check: ", "\n", "RHSA-1 ", "Low/Sec. ", "a-1-2.el9.x86_64", " 2024-01-32 99:00:00")
)
def test_any_answer_of_dnf_gives_the_fact_or_says_why_not(text: str) -> None:
    gives_or_says_why(dnf, LISTS, LISTS, text)


def test_rhel_9_counts_a_package_once_however_many_advisories_it_has() -> None:
    found = dnf(LISTS, LISTS, real("el9/dnf-updateinfo.txt"))

    assert (found.security, found.urgent) == (10, 2)
    assert found.names[:3] == ("kernel", "kernel-core", "curl")
    assert "dhcp-client" in found.names
    assert found.oldest is None


def test_rhel_7_printed_the_same_lines() -> None:
    found = dnf(LISTS, LISTS, "Last metadata expiration check: x\n" + real("el7/yum-updateinfo.txt"))

    assert (found.security, found.urgent) == (6, 2)


def test_an_advisory_in_another_form_is_not_passed_over() -> None:
    """As GitHub issue PatchMon/PatchMon#602 quotes one of Rocky Linux 9.7."""
    line = "RLSA-2025:9303  Security/Important  xorg-x11-server-Xwayland-23.2.7-4.el9_6.x86_64\n"

    with pytest.raises(Missing, match="RLSA-2025"):
        dnf(LISTS, LISTS, f"Last metadata expiration check: x\n{line}")
