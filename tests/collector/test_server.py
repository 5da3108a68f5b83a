"""The server process as a whole: connections that only occupy, failures of what it stands on, TLS, start and end."""

from __future__ import annotations

import contextlib
import datetime as dt
import ipaddress
import resource
import select
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from collector.config import PREFIX
from evidence.key import PrivateKey
from tests.collector.process import (
    ENVELOPE,
    Collector,
    enrolment,
    head_of,
    raise_open_files,
    reasons,
    wait_until,
)
from tests.collector.world import Sensor, sshd
from tests.postgres_cluster import cluster


def closed_by_the_other_side(connections: list[socket.socket]) -> int:
    closed = 0
    for connection in connections:
        connection.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            try:
                closed += connection.recv(1000) == b""
            except ConnectionError:
                closed += 1
    return closed


def test_two_thousand_silent_connections_do_not_delay_an_honest_report_and_are_dropped(tmp_path: Path) -> None:
    raise_open_files()
    with Collector.initialised(tmp_path) as collector:
        collector.start(nofile=1024)  # the soft limit of an ordinary service
        sensor = collector.enrol()
        idle = [socket.create_connection(("127.0.0.1", collector.port), timeout=10) for _ in range(1000)]
        half = [socket.create_connection(("127.0.0.1", collector.port), timeout=10) for _ in range(1000)]
        try:
            for connection in half:
                connection.sendall(b"POST /v1/reports HTTP/1.1\r\nHost: a\r\nX-")
            for _ in range(3):
                began = time.monotonic()
                assert reasons(collector.post(sensor.report(sshd()))) == ["accepted"]
                assert time.monotonic() - began < 1
            wait_until(lambda: closed_by_the_other_side(idle + half) == 2000, 20, "all of them to be dropped")
        finally:
            for connection in idle + half:
                connection.close()
        assert reasons(collector.post(sensor.report(sshd()))) == ["accepted"]


def test_senders_that_stop_half_way_do_not_occupy_the_consoles_threads(served: Collector) -> None:
    login = served.client.get(served.url + "/login/")
    path = login.url.path if login.status_code == 200 else "/login"
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: csrftoken={'a' * 32}\r\nX-CSRFToken: \r\n"
        "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\na="
    )
    slow = [socket.create_connection(("127.0.0.1", served.port)) for _ in range(40)]
    try:
        for connection in slow:
            connection.sendall(head.encode())
        time.sleep(0.2)
        began = time.monotonic()
        assert served.get("/-/healthy").status_code == 200
        assert time.monotonic() - began < 1
        assert select.select(slow, [], [], 5)[0]
        wait_until(lambda: len(select.select(slow, [], [], 0)[0]) == len(slow), 5, "all answers")
        assert {head_of(connection.recv(1000))[0] for connection in slow} == {408}
    finally:
        for connection in slow:
            connection.close()


def test_a_form_that_is_too_large_is_refused_by_the_console_too(served: Collector) -> None:
    status, _ = head_of(
        served.raw(b"POST /login HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999\r\n\r\nabc", timeout=2)
    )
    assert status == 413


@pytest.mark.parametrize("path", [b"/%ff?%ff", b"/%00", b"//", b"/-/ready?" + b"a=b&" * 5000, b"/\xc3\x28", b"*"])
def test_odd_addresses_are_answered_and_break_nothing(served: Collector, path: bytes) -> None:
    status, _ = head_of(served.raw(b"GET " + path + b" HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"))
    assert status in (200, 302, 400, 404, 414, 431)
    assert served.get("/-/healthy").status_code == 200


def test_a_report_acknowledged_before_the_end_is_there_after_it(tmp_path: Path) -> None:
    with Collector.initialised(tmp_path) as collector:
        collector.start()
        sensor = collector.enrol()
        assert reasons(collector.post_batch(*[sensor.report(sshd()) for _ in range(50)])) == ["accepted"] * 50
        assert collector.stop() == 0
        assert "event=stopped" in collector.log
        assert collector.entries == 50
        with collector.serving():
            assert reasons(collector.post(sensor.report(sshd()))) == ["accepted"]
            collector.wait_judged()


def test_a_full_disk_is_told_as_busy_and_forgotten_when_there_is_room_again(tmp_path: Path) -> None:
    with Collector.initialised(tmp_path, database="", judge="false") as collector, collector.serving():
        sensor = collector.enrol()
        assert reasons(collector.post(sensor.report(sshd()))) == ["accepted"]
        assert collector.process is not None
        largest = max(path.stat().st_size for path in collector.state.glob("collector.db*"))
        unlimited = resource.prlimit(collector.process.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(collector.process.pid, resource.RLIMIT_FSIZE, (largest + 8192, unlimited[1]))
        accepted, answer = 1, None
        for _ in range(2000):
            answer = collector.post(sensor.report(sshd()))
            if answer.status_code != 200:
                break
            accepted += 1
        assert answer is not None
        assert (answer.status_code, reasons(answer), answer.headers["retry-after"]) == (503, ["busy"], "30")
        assert collector.entries == accepted
        resource.prlimit(collector.process.pid, resource.RLIMIT_FSIZE, unlimited)
        again = collector.post(sensor.report(sshd()))
        assert reasons(again) == ["accepted"], again.text
        assert collector.query("SELECT count(DISTINCT sequence) FROM ledger_entry") == [(accepted + 1,)]
        assert collector.query("PRAGMA integrity_check") == [("ok",)]


def test_postgresql_that_stops_and_comes_back_loses_nothing_and_needs_no_restart(tmp_path: Path) -> None:
    with cluster(fsync="on", synchronous_commit="on", full_page_writes="on") as postgres:
        url = f"postgresql://{postgres.user}@/postgres?host={postgres.host}&port={postgres.port}"
        with Collector.initialised(tmp_path, database=url) as collector, collector.serving():
            sensor = collector.enrol()
            assert reasons(collector.post(sensor.report(sshd()))) == ["accepted"]
            assert collector.get("/-/ready").status_code == 200
            assert collector.get("/v1/policy").status_code == 200
            postgres.stop("immediate")
            lost = sensor.report(sshd())
            for _ in range(3):
                answer = collector.post(lost)
                assert (answer.status_code, reasons(answer)) == (503, ["busy"])
            token = collector.tokens.pop()
            assert collector.post(enrolment(PrivateKey.generate(), token), "/v1/enrolments").status_code == 503
            assert collector.get("/v1/policy").status_code == 503
            assert collector.get("/-/ready").status_code == 503
            assert collector.get("/-/healthy").status_code == 200
            postgres.start()
            assert reasons(collector.post(lost)) == ["accepted"]
            for _ in range(12):  # each thread has a connection of its own to replace
                assert collector.get("/v1/policy").status_code == 200
                assert collector.get("/-/ready").status_code == 200
            other = collector.enrol(token=token)
            assert reasons(collector.post(other.report(sshd()))) == ["accepted"]
            collector.wait_judged()
            collector.run("agents", "--revoke", other.agent.key_id, "--reason", "test")
            wait_until(lambda: collector.post(other.report()).status_code == 403, 6, "the revocation")
            assert '"problems": 0' in collector.run("verify")


# --- TLS


def certificate(folder: Path) -> tuple[Path, Path, Path]:
    """A CA, and a certificate of it for 127.0.0.1 with its key, as PEM files."""

    def name(said: str) -> x509.Name:
        return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, said)])

    def signed(subject: str, key: ec.EllipticCurvePrivateKey, *, ca: bool) -> x509.Certificate:
        now = dt.datetime.now(dt.UTC)
        return (
            x509.CertificateBuilder()
            .subject_name(name(subject))
            .issuer_name(name("test CA"))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - dt.timedelta(days=1))
            .not_valid_after(now + dt.timedelta(days=1))
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
            .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(root.public_key()), critical=False)
            .add_extension(x509.KeyUsage(
                digital_signature=True, content_commitment=False, key_encipherment=False, data_encipherment=False,
                key_agreement=False, key_cert_sign=ca, crl_sign=ca, encipher_only=False, decipher_only=False,
            ), critical=True)
            .sign(root, hashes.SHA256())
        )  # fmt: skip

    root, own = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    paths = folder / "ca.pem", folder / "server.pem", folder / "server.key"
    paths[0].write_bytes(signed("test CA", root, ca=True).public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(signed("127.0.0.1", own, ca=False).public_bytes(serialization.Encoding.PEM))
    paths[2].write_bytes(
        own.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return paths


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Collector, Path]]:
    folder = tmp_path_factory.mktemp("tls")
    ca, own, key = certificate(folder)
    with Collector.initialised(folder, tls_certificate=own, tls_key=key) as made, made.serving():
        yield made, ca


def test_reports_travel_over_tls_that_the_private_ca_vouches_for(tls: tuple[Collector, Path]) -> None:
    collector, ca = tls
    sensor: Sensor = collector.enrol()
    with requests.Session() as session:
        session.trust_env = False
        for _ in range(3):
            answer = session.post(
                f"{collector.url}/v1/reports",
                data=sensor.report(sshd()).encode(),
                headers=ENVELOPE,
                verify=str(ca),
                timeout=10,
            )
            assert answer.json()["entries"][0]["status"] == "accepted"
        with pytest.raises(requests.exceptions.SSLError):
            session.get(f"{collector.url}/v1/policy", timeout=10)


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_tls_1_2_and_later_are_spoken(tls: tuple[Collector, Path], version: ssl.TLSVersion) -> None:
    collector, ca = tls
    context = ssl.create_default_context(cafile=str(ca))
    context.minimum_version = context.maximum_version = version
    with (
        socket.create_connection(("127.0.0.1", collector.port), timeout=5) as plain,
        context.wrap_socket(plain, server_hostname="127.0.0.1") as connection,
    ):
        connection.sendall(b"GET /-/healthy HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
        assert head_of(connection.recv(1000))[0] == 200


def test_plain_http_at_the_tls_port_is_no_request(tls: tuple[Collector, Path]) -> None:
    collector, _ = tls
    assert head_of(collector.raw(b"GET /-/healthy HTTP/1.1\r\nHost: a\r\n\r\n", timeout=2))[0] == 0
    assert collector.get("/-/healthy").status_code == 200


def test_several_collectors_share_one_ledger_and_each_entry_is_judged_once(tmp_path: Path) -> None:
    with Collector.initialised(tmp_path) as first:
        port = first.port
        second = Collector.at(tmp_path, database=first.environment[PREFIX + "DATABASE"])
        with first.serving(), second.serving():
            assert second.port != port
            sensor = first.enrol()
            reports = [sensor.report(sshd()) for _ in range(60)]
            for one, other in zip(reports[::2], reports[1::2], strict=True):
                assert reasons(first.post(one)) == ["accepted"]
                assert reasons(second.post(other)) == ["accepted"]
                assert reasons(second.post(one)) == ["known"]
            first.wait_judged()
        state = first.query("SELECT version FROM surveillance_targetstate WHERE target_id = %s", sensor.agent.server_id)
        assert 1 <= state[0][0] <= 61
        assert "Traceback" not in first.log
        check = subprocess.run(
            [sys.executable, "-c", COUNT, sensor.agent.server_id],
            env=first.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert check.stdout.split() == ["60", "60", "0"], check.stderr


COUNT = """
import django, sys; django.setup()
from collector.surveillance.models import TargetState
state = TargetState.objects.get(target_id=sys.argv[1]).remembered()
print(state.reports, state.chain.sequence, len(state.chain.holes))
"""
