from __future__ import annotations

import pytest
from hypothesis import given

from agent.hosts import commands
from checks.fact import Absent, Missing
from checks.facts.web_software import WebPart, debian, red_hat
from checks.source import Command, FileStat
from tests.checks.facts.fuzzing import gives_or_says_why, mixed
from tests.checks.real import real

ROOT = (FileStat("/", "directory", 0o755, 0, 0, 4096, 0.0),)
BUILT = (*ROOT, FileStat("/usr/local/apache2/bin/httpd", "file", 0o755, 0, 0, 9, 0.0))


def test_packages_of_debian_are_mended_by_debian() -> None:
    found = debian.parse(real("debian12/dpkg-query-web.txt"), ROOT)

    assert found.parts == (
        WebPart("apache", "apache2-bin", "2.4.71", distribution=True),
        WebPart("nginx", "nginx", "1.22.1", distribution=True),
    )


# Written by hand: the version and maintainer of packages of nginx.org, and of a private archive of Ubuntu.
@pytest.mark.parametrize(
    "line",
    [
        "ii \tnginx\t1.28.0-1~bookworm\tNGINX Packaging <nginx-packaging@f5.com>",
        "ii \tapache2-bin\t2.4.62-1+ubuntu22.04.1+deb.sury.org+1\tDebian Apache Maintainers <debian-apache@lists.debian.org>",
        "ii \thaproxy\t2.8.5-1~bpo12+1\tDebian HAProxy Maintainers <team+haproxy@tracker.debian.org>",
    ],
)
def test_packages_from_elsewhere_are_not(line: str) -> None:
    assert [part.distribution for part in debian.parse(f"{line}\n", ROOT).parts] == [False]


def test_ubuntus_own_packages_are_mended_by_ubuntu() -> None:
    line = "ii \tapache2-bin\t2.4.58-1ubuntu8.5\tUbuntu Developers <ubuntu-devel-discuss@lists.ubuntu.com>\n"

    assert debian.parse(line, ROOT).parts[0].distribution


def test_packages_of_el_are_told_by_their_vendor() -> None:
    printed = (  # written by hand in the format asked for
        "httpd\t2.4.57-11.el9_4.1\tAlmaLinux\npackage nginx is not installed\nhaproxy\t2.8.3-1.el9\tSomebody\n"
        "mod_security\t2.9.6-1.el9\tRed Hat, Inc.\n"
    )

    assert red_hat.parse(printed, ROOT).parts == (
        WebPart("apache", "httpd", "2.4.57", distribution=True),
        WebPart("haproxy", "haproxy", "2.8.3"),
        WebPart("modsecurity", "mod_security", "2.9.6", distribution=True),
    )


def test_what_was_built_here_has_no_known_version() -> None:
    assert debian.parse("", BUILT).parts == (WebPart("apache", "/usr/local/apache2/bin/httpd"),)


def test_a_removed_package_and_none_at_all_are_absent() -> None:
    with pytest.raises(Absent):
        debian.parse("un \tnginx-core\t\t\n", ROOT)
    with pytest.raises(Absent):
        red_hat.parse("package httpd is not installed\n", ROOT)


@pytest.mark.parametrize("printed", ["<html>", "ii \tnginx\tnone\tx\n", "ii \tother\t1.2\tx\n"])
def test_other_output_is_missing(printed: str) -> None:
    with pytest.raises(Missing):
        debian.parse(printed, ROOT)
    with pytest.raises(Missing):
        red_hat.parse(printed, ROOT)


@given(mixed("ii \t", "nginx\t", "1.22.1-9\t", "x\n", "httpd\t"))
def test_any_text_gives_a_fact_or_a_reason(text: str) -> None:
    gives_or_says_why(debian, text, ROOT)
    gives_or_says_why(red_hat, text, ROOT)


def test_the_command_prints_what_the_parser_reads() -> None:
    command = debian.sources[0]
    assert isinstance(command, Command)
    gives_or_says_why(debian, commands.run(command), ROOT)


def test_a_module_of_el_8_keeps_the_version_of_its_makers() -> None:
    assert red_hat.parse(real("el8/rpm-q-web.txt"), ROOT).parts == (
        WebPart("apache", "httpd", "2.4.37", distribution=True),
    )
