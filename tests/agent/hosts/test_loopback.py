from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from agent.hosts import loopback
from checks.fact import Missing
from checks.source import Answer, Http
from checks.text import words
from tests.spse_stand_in import spse


@contextlib.contextmanager
def serving(talk: Callable[[socket.socket], None], address: str = "127.0.0.1") -> Iterator[int]:
    """A server that reads a request and then says what `talk` writes; its port."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.create_server((address, 0), family=family) as server:

        def serve() -> None:
            with contextlib.suppress(OSError):
                while True:
                    line, _ = server.accept()
                    with line, contextlib.suppress(OSError):
                        line.recv(65536)
                        talk(line)

        threading.Thread(target=serve, daemon=True).start()
        yield int(server.getsockname()[1])


def saying(said: bytes) -> Callable[[socket.socket], None]:
    return lambda line: line.sendall(said)


def get(port: int, path: str = "/", **options: object) -> Answer:
    return loopback.get(Http(f"http://127.0.0.1:{port}{path}", **options))  # type: ignore[arg-type]


def test_an_answer_has_its_status_its_text_and_headers_in_lower_case() -> None:
    with serving(saying(b"HTTP/1.1 403 No\r\nX-Kind: A\r\nContent-Length: 4\r\n\r\na\xffb\n")) as port:
        assert get(port) == Answer(403, {"x-kind": "A", "content-length": "4"}, "a�b\n")


def test_the_stand_in_for_spse_answers_with_its_path_and_query() -> None:
    with spse() as server:
        assert get(server.port, "/eproc4").status == 200
        assert get(server.port, "/nothing?x=1").status == 404
        assert get(server.port, "/eproc4", method="HEAD").text == ""


def test_localhost_is_the_loopback_address_whatever_the_hosts_file_says(monkeypatch: pytest.MonkeyPatch) -> None:
    real = socket.getaddrinfo

    def planted(host: str, *rest: object, **named: object) -> object:
        return real("192.0.2.1" if host == "localhost" else host, *rest, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", planted)  # an /etc/hosts that sends us away
    with serving(saying(b"HTTP/1.0 200 OK\r\n\r\nhere")) as port:
        assert loopback.get(Http(f"http://localhost:{port}/")).text == "here"


def test_localhost_is_also_asked_over_ipv6() -> None:
    try:
        with serving(saying(b"HTTP/1.0 200 OK\r\n\r\nsix"), "::1") as port:
            assert loopback.get(Http(f"http://localhost:{port}/")).text == "six"
            assert loopback.get(Http(f"http://[::1]:{port}/")).text == "six"
    except OSError:
        pytest.skip("there is no IPv6 here")


@pytest.mark.parametrize(
    "url",
    [
        "http://192.0.2.1/", "http://example.org/", "https://127.0.0.1/", "ftp://127.0.0.1/", "http://127.0.0.1@192.0.2.1/",
        "http://127.0.0.1.example.org/", "file:///etc/passwd", "http://[::ffff:192.0.2.1]/", "http:///", "//127.0.0.1/",
    ],
)  # fmt: skip
def test_only_loopback_is_ever_asked(url: str) -> None:
    with pytest.raises(Missing, match="is not a loopback address"):
        loopback.get(Http(url))


@pytest.mark.parametrize(
    "url", ["http://[::1", "http://127.0.0.1:99999/", "http://127.0.0.1:x/", "http://127.0.0.1:1/é\n"]
)
def test_an_address_that_makes_no_sense_is_missing(url: str) -> None:
    with pytest.raises(Missing):
        loopback.get(Http(url))


@pytest.mark.parametrize("path", ["/é", "/a b", "/\x00"])
def test_a_path_that_http_does_not_allow_is_missing(path: str) -> None:
    with serving(saying(b"HTTP/1.0 200 OK\r\n\r\n")) as port, pytest.raises(Missing):
        get(port, path)


def test_nobody_listens_is_missing() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(Missing, match="Connection refused"):
        get(port)


def test_a_redirect_is_an_answer_and_is_not_followed() -> None:
    asked = []

    def talk(line: socket.socket) -> None:
        asked.append(line)
        line.sendall(b"HTTP/1.1 302 Found\r\nLocation: http://192.0.2.1/\r\nContent-Length: 0\r\n\r\n")

    with serving(talk) as port:
        assert (get(port).status, get(port).headers["location"]) == (302, "http://192.0.2.1/")
    assert len(asked) == 2


def test_no_proxy_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.setenv("no_proxy", "")
    with serving(saying(b"HTTP/1.0 200 OK\r\n\r\ndirect")) as port:
        assert get(port).text == "direct"


def test_a_server_that_never_answers_is_missing_in_time() -> None:
    start = time.monotonic()
    with serving(lambda line: time.sleep(5)) as port, pytest.raises(Missing, match=r"no whole answer within 0\.3 s"):
        get(port, timeout=0.3)
    assert time.monotonic() - start < 3


@pytest.mark.parametrize("head", [b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\n\r\n"])
def test_a_server_that_drips_bytes_for_ever_is_missing_in_time(head: bytes) -> None:
    def drip(line: socket.socket) -> None:
        line.sendall(head)
        while True:
            line.sendall(b"x")
            time.sleep(0.05)

    start = time.monotonic()
    with serving(drip) as port, pytest.raises(Missing) as error:
        get(port, timeout=0.5)
    assert "no whole answer within 0.5 s" in words(error.value.reason, "en")
    assert time.monotonic() - start < 3


def test_a_huge_answer_is_missing() -> None:
    def pour(line: socket.socket) -> None:
        line.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            line.sendall(b"x" * 65536)

    with serving(pour) as port, pytest.raises(Missing, match="answered more than 1000000 bytes"):
        get(port, max_bytes=1_000_000)


@pytest.mark.parametrize(
    "said",
    [
        b"", b"\r\n\r\n", b"SSH-2.0-OpenSSH_9.6\r\n", b"\x00" * 100, b"HTTP/1.1 abc\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: " + b"x" * 70000 + b"\r\n\r\n", b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 200 + b"\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
    ],
)  # fmt: skip
def test_garbage_is_missing(said: bytes) -> None:
    with serving(saying(said)) as port, pytest.raises(Missing):
        get(port)


def test_half_an_answer_is_missing() -> None:
    half = saying(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
    with serving(half) as port, pytest.raises(Missing, match="breaks off"):
        get(port)


def test_no_thread_and_no_connection_stays_behind() -> None:
    with serving(saying(b"HTTP/1.0 200 OK\r\n\r\n")) as port:
        before = threading.active_count()
        for _ in range(20):
            get(port)
        time.sleep(0.05)
        assert threading.active_count() <= before + 1
