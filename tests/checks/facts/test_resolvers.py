from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given

from agent.hosts.local import LocalHost
from agent.survey import Survey
from checks.fact import Missing
from checks.facts.resolvers import Resolvers, resolvers
from checks.source import FileText
from tests.checks.facts.fuzzing import gives_or_says_why, mixed
from tests.checks.real import real
from tests.checks.trees import plant

STUB, BEHIND = real("ubuntu2204/resolved-stub-resolv.conf"), real("ubuntu2204/resolved-resolv.conf")


def behind(text: str) -> tuple[FileText, ...]:
    return (FileText("/run/systemd/resolve/resolv.conf", text),)


def test_name_servers_are_told_without_search_and_options() -> None:
    found = resolvers(
        "domain a.go.id\nsearch a.go.id\nnameserver 10.0.0.2\n nameserver 10.0.0.1\noptions rotate\n", (), ()
    )

    assert found.items == ("nameserver 10.0.0.1", "nameserver 10.0.0.2")


def test_behind_a_local_stub_stand_the_servers_it_asks() -> None:
    assert resolvers(STUB, behind(BEHIND), ()).items == (
        "nameserver 100.81.99.197 (/etc/resolv.conf: 127.0.0.53)",
        "nameserver 127.0.0.53",
        "nameserver 192.168.2.1 (/etc/resolv.conf: 127.0.0.53)",
    )


def test_a_stub_that_nobody_asks_does_not_count() -> None:
    assert resolvers("nameserver 10.0.0.1\n", behind(BEHIND), ()).items == ("nameserver 10.0.0.1",)


@pytest.mark.parametrize("text", ["", "search a.go.id\n", "nameserver\n", "nameserver dns.example\n", "<html>"])
def test_what_names_no_server_is_missing(text: str) -> None:
    with pytest.raises(Missing):
        resolvers(text, (), ())


def test_a_scope_is_part_of_an_address() -> None:
    assert resolvers("nameserver fe80::1%eth0\n", (), ()).items == ("nameserver fe80::1%eth0",)


def test_a_host_without_the_file_says_so_and_one_with_it_is_read(tmp_path: Path) -> None:
    assert Survey(LocalHost(str(tmp_path))).outcome(Resolvers).absent
    plant(tmp_path, "/etc/resolv.conf", STUB)
    plant(tmp_path, "/run/systemd/resolve/resolv.conf", BEHIND)
    seen = Survey(LocalHost(str(tmp_path))).outcome(Resolvers).fact
    assert isinstance(seen, Resolvers)
    assert seen.count == 3


@given(mixed("nameserver ", "127.0.0.1", "10.0.0.1", "\n", "%"))
def test_any_text_gives_the_fact_or_says_why_not(text: str) -> None:
    gives_or_says_why(resolvers, text, behind(BEHIND), ())
    gives_or_says_why(resolvers, STUB, behind(text), ())
