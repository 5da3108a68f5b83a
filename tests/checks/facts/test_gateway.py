from __future__ import annotations

import pytest
from hypothesis import given

from checks.fact import Absent, After, Missing
from checks.facts.gateway import Gateway, GatewayReply, gateway, gateway_reply
from checks.source import Command
from tests.checks.facts.fuzzing import gives_or_says_why, mixed
from tests.checks.real import real

ROUTES = real("debian12/proc-net-route.txt")


def test_the_gateway_is_that_of_the_default_route_with_the_lowest_metric() -> None:
    assert gateway(ROUTES) == Gateway("192.0.2.1")
    second = "wlan0\t00000000\tFE01A8C0\t0003\t0\t0\t600\t00000000\t0\t0\t0\n"
    assert gateway(ROUTES + second) == Gateway("192.0.2.1")
    assert gateway(ROUTES.splitlines()[0] + "\n" + second) == Gateway("192.168.1.254")


def test_without_a_default_route_there_is_no_gateway() -> None:
    with pytest.raises(Absent):
        gateway(ROUTES.splitlines()[0])
    with pytest.raises(Absent):
        gateway(ROUTES.replace("0003", "0001"))


@pytest.mark.parametrize("text", ["", "garbage", ROUTES.replace("010200C0", "01:02")])
def test_a_table_that_cannot_be_read_is_missing(text: str) -> None:
    with pytest.raises(Missing):
        gateway(text)


def test_ping_of_debian_12() -> None:
    assert gateway_reply(real("debian12/ping.txt")) == GatewayReply("10.9.9.1", 15, 15, 0.044)
    assert gateway_reply(real("debian12/ping-lossy.txt")) == GatewayReply("10.9.9.1", 15, 12, 0.047)
    assert gateway_reply(real("debian12/ping-silent.txt")) == GatewayReply("10.9.9.1", 15, 0)


def test_only_the_gateway_is_asked_and_not_for_long() -> None:
    (source,) = gateway_reply.sources
    assert isinstance(source, After)
    asked = source.make(Gateway("192.0.2.1"))
    assert isinstance(asked, Command)
    assert asked.argv[-1] == "192.0.2.1"
    assert asked.ok == (0, 1)


@given(
    mixed(
        "PING 10.9.9.1 (x)\n",
        "15 packets transmitted, 12 received, 20% packet loss, time 2ms\n",
        "rtt min/avg/max/mdev = ",
    )
)
def test_no_text_breaks_it(text: str) -> None:
    gives_or_says_why(gateway_reply, text)
    gives_or_says_why(gateway, f"Iface\n{text}")


def test_ping_of_centos_7() -> None:
    assert gateway_reply(real("el7/ping.txt")) == GatewayReply("127.0.0.1", 20, 20, 0.047)
