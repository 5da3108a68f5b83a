from __future__ import annotations

import socket

import psutil
import pytest
from hypothesis import given

from checks.fact import Missing
from checks.facts.listeners import Listener, Listeners
from checks.facts.open_ports import OpenPorts, open_ports
from tests.checks.facts.fuzzing import TEXT, gives_or_says_why
from tests.checks.facts.here import read

RANGE = "32768\t60999\n"


def ports(*seen: Listener, root: bool = True) -> tuple[str, ...]:
    return open_ports(Listeners(seen, root=root), RANGE).items


def test_address_port_and_program_are_told() -> None:
    assert ports(Listener("0.0.0.0", 22, "tcp", "sshd"), Listener("::", 443, "tcp", "nginx")) == (
        "tcp 0.0.0.0:22 sshd",
        "tcp [::]:443 nginx",
    )


def test_loopback_is_left_out_and_appears_once_it_opens_up() -> None:
    assert ports(Listener("127.0.0.1", 5432, "tcp", "postgres"), Listener("::1", 5432, "tcp", "postgres")) == ()
    assert ports(Listener("10.0.0.5", 5432, "tcp", "postgres")) == ("tcp 10.0.0.5:5432 postgres",)


def test_ports_that_the_kernel_chose_do_not_change_the_list() -> None:
    first = ports(Listener("::", 40001, "tcp", "java"), Listener("0.0.0.0", 50000, "udp", "chronyd"))
    again = ports(Listener("::", 40777, "tcp", "java"), Listener("::", 33333, "tcp"))

    assert first == again == ("tcp [::]:* java",)


def test_a_new_program_on_such_a_port_is_seen_all_the_same() -> None:
    assert ports(Listener("::", 50505, "tcp", "nc")) == ("tcp [::]:* nc",)


def test_a_fixed_port_that_no_process_owns_is_told_as_such_to_root_only() -> None:
    nfs = Listener("0.0.0.0", 2049, "tcp")
    assert ports(nfs) == ("tcp 0.0.0.0:2049 ?",)
    with pytest.raises(Missing):
        ports(nfs, root=False)


@pytest.mark.parametrize(("seen", "chosen"), [((), RANGE), ((Listener("::", 22, "tcp", "sshd"),), "nonsense")])
def test_no_socket_at_all_or_no_range_is_missing(seen: tuple[Listener, ...], chosen: str) -> None:
    with pytest.raises(Missing):
        open_ports(Listeners(seen, root=True), chosen)


def test_a_port_opened_on_this_machine_is_in_the_list() -> None:
    with socket.create_server(("0.0.0.0", 0)):
        assert f"tcp 0.0.0.0:* {psutil.Process().name()}" in read(OpenPorts).items


@given(TEXT)
def test_any_range_gives_the_fact_or_says_why_not(text: str) -> None:
    gives_or_says_why(open_ports, Listeners((Listener("::", 22, "tcp", "sshd"),), root=True), text)
