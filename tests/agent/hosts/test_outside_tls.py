"""Against real servers: OpenSSL's s_server and nginx, as old as the local OpenSSL lets them be."""

from __future__ import annotations

import shutil
import socket
import struct
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.hosts.outside_line import Troubled
from agent.hosts.outside_tls import Authorities, _answer, client_hello, greet, handshake
from checks.facts.tls_offers import OLD_SUITES, WEAK
from checks.outside import Handshake, Hello, Offered
from tests.public_site import Authority, Certificate, good, served

HERE = ("127.0.0.1",)
NGINX = pytest.mark.skipif(shutil.which("nginx") is None, reason="needs nginx")
OPENSSL = pytest.mark.skipif(shutil.which("openssl") is None, reason="needs the command openssl")


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


def shaken(port: int, authority: Authority | None, name: str = "localhost") -> Handshake:
    return handshake(HERE, name, port, 5.0, Authorities(str(authority.file) if authority else ""))


def offered(port: int, version: int, suites: tuple[int, ...], name: str = "localhost") -> Offered:
    return greet(HERE, name, port, Hello(version, suites, timeout=5.0))


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as line:
        return int(line.getsockname()[1])


def answering(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(100):
        assert process.poll() is None, "the server ended"
        try:
            socket.create_connection(("127.0.0.1", port), 0.5).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError("the server does not answer")


@contextmanager
def s_server(certificate: Certificate, *options: str) -> Iterator[int]:
    port = free_port()
    argv = [
        "openssl",
        "s_server",
        "-accept",
        f"127.0.0.1:{port}",
        "-cert",
        str(certificate.file),
        "-key",
        str(certificate.key),
    ]
    process = subprocess.Popen([*argv, "-www", "-quiet", *options], stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        answering(port, process)
        yield port
    finally:
        process.kill()
        process.wait()


@contextmanager
def nginx(folder: Path, certificate: Certificate, protocols: str, ciphers: str) -> Iterator[int]:
    port = free_port()
    (folder / "nginx.conf").write_text(
        f"daemon off; master_process off; pid {folder}/pid; error_log {folder}/error.log; events {{}} http {{ access_log off;\n"
        f"client_body_temp_path {folder}/1; proxy_temp_path {folder}/2; fastcgi_temp_path {folder}/3; uwsgi_temp_path {folder}/4;\n"
        f"scgi_temp_path {folder}/5; server {{ listen 127.0.0.1:{port} ssl; ssl_certificate {certificate.file};\n"
        f"ssl_certificate_key {certificate.key}; ssl_protocols {protocols}; ssl_ciphers {ciphers}; return 204; }} }}"
    )
    argv = ["nginx", "-e", f"{folder}/error.log", "-p", str(folder), "-c", str(folder / "nginx.conf")]
    process = subprocess.Popen(argv, stderr=subprocess.DEVNULL)
    try:
        answering(port, process)
        yield port
    finally:
        process.terminate()
        process.wait(10)


def test_a_good_certificate_is_accepted_and_read(authority: Authority) -> None:
    with served(good(), authority.issue()) as server:
        seen = shaken(server.port, authority)
    own = seen.chain[0]
    assert (seen.problem, seen.version) == ("", "TLSv1.3")
    assert (own.names, own.kind, own.bits, own.signature, own.self_signed) == (
        ("localhost", "127.0.0.1"),
        "RSA",
        2048,
        "sha256",
        False,
    )
    assert own.issuer == "CN=Pantau test authority"
    assert 89 <= (own.not_after - own.not_before).days <= 91


def test_a_key_on_a_curve_is_told_as_one(authority: Authority) -> None:
    with served(good(), authority.issue(curve=True)) as server:
        own = shaken(server.port, authority).chain[0]
    assert (own.kind, own.bits) == ("EC", 256)


def test_what_is_wrong_with_a_certificate_is_told_and_the_certificate_is_read_all_the_same(
    authority: Authority,
) -> None:
    for certificate, said in (
        (authority.issue(begins=-20, ends=-2), "expired"),
        (authority.issue("other.example.go.id"), "mismatch"),
        (authority.issue(own=True), "self-signed"),
        (authority.issue(begins=3, ends=9), "not yet valid"),
    ):
        with served(good(), certificate) as server:
            seen = shaken(server.port, authority)
        assert said in seen.problem
        assert seen.chain[0].names


def test_an_authority_that_nobody_knows_is_not_trusted(authority: Authority) -> None:
    with served(good(), authority.issue()) as server:
        assert "unable to get local issuer" in shaken(server.port, None).problem


@NGINX
def test_a_modern_server_refuses_everything_old(tmp_path: Path, authority: Authority) -> None:
    with nginx(tmp_path, authority.issue(), "TLSv1.2 TLSv1.3", "ECDHE+AESGCM") as port:
        assert shaken(port, authority).version == "TLSv1.3"
        for version in (0x0300, 0x0301, 0x0302):
            told = offered(port, version, OLD_SUITES)
            assert (told.version, told.suite) == (0, 0)
            assert told.refusal
        assert offered(port, 0x0303, tuple(WEAK)).version == 0
        assert offered(port, 0x0303, (0xC02F,)) == Offered(0x0303, 0xC02F)


@OPENSSL
@pytest.mark.parametrize(("option", "version"), [("-tls1", 0x0301), ("-tls1_1", 0x0302)])
def test_an_old_protocol_is_seen_where_it_is_offered(authority: Authority, option: str, version: int) -> None:
    with s_server(authority.issue(), option, "-cipher", "ALL:@SECLEVEL=0") as port:
        assert offered(port, version, OLD_SUITES).version == version
        assert offered(port, 0x0300, OLD_SUITES).version == 0


@NGINX
def test_nginx_with_old_protocols_offers_them_beside_the_new(tmp_path: Path, authority: Authority) -> None:
    with nginx(tmp_path, authority.issue(), "TLSv1 TLSv1.1 TLSv1.2 TLSv1.3", "ALL:@SECLEVEL=0") as port:
        assert [offered(port, version, OLD_SUITES).version for version in (0x0301, 0x0302)] == [0x0301, 0x0302]
        assert shaken(port, authority).version == "TLSv1.3"


@OPENSSL
@pytest.mark.parametrize("cipher", ["eNULL", "aNULL"])
def test_a_suite_without_encryption_or_without_a_certificate_is_seen(authority: Authority, cipher: str) -> None:
    with s_server(authority.issue(), "-tls1_2", "-cipher", f"{cipher}:@SECLEVEL=0") as port:
        told = offered(port, 0x0303, tuple(WEAK))
    assert told.version == 0x0303
    assert ("NULL" if cipher == "eNULL" else "anon") in WEAK[told.suite]


def test_a_server_that_says_nothing_is_not_taken_for_a_refusal() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, pytest.raises(Troubled) as caught:
        greet(HERE, "localhost", server.getsockname()[1], Hello(0x0301, OLD_SUITES, timeout=0.3))
    assert caught.value.trouble == "silent"


@OPENSSL
def test_openssl_understands_every_greeting(authority: Authority) -> None:
    """What it refuses it refuses for the version or the suites, never because it could not read."""
    with s_server(authority.issue()) as port:
        for version in (0x0300, 0x0301, 0x0302, 0x0303):
            for name in ("localhost", "127.0.0.1"):
                assert offered(port, version, OLD_SUITES, name).refusal not in {"alert 50", "alert 10", "alert 47"}


def server_hello(version: int, suite: int, session: bytes = b"") -> bytes:
    body = struct.pack("!H", version) + bytes(32) + bytes([len(session)]) + session + struct.pack("!H", suite) + b"\0"
    message = b"\2" + len(body).to_bytes(3, "big") + body
    return struct.pack("!BHH", 22, version, len(message)) + message


def heard(content: bytes) -> Offered:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(content)
        theirs.shutdown(socket.SHUT_WR)
        return _answer(ours)


@pytest.mark.parametrize(("version", "suite"), [(0x0300, 0x0005), (0x0301, 0x000A), (0x0303, 0xC011)])
def test_what_no_server_of_today_speaks_is_read_as_the_rfc_writes_it(version: int, suite: int) -> None:
    """SSL 3.0, RC4 and 3DES: the local OpenSSL has none of them, so these bytes are made by hand after RFC 5246 7.4.1.3."""
    assert heard(server_hello(version, suite, bytes(32))) == Offered(version, suite)
    assert heard(b"\x15\x03\x01\x00\x02\x01\x70" + server_hello(version, suite)) == Offered(
        version, suite
    )  # a warning first
    assert heard(b"\x15\x03\x01\x00\x02\x02\x46") == Offered(refusal="alert 70")


@given(st.binary(max_size=200))
def test_whatever_a_server_says_it_is_an_answer_or_the_end(content: bytes) -> None:
    try:
        told = heard(content)
    except EOFError:
        return
    assert told.refusal or told.version >= 0


def test_a_greeting_names_the_site_but_not_an_address_and_ssl3_nobody() -> None:
    assert b"lpse.example" in client_hello("lpse.example", 0x0303, (1,))
    assert b"127.0.0.1" not in client_hello("127.0.0.1", 0x0303, (1,))
    assert b"lpse.example" not in client_hello("lpse.example", 0x0300, (1,))
