from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from agent.hosts import sock_diag, sockets
from agent.hosts.sockets import Sockets
from checks.facts.listeners import Listener
from tests.agent.as_nobody import as_nobody

FAMILIES = pytest.mark.parametrize("family", [socket.AF_INET, socket.AF_INET6], ids=["ipv4", "ipv6"])
LISTENS = (
    "import socket,sys,time; s=socket.socket(fileno=int(sys.argv[1])); open(sys.argv[2],'w').close(); time.sleep(60)"
)


def holder(seen: tuple[Listener, ...], port: int) -> list[str]:
    return [one.process for one in seen if one.port == port]


def me() -> str:
    return psutil.Process().name()


@FAMILIES
def test_netlink_and_proc_tell_the_same_sockets(family: socket.AddressFamily) -> None:
    loopback = "127.0.0.1" if family == socket.AF_INET else "::1"
    with socket.create_server((loopback, 0), family=family) as server:
        table = "tcp" if family == socket.AF_INET else "tcp6"
        mine = (loopback, server.getsockname()[1], str(os.fstat(server.fileno()).st_ino))
        assert mine in list(sock_diag.listening(family))
        assert mine in list(sockets._rows(table, family))


def test_where_the_kernel_tells_nothing_over_netlink_its_tables_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_module(family: socket.AddressFamily) -> list[tuple[str, int, str]]:
        raise OSError(2, "sock_diag")

    monkeypatch.setattr(sock_diag, "listening", no_module)
    with socket.create_server(("127.0.0.1", 0)) as server:
        assert holder(Sockets().listening(), server.getsockname()[1]) == [me()]


def test_a_connection_is_no_listener_whichever_way_it_is_read() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as line:
        port = line.getsockname()[1]
        assert not holder(Sockets().listening(), port)
        assert port not in [port for _, port, _ in sockets._rows("tcp", socket.AF_INET)]


def test_a_udp_socket_that_waits_is_told_and_one_that_is_connected_is_not() -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as waits, socket.socket(type=socket.SOCK_DGRAM) as connected:
        waits.bind(("127.0.0.1", 0))
        connected.connect(waits.getsockname())
        seen = [one for one in Sockets().listening() if one.protocol == "udp"]
        assert holder(tuple(seen), waits.getsockname()[1]) == [me()]
        assert not holder(tuple(seen), connected.getsockname()[1])


def test_a_socket_that_was_handed_on_is_told_with_the_one_who_holds_it_now(tmp_path: Path) -> None:
    memory = Sockets()
    server = socket.create_server(("127.0.0.1", 0))
    port = server.getsockname()[1]
    assert holder(memory.listening(), port) == [me()]
    ready = tmp_path / "ready"
    child = subprocess.Popen([sys.executable, "-c", LISTENS, str(server.fileno()), ready], pass_fds=[server.fileno()])
    try:
        for _ in range(100):
            if ready.exists():
                break
            time.sleep(0.05)
        server.close()
        (name,) = holder(memory.listening(), port)
        assert name == psutil.Process(child.pid).name()
        assert [one.pid for one in memory._holders.values() if one.pid == child.pid]
    finally:
        child.kill()
        child.wait()
    assert not holder(memory.listening(), port)


def test_a_new_socket_is_seen_beside_those_that_are_known() -> None:
    memory = Sockets()
    with socket.create_server(("127.0.0.1", 0)) as first:
        memory.listening()
        with socket.create_server(("127.0.0.1", 0)) as second:
            seen = memory.listening()
            assert holder(seen, first.getsockname()[1]) == holder(seen, second.getsockname()[1]) == [me()]
    memory.listening()
    assert str(first.fileno()) not in memory._holders  # closed sockets are forgotten


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can hold a socket that another may not see")
def test_whom_nobody_may_see_has_no_name_and_is_not_looked_for_each_minute() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port, inode = server.getsockname()[1], str(os.fstat(server.fileno()).st_ino)

        def work() -> tuple[list[str], list[str], bool]:
            server.close()  # of this child; root goes on holding it
            memory = Sockets()
            first = holder(memory.listening(), port)
            before = memory._holders[inode]
            return first, holder(memory.listening(), port), memory._holders[inode] is before

        assert as_nobody(work) == ([""], [""], True)
