from __future__ import annotations

import contextlib
import gzip
import os
import shutil
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from agent.hosts.outside_pages import NotPublic, Visitor, are_public
from agent.hosts.outside_tls import Authorities
from checks.outside import Page, Visit
from tests.public_site import Authority, Pages, good, html, served


def visitor(authority: Authority | None = None) -> Visitor:
    return Visitor(Authorities(str(authority.file) if authority else ""), lambda _: ("127.0.0.1",), lambda: None)


@contextmanager
def saying(*parts: bytes, pause: float = 0.0) -> Iterator[str]:
    """A server that answers with these bytes, whatever is asked; its URL."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            try:
                while True:
                    line, _ = server.accept()
                    with line:
                        line.recv(65536)
                        for part in parts:
                            line.sendall(part)
                            time.sleep(pause)
            except OSError:
                return

        threading.Thread(target=serve, daemon=True).start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/"
        server.shutdown(socket.SHUT_RDWR)


def test_a_page_has_its_status_headers_cookies_text_and_times() -> None:
    with served(good()) as server:
        seen = visitor().visit(f"http://localhost:{server.port}/eproc4", Page())
    assert (seen.status, seen.trouble, seen.secure, seen.trusted, seen.whole) == (200, "", False, False, True)
    assert "Layanan Pengadaan" in seen.text
    assert seen.cookies[0].startswith("SPSE_SESSION")
    assert seen.headers["x-frame-options"] == "SAMEORIGIN"
    assert seen.sent is not None
    assert seen.received is not None
    assert seen.sent <= seen.received


def test_redirects_are_followed_to_their_end_and_cookies_of_the_way_are_kept() -> None:
    pages = Pages({"/a": html("", 302, Location="/b", Set_Cookie="first=1"), "/b": html("end", Set_Cookie="last=2")})
    with served(pages) as server:
        base = f"http://localhost:{server.port}"
        seen = visitor().visit(f"{base}/a", Page())
        stayed = visitor().visit(f"{base}/a", Page(follow=False))
    assert (seen.url, seen.hops, seen.cookies) == (f"{base}/b", (f"{base}/a",), ("first=1", "last=2"))
    assert (stayed.status, stayed.hops) == (302, ())


def test_redirects_that_go_round_end() -> None:
    pages = Pages({"/a": html("", 302, Location="/b"), "/b": html("", 301, Location="/a")})
    endless = Pages(everything=lambda asked: (302, {"Location": asked.path + "x"}, ""))
    for shown in (pages, endless):
        with served(shown) as server:
            assert visitor().visit(f"http://localhost:{server.port}/a", Page()).trouble == "loop"


LEADING_INSIDE = """
import sys
from agent.hosts.outside_pages import Visitor
from agent.hosts.outside_tls import Authorities
from checks.outside import Page
import tests.public_site as site
class Public(site.Server):
    def server_bind(self):
        self.server_address = ("20.0.0.1", 0)
        super().server_bind()
import threading
server = Public(site.Pages(everything=site.html("", 302, Location=sys.argv[1])))
threading.Thread(target=server.serve_forever, daemon=True).start()
seen = Visitor(Authorities(), lambda name: (name,), lambda: None).visit(f"http://20.0.0.1:{server.port}/", Page(timeout=3.0))
print(seen.trouble, len(server.pages.asked))
"""


@pytest.mark.root
@pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("ip"), reason="makes a network namespace: needs root and ip")
@pytest.mark.parametrize(
    "target", ["http://127.0.0.1:1/", "http://169.254.169.254/latest/meta-data", "http://10.1.2.3/"]
)
def test_a_public_site_does_not_lead_the_prober_inside(target: str) -> None:
    script = 'ip link set lo up && ip address add 20.0.0.1/32 dev lo && exec "$@"'
    argv = ["unshare", "--net", "sh", "-c", script, "sh", sys.executable, "-c", LEADING_INSIDE, target]
    done = subprocess.run(argv, capture_output=True, text=True, timeout=60, check=False, cwd=Path(__file__).parents[3])
    assert (done.stdout.strip(), done.returncode) == ("inward 1", 0), done.stderr


@pytest.mark.parametrize("target", ["ftp://x/", "javascript:alert(1)", "http://[", "http://x:99999/", "//"])
def test_a_redirect_to_nowhere_is_no_answer(target: str) -> None:
    with served(Pages(everything=html("", 302, Location=target))) as server:
        assert visitor().visit(f"http://localhost:{server.port}/", Page()).trouble in {"broken", "loop"}


def test_a_page_whose_certificate_does_not_hold_is_read_and_said_not_to_be_trusted(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    for certificate, trusted in (
        (authority.issue(), True),
        (authority.issue(own=True), False),
        (authority.issue(ends=0, begins=-9), False),
    ):
        with served(good(), certificate) as server:
            seen = visitor(authority).visit(f"https://localhost:{server.port}/eproc4", Page())
        assert (seen.status, seen.secure, seen.trusted) == (200, True, trusted)


def test_a_body_is_cut_at_its_limit() -> None:
    with served(Pages(everything=html("x" * 5000))) as server:
        seen = visitor().visit(f"http://localhost:{server.port}/", Page(max_bytes=1000))
    assert (len(seen.text), seen.whole) == (1000, False)


def test_a_bomb_is_unpacked_only_as_far_as_the_limit() -> None:
    body = gzip.compress(bytes(50_000_000))
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    with saying(head + body) as url:
        seen = visitor().visit(url, Page(max_bytes=100_000))
    assert (len(seen.text), seen.whole) == (100_000, False)


@pytest.mark.parametrize(
    "answer",
    [
        b"", b"SSH-2.0-OpenSSH\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf", b"\x00\xff" * 100,
        b"HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: 2\r\n\r\nxx",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\nxx",
        b"HTTP/1.1 abc OK\r\n\r\n", b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    ],
)  # fmt: skip
def test_what_is_no_whole_answer_is_trouble_never_an_error(answer: bytes) -> None:
    with saying(answer) as url:
        seen = visitor().visit(url, Page(timeout=3.0))
    assert (seen.status, seen.trouble) == (0, "broken")
    assert seen.detail


def test_a_server_that_sends_a_byte_a_while_is_silent_after_its_time() -> None:
    with saying(*[b"x"] * 40, pause=0.1) as url:
        start = time.monotonic()
        seen = visitor().visit(url, Page(timeout=0.5))
    assert seen.trouble == "silent"
    assert time.monotonic() - start < 3
    assert seen.seconds >= 0.4


def test_a_request_line_cannot_be_ended_by_what_stands_in_a_path() -> None:
    with served(Pages()) as server:
        visitor().visit(f"http://localhost:{server.port}/a\u00e9 b<x>", Page())
    assert [one.path for one in server.pages.asked] == ["/a%C3%A9%20b%3Cx%3E"]


def test_a_byte_a_while_over_tls_is_silent_after_its_time_too(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    certificate = authority.issue()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate.file, certificate.key)

    def dawdle(server: socket.socket) -> None:
        with contextlib.suppress(OSError), context.wrap_socket(server.accept()[0], server_side=True) as line:
            line.recv(65536)
            line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n")
            for _ in range(50):
                line.sendall(b"x")
                time.sleep(0.1)

    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=dawdle, args=(server,), daemon=True).start()
        start = time.monotonic()
        seen = visitor(authority).visit(f"https://localhost:{server.getsockname()[1]}/", Page(timeout=0.5))
    assert seen.trouble == "silent"
    assert time.monotonic() - start < 3


def test_a_redirect_inside_is_trouble_of_the_site_also_where_nothing_inside_is_read() -> None:
    """Else a site that is down could look as if nobody had been able to tell."""
    public = ["1.1.1.1"]

    def guarded(name: str) -> tuple[str, ...]:
        if not public:
            raise NotPublic(name)
        return (public.pop(),)

    class Moved(Visitor):
        def _get(self, url: str, *_: object) -> Visit:
            return Visit(url, 302, {"location": "http://10.1.2.3/"})

    leading = Moved(Authorities(), guarded, lambda: None)
    assert leading.visit("http://lpse.example/", Page()).trouble == "inward"
    with pytest.raises(NotPublic):
        leading.visit("http://lpse.example/", Page())


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True), ("2606:4700::1111", True), ("64:ff9b::808:808", True), ("2002:808:808::", True),
        ("10.0.0.1", False), ("169.254.169.254", False), ("0.0.0.0", False), ("224.0.0.1", False),
        ("::1", False), ("::", False), ("::ffff:127.0.0.1", False), ("::127.0.0.1", False), ("fe80::1%eth0", False),
        ("fec0::1", False), ("64:ff9b::7f00:1", False), ("64:ff9b:1::a00:1", False), ("2002:a00:1::", False),
        ("ff02::1", False),
    ],
)  # fmt: skip
def test_an_address_that_holds_one_of_inside_is_not_public(address: str, public: bool) -> None:
    assert are_public([address]) is public
