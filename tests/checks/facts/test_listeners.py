from __future__ import annotations

import socket

import psutil
import pytest

from checks.facts.listeners import Listener, Listeners
from tests.checks.facts.here import read


@pytest.mark.parametrize(
    ("address", "local"),
    [
        ("::ffff:127.0.0.1", True), ("::ffff:10.0.0.1", False),
        ("127.0.0.1", True), ("127.0.0.53", True), ("::1", True), ("127.0.0.53%lo", True),
        ("0.0.0.0", False), ("::", False), ("10.1.2.3", False), ("fe80::1%eth0", False), ("203.0.113.9", False),
    ],
)  # fmt: skip
def test_only_loopback_is_local(address: str, local: bool) -> None:
    assert Listener(address, 5432, "tcp").local is local


def test_open_ports_are_seen_with_their_protocol_and_process() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as tcp,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp,
        socket.create_server(("127.0.0.1", 0)) as closed,
    ):
        udp.bind(("127.0.0.1", 0))
        gone = closed.getsockname()[1]
        closed.close()
        me = psutil.Process().name()
        seen = read(Listeners).listeners

        assert Listener("127.0.0.1", tcp.getsockname()[1], "tcp", me) in seen
        assert Listener("127.0.0.1", udp.getsockname()[1], "udp", me) in seen
        assert gone not in {one.port for one in seen if one.process == me}


def test_a_connection_is_no_listener() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as client:
        assert client.getsockname()[1] not in {one.port for one in read(Listeners).listeners if one.protocol == "tcp"}


def test_listeners_stand_in_order_so_that_reports_compare() -> None:
    seen = read(Listeners).listeners
    assert list(seen) == sorted(set(seen), key=lambda one: (one.protocol, one.port, one.address, one.process))
