"""POST /v1/reports at a real server process. Each refusal: status, word, counted, nothing stored, and the server goes on."""

from __future__ import annotations

import contextlib
import gzip
import json
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from collector.ingest.refusal import Refusal
from collector.ledger.models import Kind
from evidence.envelope import PACKED_MEDIA_TYPE, Envelope, pack_envelopes
from evidence.key import PrivateKey
from tests.collector.forging import as_json, flipped, forge, sealed
from tests.collector.process import BATCH, ENVELOPE, Collector, head_of, reasons, wait_until
from tests.collector.world import Sensor, sshd

PACKED = {"content-type": PACKED_MEDIA_TYPE}
GZIP = {"content-encoding": "gzip"}


@contextlib.contextmanager
def counted(served: Collector, *refusals: Refusal, stored: int = 0) -> Iterator[None]:
    """What happens inside is counted under exactly these words, and stores so many entries."""
    before, entries = Counter(served.refused()), served.entries
    yield
    assert Counter(served.refused()) - before == Counter(refusal.word for refusal in refusals)
    assert served.entries - entries == stored


def test_a_report_is_accepted_stored_and_judged(served: Collector, sensor: Sensor) -> None:
    envelope = sensor.report(sshd(permitrootlogin="yes"))
    with counted(served, stored=1):
        answer = served.post(envelope)
    assert (answer.status_code, answer.json()) == (
        200,
        {"entries": [{"status": "accepted", "digest": envelope.digest}]},
    )
    assert answer.headers["cache-control"] == "no-store"
    served.wait_judged()
    found = served.query(
        "SELECT check_code FROM surveillance_finding WHERE target_id = %s AND closed_at IS NULL", sensor.agent.server_id
    )
    assert ("K-SSH-01",) in found


def test_the_same_bytes_again_are_known_and_stored_once(served: Collector, sensor: Sensor) -> None:
    envelope = sensor.report(sshd())
    known = served.metrics()["pantau_collector_reports_known_total"]
    with counted(served, stored=1):
        assert reasons(served.post(envelope)) == ["accepted"]
        again = served.post(envelope)
    assert (again.status_code, again.json()["entries"]) == (200, [{"status": "known", "digest": envelope.digest}])
    assert served.metrics()["pantau_collector_reports_known_total"] == known + 1


def test_the_same_report_in_another_envelope_is_known_too(served: Collector, sensor: Sensor) -> None:
    envelope = sensor.report(sshd())
    served.post(envelope)
    assert reasons(served.post(json.dumps(json.loads(envelope.encode()), indent=3).encode())) == ["known"]


def test_other_bytes_under_one_sequence_are_refused_recorded_and_a_finding(served: Collector, sensor: Sensor) -> None:
    other = forge(sensor, every=61)
    assert served.post(sensor.report(sshd())).status_code == 200
    with counted(served, Refusal.EQUIVOCATION, stored=1):
        answer = served.post(other)
    assert (answer.status_code, reasons(answer)) == (409, ["equivocation"])
    assert answer.json()["entries"][0]["digest"] == other.digest
    kinds = served.query("SELECT kind FROM ledger_entry WHERE agent_id = %s ORDER BY id", sensor.agent.key_id)
    assert kinds == [(Kind.REPORT,), (Kind.EQUIVOCATION,)]
    served.wait_judged()
    found = served.query(
        "SELECT check_code, closed_at FROM surveillance_finding WHERE target_id = %s", sensor.agent.server_id
    )
    assert ("Q-AGT-04", None) in found
    with counted(served, Refusal.EQUIVOCATION):
        assert served.post(other).status_code == 409


REFUSED: list[tuple[str, Refusal, Callable[[Sensor], Envelope | bytes], dict[str, str]]] = [
    ("empty", Refusal.EMPTY, lambda one: b"", {}),
    ("white space", Refusal.EMPTY, lambda one: b"  \n ", {}),
    ("not JSON", Refusal.NOT_AN_ENVELOPE, lambda one: b"<html>", {}),
    ("100,000 nested brackets", Refusal.NOT_AN_ENVELOPE, lambda one: b"[" * 100_000, {}),
    ("100,000 nested objects", Refusal.NOT_AN_ENVELOPE, lambda one: b'{"a":' * 100_000, {}),
    ("nested brackets that are signed", Refusal.NOT_A_REPORT, lambda one: sealed(one, b"[" * 100_000), {}),
    ("nested brackets as a fact", Refusal.NOT_A_REPORT,
     lambda one: sealed(one, forge(one).payload[:-1] + b',"facts":{"sshd":' + b"[" * 100_000 + b"}}"), {}),
    ("a wrong type", Refusal.NOT_AN_ENVELOPE, lambda one: as_json(forge(one), payload=[1]), {}),
    ("an unknown member", Refusal.NOT_AN_ENVELOPE, lambda one: as_json(forge(one), more=1), {}),
    ("bad Base64", Refusal.NOT_AN_ENVELOPE, lambda one: as_json(forge(one), payload="@@"), {}),
    ("an unknown member of the report", Refusal.NOT_A_REPORT, lambda one: forge(one, more=1), {}),
    ("a wrong type in the report", Refusal.NOT_A_REPORT, lambda one: forge(one, sequence="one"), {}),
    ("a stream too long for PostgreSQL", Refusal.NOT_A_REPORT, lambda one: forge(one, stream="a" * 40 + "\n"), {}),
    ("another payload type", Refusal.WRONG_PAYLOAD_TYPE, lambda one: forge(one, media_type="text/plain"), {}),
    ("an unknown key", Refusal.UNKNOWN_KEY, lambda one: forge(one, key=PrivateKey.generate()), {}),
    ("a wrong signature", Refusal.BAD_SIGNATURE, lambda one: flipped(forge(one)), {}),
    ("another server", Refusal.WRONG_TARGET, lambda one: forge(one, target="srv-elsewhere"), {}),
    ("two hours ahead", Refusal.CLOCK, lambda one: forge(one, taken_at=datetime.now(UTC) + timedelta(hours=2)), {}),
    ("a year old", Refusal.CLOCK, lambda one: forge(one, taken_at=datetime.now(UTC) - timedelta(days=365)), {}),
    ("larger than the limit", Refusal.TOO_LARGE, lambda one: b"x" * ((1 << 20) + 1), {}),
    ("a gzip bomb", Refusal.TOO_LARGE, lambda one: gzip.compress(b" " * (64 << 20)), GZIP),
    ("not gzip", Refusal.BAD_ENCODING, lambda one: forge(one).encode(), GZIP),
    ("an empty gzip body", Refusal.BAD_ENCODING, lambda one: b"", GZIP),
    ("gzip cut short", Refusal.BAD_ENCODING, lambda one: gzip.compress(forge(one).encode())[:-9], GZIP),
    ("gzip with a wrong checksum", Refusal.BAD_ENCODING,
     lambda one: gzip.compress(forge(one).encode())[:-8] + bytes(8), GZIP),
    ("two gzip members", Refusal.BAD_ENCODING, lambda one: gzip.compress(forge(one).encode()) * 2, GZIP),
    ("something after gzip", Refusal.BAD_ENCODING, lambda one: gzip.compress(forge(one).encode()) + b"\n", GZIP),
    ("zlib called gzip", Refusal.BAD_ENCODING, lambda one: zlib.compress(forge(one).encode()), GZIP),
    ("brotli", Refusal.BAD_ENCODING, lambda one: b"x", {"content-encoding": "br"}),
    ("gzip twice", Refusal.BAD_ENCODING, lambda one: gzip.compress(b"x"), {"content-encoding": "gzip, gzip"}),
    ("an empty batch", Refusal.EMPTY, lambda one: b"\n\n \n", BATCH),
    ("a batch of 1,001 lines", Refusal.TOO_LARGE, lambda one: b"{}\n" * 1001, BATCH),
    ("an empty packed body", Refusal.EMPTY, lambda one: b"", PACKED),
    ("an empty packed array", Refusal.EMPTY, lambda one: b"\x90", PACKED),
    ("a packed map", Refusal.NOT_AN_ENVELOPE, lambda one: b"\x80", PACKED),
    ("packed nothing", Refusal.NOT_AN_ENVELOPE, lambda one: b"\x91\xc0", PACKED),
    ("packed JSON", Refusal.NOT_AN_ENVELOPE, lambda one: forge(one).encode(), PACKED),
    ("a packed array cut short", Refusal.NOT_AN_ENVELOPE,
     lambda one: pack_envelopes([forge(one).packed()])[:-5], PACKED),
    ("one bad envelope in a packed array", Refusal.NOT_AN_ENVELOPE,
     lambda one: pack_envelopes([forge(one).packed(), b"\x01"]), PACKED),
    ("packed bytes that are no UTF-8", Refusal.NOT_AN_ENVELOPE, lambda one: b"\x91\x81\xa2\xff\xfe\xc0", PACKED),
    ("100,000 packed arrays in one another", Refusal.NOT_AN_ENVELOPE, lambda one: b"\x91" * 100_000, PACKED),
    ("a packed array of four thousand million", Refusal.TOO_LARGE, lambda one: b"\xdd\xff\xff\xff\xff", PACKED),
    ("a packed array of 1,001", Refusal.TOO_LARGE, lambda one: pack_envelopes([forge(one).packed()] * 1001),
     PACKED),
    ("8 MiB of empty lines", Refusal.TOO_LARGE, lambda one: gzip.compress(b"\n" * (8 << 20)), BATCH | GZIP),
]  # fmt: skip


@pytest.mark.parametrize(("refusal", "make", "headers"), [one[1:] for one in REFUSED], ids=[one[0] for one in REFUSED])
def test_what_is_refused_has_its_status_its_word_and_its_count_and_is_not_stored(
    served: Collector,
    sensor: Sensor,
    refusal: Refusal,
    make: Callable[[Sensor], Envelope | bytes],
    headers: dict[str, str],
) -> None:
    with counted(served, refusal):
        answer = served.post(make(sensor), headers=headers)
    assert (answer.status_code, reasons(answer)) == (refusal.status, [refusal.word])
    assert answer.json()["entries"][0]["detail"]
    assert reasons(served.post(sensor.report())) == ["accepted"]  # the server, and this very agent, go on


def test_a_good_report_may_be_compressed(served: Collector, sensor: Sensor) -> None:
    assert reasons(served.post(gzip.compress(sensor.report(sshd()).encode()), headers=GZIP)) == ["accepted"]


def test_exactly_the_limit_is_not_too_large(served: Collector, sensor: Sensor) -> None:
    raw = sensor.report(sshd()).encode()
    assert reasons(served.post(raw + b" " * ((1 << 20) - len(raw)))) == ["accepted"]
    raw = sensor.report(sshd()).encode()
    assert reasons(served.post(gzip.compress(raw + b" " * ((8 << 20) - len(raw))), headers=GZIP)) == ["accepted"]


def test_a_body_that_only_says_it_is_too_large_is_refused_unread(served: Collector) -> None:
    with counted(served, Refusal.TOO_LARGE):
        status, body = head_of(
            served.raw(b"POST /v1/reports HTTP/1.1\r\nHost: a\r\nContent-Length: 1048577\r\n\r\n", timeout=1)
        )
    assert (status, json.loads(body)["entries"][0]["reason"]) == (413, "too_large")


def test_a_chunked_body_is_refused_at_the_first_byte_too_many(served: Collector, sensor: Sensor) -> None:
    def endless() -> Iterator[bytes]:
        for _ in range(64):
            yield b"x" * 65536

    with counted(served, Refusal.TOO_LARGE), contextlib.suppress(OSError):
        status, _ = head_of(
            served.raw(
                b"POST /v1/reports HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                + b"".join(b"%x\r\n%b\r\n" % (len(chunk), chunk) for chunk in endless()),
                timeout=2,
            )
        )
        assert status in (413, 0)  # the answer may be lost: we were still sending
    assert reasons(served.post(sensor.report())) == ["accepted"]


def test_a_chunked_body_that_is_good_is_accepted(served: Collector, sensor: Sensor) -> None:
    raw = sensor.report().encode()
    status, _ = head_of(
        served.raw(
            b"POST /v1/reports HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
            + b"".join(b"%x\r\n%b\r\n" % (1, raw[at : at + 1]) for at in range(len(raw)))
            + b"0\r\n\r\n"
        )
    )
    assert status == 200


@pytest.mark.parametrize(
    "broken",
    [
        b"POST /v1/reports HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc",
        b"POST /v1/reports HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\nabc\r\n0\r\n\r\n",
        b"POST /v1/reports HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nabc",
        b"POST /v1/reports HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef",
        b"POST /v1/reports HTTP/1.1\r\nHost: a\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\nabc",
        b"POST /v1/reports HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\nabc",
        b"POST /v1/reports HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\nContent-Length: 1000\r\n\r\nabc",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"\r\n" * 1000 + b"\0",
        b"GET / HTTP/9.9\r\n\r\n",
    ],
)
def test_a_request_that_is_no_http_is_answered_with_an_error_or_closed(
    served: Collector, sensor: Sensor, broken: bytes
) -> None:
    entries = served.entries
    status, _ = head_of(served.raw(broken, timeout=4))
    assert status in (0, 400, 408, 413, 505)
    assert served.entries == entries
    assert reasons(served.post(sensor.report())) == ["accepted"]


def test_half_a_request_is_let_go_after_the_limit(served: Collector, sensor: Sensor) -> None:
    with counted(served, Refusal.INCOMPLETE):
        received = served.raw(b"POST /v1/reports HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n{", timeout=8)
    status, body = head_of(received)
    assert (status, json.loads(body)["entries"][0]["reason"]) == (408, "incomplete")
    assert b"connection: close" in received.lower()
    assert reasons(served.post(sensor.report())) == ["accepted"]


def test_a_sender_that_leaves_in_the_middle_is_counted_and_nothing_is_stored(served: Collector, sensor: Sensor) -> None:
    import socket

    before, entries = served.refused().get("incomplete", 0), served.entries
    raw = sensor.report().encode()
    with socket.create_connection(("127.0.0.1", served.port)) as connection:
        connection.sendall(b"POST /v1/reports HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % len(raw) + raw[:-10])
    wait_until(lambda: served.refused().get("incomplete", 0) == before + 1, 5, "the refusal")
    assert served.entries == entries
    assert reasons(served.post(raw)) == ["accepted"]


@pytest.mark.parametrize(
    ("method", "path", "status", "allow"),
    [
        ("GET", "/v1/reports", 405, "POST"),
        ("PUT", "/v1/reports", 405, "POST"),
        ("HEAD", "/v1/enrolments", 405, "POST"),
        ("DELETE", "/v1/policy", 405, "GET, HEAD"),
        ("POST", "/v1/nothing", 404, None),
        ("POST", "/v1/reports/", 404, None),
        ("GET", "/v1/", 404, None),
        ("BREW", "/v1/reports", 405, "POST"),
    ],
)
def test_other_methods_and_paths_are_refused(
    served: Collector, method: str, path: str, status: int, allow: str | None
) -> None:
    import httpx

    with counted(served, Refusal.METHOD if status == 405 else Refusal.NOT_FOUND):
        answer = httpx.request(method, served.url + path, trust_env=False)
    assert (answer.status_code, answer.headers.get("allow")) == (status, allow)


def test_a_head_too_large_is_refused_and_the_server_goes_on(served: Collector, sensor: Sensor) -> None:
    for bomb in (b"A: " + b"x" * (2 << 20), b"\r\n".join(b"H%d: x" % number for number in range(5000))):
        status, _ = head_of(served.raw(b"POST /v1/reports HTTP/1.1\r\nHost: a\r\n" + bomb + b"\r\n\r\n", timeout=3))
        assert status in (0, 431)
    assert reasons(served.post(sensor.report())) == ["accepted"]


def test_pipelined_requests_are_answered_in_their_order(served: Collector, sensor: Sensor) -> None:
    good, late = sensor.report(), sensor.report()
    requests = [good.encode(), b"{}", late.encode()]
    head = "POST /v1/reports HTTP/1.1\r\nHost: a\r\nContent-Type: {}\r\nContent-Length: {}\r\n\r\n"
    raw = b"".join(head.format(ENVELOPE["content-type"], len(body)).encode() + body for body in requests)
    received = served.raw(raw + b"GET /v1/policy HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", timeout=5)
    said = [part.split(b" ", 1)[0] for part in received.split(b"HTTP/1.1 ")[1:]]
    assert said == [b"200", b"400", b"200", b"200"]
    assert received.index(good.digest.encode()) < received.index(late.digest.encode())


def test_a_batch_is_answered_line_by_line_and_the_bad_hold_back_none(served: Collector, sensor: Sensor) -> None:
    first, second, third = (sensor.report() for _ in range(3))
    stranger = forge(sensor, key=PrivateKey.generate())
    lines = [first, b"no JSON", second, stranger, flipped(third), first, third, b"[" * 1000]
    with counted(
        served,
        Refusal.NOT_AN_ENVELOPE, Refusal.UNKNOWN_KEY, Refusal.BAD_SIGNATURE, Refusal.NOT_AN_ENVELOPE,
        stored=3,
    ):  # fmt: skip
        answer = served.post_batch(*lines)
    assert answer.status_code == 200
    assert reasons(answer) == [
        "accepted", "not_an_envelope", "accepted", "unknown_key", "bad_signature", "known", "accepted", "not_an_envelope",
    ]  # fmt: skip


def test_a_packed_array_is_answered_envelope_by_envelope(served: Collector, sensor: Sensor) -> None:
    first, second = sensor.report(), sensor.report()
    envelopes = [first, flipped(second), second, first, forge(sensor, key=PrivateKey.generate())]
    body = pack_envelopes([one.packed() for one in envelopes])
    with counted(served, Refusal.BAD_SIGNATURE, Refusal.UNKNOWN_KEY, stored=2):
        answer = served.post(gzip.compress(body), headers=PACKED | GZIP)
    assert answer.status_code == 200
    assert reasons(answer) == ["accepted", "bad_signature", "accepted", "known", "unknown_key"]


def test_a_report_is_the_same_packed_or_not(served: Collector, sensor: Sensor) -> None:
    envelope = sensor.report()
    assert reasons(served.post(envelope)) == ["accepted"]
    assert reasons(served.post(pack_envelopes([envelope.packed()]), headers=PACKED)) == ["known"]


def test_an_agent_that_sends_more_than_it_may_is_told_to_wait_and_only_verified_reports_count(tmp_path: Path) -> None:
    with Collector.initialised(tmp_path, agent_burst=3, agent_per_minute=1) as collector, collector.serving():
        one, other = collector.enrol("spse1.contoh.go.id"), collector.enrol("spse2.contoh.go.id")
        for _ in range(10):
            assert reasons(collector.post(flipped(one.report()))) == ["bad_signature"]
        reports = [one.report() for _ in range(5)]
        assert reasons(collector.post_batch(*reports)) == ["accepted", "accepted", "accepted", "rate", "rate"]
        answer = collector.post(reports[3])
        assert (answer.status_code, reasons(answer), answer.headers["retry-after"]) == (429, ["rate"], "30")
        assert reasons(collector.post(other.report())) == ["accepted"]


def test_a_batch_may_contradict_itself(served: Collector, sensor: Sensor) -> None:
    one, other = forge(sensor, every=60), forge(sensor, every=61)
    with counted(served, Refusal.EQUIVOCATION, stored=2):
        assert reasons(served.post_batch(one, other, one)) == ["accepted", "equivocation", "known"]


def test_a_full_batch_of_1000_reports_is_stored_in_order(served: Collector, sensor: Sensor) -> None:
    reports = [sensor.report() for _ in range(1000)]
    with counted(served, stored=1000):
        assert set(reasons(served.post_batch(*reports))) == {"accepted"}
    rows = served.query("SELECT digest FROM ledger_entry WHERE agent_id = %s ORDER BY id", sensor.agent.key_id)
    assert [digest for (digest,) in rows] == [report.digest for report in reports]


def test_one_report_from_many_connections_at_once_is_accepted_once(served: Collector, sensor: Sensor) -> None:
    for _ in range(5):
        envelope = sensor.report(sshd())
        with ThreadPoolExecutor(8) as pool:
            said = Counter(reasons(answer)[0] for answer in pool.map(served.post, [envelope] * 16))
        assert said == {"accepted": 1, "known": 15}
    rows = served.query("SELECT count(*) FROM ledger_entry WHERE agent_id = %s", sensor.agent.key_id)
    assert rows == [(5,)]


def test_an_agent_may_report_the_moment_it_is_enrolled_and_again(served: Collector) -> None:
    for _ in range(5):
        assert reasons(served.post(served.enrol().report())) == ["accepted"]


def test_a_flood_of_unknown_keys_does_not_lock_out_the_honest(served: Collector, sensor: Sensor) -> None:
    strangers = [forge(sensor, key=PrivateKey.generate()) for _ in range(60)]
    with ThreadPoolExecutor(8) as pool:
        flood = [pool.submit(served.post, stranger) for stranger in strangers]
        assert reasons(served.post(sensor.report())) == ["accepted"]
        assert {reasons(one.result())[0] for one in flood} == {"unknown_key"}


def test_a_key_that_is_revoked_while_serving_is_refused_within_seconds(served: Collector) -> None:
    sensor = served.enrol()
    assert reasons(served.post(sensor.report())) == ["accepted"]
    served.run("agents", "--revoke", sensor.agent.key_id[:16], "--reason", "test")

    def refused() -> bool:
        answer = served.post(sensor.report())
        return (answer.status_code, reasons(answer)) == (403, ["revoked_key"])

    wait_until(refused, 5, "the revocation")


def test_a_late_report_is_accepted_and_counted_as_late(served: Collector, sensor: Sensor) -> None:
    late = served.metrics()["pantau_collector_reports_late_total"]
    assert reasons(served.post(sensor.report(at=datetime.now(UTC) - timedelta(days=2)))) == ["accepted"]
    assert served.metrics()["pantau_collector_reports_late_total"] == late + 1


def test_refusals_are_logged_with_their_word(served: Collector) -> None:
    served.post(b"no JSON, but a marker")
    assert "event=refused reason=not_an_envelope" in served.log


def test_what_a_refusal_says_cannot_break_the_log(served: Collector, sensor: Sensor) -> None:
    served.post(forge(sensor, target="x\nevent=forged"))
    assert "\nevent=forged" not in served.log
