from __future__ import annotations

import errno
import socket
import time

import pytest

from agent.hosts.outside_line import Troubled, connected, resolve, sentence
from checks.fact import Missing


def test_a_line_that_dawdles_is_cut_in_time() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        start = time.monotonic()
        with connected(["127.0.0.1"], server.getsockname()[1], 0.3) as line:
            assert line.socket.recv(1) == b""
            assert line.late.is_set()
            assert line.troubled(ConnectionResetError()).trouble == "silent"
        assert time.monotonic() - start < 3


def test_a_closed_port_is_refused_and_the_next_address_is_tried() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with connected(["127.0.0.2", "127.0.0.1"], port, 2.0) as line:
            assert line.socket.getpeername()[0] == "127.0.0.1"
    with pytest.raises(Troubled) as caught, connected(["127.0.0.1"], port, 1.0):
        pass
    assert caught.value.trouble == "refused"


def test_no_address_at_all_is_the_probers_own_trouble() -> None:
    with pytest.raises(Missing, match="the prober has no network"), connected([], 80, 1.0):
        pass


def test_a_number_is_its_own_address_and_an_impossible_name_has_none() -> None:
    assert resolve("127.0.0.1") == ("127.0.0.1",)
    with pytest.raises(Troubled) as caught:
        resolve("x" * 64 + ".example")
    assert caught.value.trouble == "name"


def test_an_error_is_told_in_the_words_of_the_system() -> None:
    assert sentence(OSError(errno.ECONNREFUSED, "Connection refused")) == "Connection refused"
    assert sentence(ValueError()) == "ValueError"
