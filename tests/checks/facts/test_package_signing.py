from __future__ import annotations

import pytest
from hypothesis import given

from checks.fact import Absent, Missing
from checks.facts.package_signing import apt, dnf
from checks.source import FileText
from tests.checks.facts.fuzzing import gives_or_says_why, mixed
from tests.checks.real import real

DNF_CONF = (
    FileText("/etc/dnf/dnf.conf", "[main]\ngpgcheck=1\ninstallonly_limit=3\nclean_requirements_on_remove=True\n"),
)


def file(text: str, path: str = "/etc/apt/sources.list") -> tuple[FileText, ...]:
    return (FileText(path, text),)


def test_debian_and_ubuntu_as_installed_verify_everything() -> None:
    assert apt((), (), file(real("debian12/debian.sources")), ()).sources == 2
    assert not apt((), (), file(real("ubuntu2404/ubuntu.sources")), ()).unsigned


@pytest.mark.parametrize(
    "line",
    [
        "deb [trusted=yes] http://mirror.local/debian bookworm main",
        "deb [arch=amd64 trusted=yes] http://mirror.local/debian bookworm main",
        "deb [ allow-insecure=yes ] http://mirror.local/debian bookworm main",
    ],
)
def test_a_trusted_line_is_named_without_its_address(line: str) -> None:
    found = apt(file(f"# comment\n{line}\n"), (), (), ())

    assert found.unsigned == ("/etc/apt/sources.list:2",)


def test_a_comment_trusts_nothing() -> None:
    assert not apt(file("deb http://a b main\n# deb [trusted=yes] http://a b main\n"), (), (), ()).unsigned


def test_a_trusted_stanza_is_named() -> None:
    stanzas = "Types: deb\nURIs: http://a\n\nTypes: deb\nURIs: http://b\nTrusted: yes\n\nTypes: deb\nTrusted: yes\nEnabled: no\n"
    found = apt((), (), file(stanzas, "/etc/apt/sources.list.d/a.sources"), ())

    assert found.unsigned == ("/etc/apt/sources.list.d/a.sources [2]",)
    assert found.sources == 2


def test_an_option_that_allows_unauthenticated_packages_is_named() -> None:
    option = file('// no\nAPT::Get::AllowUnauthenticated "true";\n', "/etc/apt/apt.conf.d/99x")

    assert apt(file("deb http://a b main\n"), (), (), option).unsigned == ("/etc/apt/apt.conf.d/99x",)


def test_a_host_without_sources_is_absent() -> None:
    with pytest.raises(Absent):
        apt((), (), (), ())
    with pytest.raises(Absent):
        dnf((), DNF_CONF, ())


def test_el_verifies_where_dnf_or_the_repository_says_so() -> None:
    repository = "[baseos]\nname=b\ngpgcheck=1\n\n[extra]\nname=e\n\n[old]\nname=o\ngpgcheck=0\nenabled=0\n"

    assert not dnf(file(repository, "/etc/yum.repos.d/a.repo"), DNF_CONF, ()).unsigned
    assert dnf(file(repository, "/etc/yum.repos.d/a.repo"), (), ()).unsigned == ("/etc/yum.repos.d/a.repo [extra]",)


def test_el_repository_that_does_not_verify_is_named() -> None:
    repository = real("el6/rhel-source.repo").replace("enabled=0\ngpgcheck=1", "enabled=1\ngpgcheck=0", 1)
    found = dnf(
        file(repository, "/etc/yum.repos.d/rhel-source.repo"), (), file("[main]\ngpgcheck=1\n", "/etc/yum.conf")
    )

    assert found.unsigned == ("/etc/yum.repos.d/rhel-source.repo [rhel-source]",)


def test_a_configuration_that_cannot_be_read_is_missing() -> None:
    with pytest.raises(Missing):
        dnf(file("gpgcheck=1\n[x\n"), DNF_CONF, ())


@given(mixed("[main]", "[a]", "gpgcheck=", "0", "\n", "enabled=1", "deb ", "[trusted=yes]", "Types: deb", "%", "="))
def test_any_text_gives_the_fact_or_says_why_not(text: str) -> None:
    gives_or_says_why(dnf, file(text), file(text), ())
    gives_or_says_why(apt, file(text), (), file(text), file(text))
