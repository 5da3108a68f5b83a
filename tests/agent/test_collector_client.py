from __future__ import annotations

import email.utils
import gzip
import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from agent.collector_client import LONGEST_AFTER, MOST_ANSWER, CollectorClient, RefusedByCollector, Unreachable
from checks import SOFTWARE
from evidence.enrolment import Enrolled
from evidence.envelope import PACKED_MEDIA_TYPE, Envelope, pack_envelopes
from evidence.envelope import seal as sealed
from evidence.key import PrivateKey
from tests.agent.collector_stand_in import CollectorStandIn, Said, answered, json_of, refused
from tests.agent.parts import enrolled, seal, settings, spool

HTML = Said(200, b"<html>Selamat datang di hotspot</html>", {"Content-Type": "text/html"})


@pytest.fixture
def envelopes(tmp_path: Path) -> list[bytes]:
    kept = spool(tmp_path)
    seal(kept, enrolled(settings(tmp_path)), 3)
    return [one.envelope for one in kept.waiting(most=3, most_bytes=1 << 30)]


def client(server: CollectorStandIn, tmp_path: Path, **changed: object) -> CollectorClient:
    return CollectorClient(server.url, settings(tmp_path, **{"timeout": 2.0, **changed}))


def say(server: CollectorStandIn, said: Said) -> None:
    server.answer = lambda asked: said


def test_reports_go_packed_and_compressed(collector: CollectorStandIn, tmp_path: Path, envelopes: list[bytes]) -> None:
    one = client(collector, tmp_path).push(envelopes[:1])
    three = client(collector, tmp_path).push(envelopes)
    assert [entry.status for entry in one + three] == ["accepted", "known", "accepted", "accepted"]
    assert [asked.headers["content-type"] for asked in collector.asked] == [PACKED_MEDIA_TYPE] * 2
    assert {asked.headers["user-agent"] for asked in collector.asked} == {SOFTWARE.replace(" ", "/")}
    assert gzip.decompress(collector.asked[1].body) == pack_envelopes(envelopes)


def test_an_address_with_a_slash_at_its_end_is_the_same_address(
    collector: CollectorStandIn, tmp_path: Path, envelopes: list[bytes]
) -> None:
    CollectorClient(collector.url + "/", settings(tmp_path)).push(envelopes)
    assert collector.asked[0].path == "/v1/reports"


@pytest.mark.parametrize(
    "said",
    [
        HTML, Said(200, b""), Said(200, b"null"), Said(200, b"[]"), Said(200, b'{"entries":'), Said(200, b"\xff\xfe"),
        Said(200, b'{"entries":' + b"[" * 100_000), Said(200, b'{"x":' + b"[" * 100_000 + b"]" * 100_000 + b"}"),
        Said(200, b'{"entries":[{"status":1}]}'), Said(204), Said(404, HTML.body), Said(500, HTML.body), Said(407, HTML.body),
        Said(302, b"", {"Location": "http://192.0.2.1/"}), Said(301, b"", {"Location": "/v1/reports"}), answered(),
        answered({"status": "accepted"}), Said(200, gzip.compress(b'{"entries":[]}', mtime=0), {"Content-Encoding": "gzip"}),
        Said(200, b"short", {"Content-Length": "100"}),
    ],
    ids=lambda said: f"{said.status} {said.body[:24]!r}",
)  # fmt: skip
def test_an_answer_that_is_not_the_collectors_is_a_broken_road(
    collector: CollectorStandIn, tmp_path: Path, envelopes: list[bytes], said: Said
) -> None:
    say(collector, said)
    with pytest.raises(Unreachable):
        client(collector, tmp_path).push(envelopes)
    for ask in (client(collector, tmp_path).policy, lambda: client(collector, tmp_path).enrol(any_envelope())):
        with pytest.raises(Unreachable):
            ask()


def any_envelope() -> Envelope:
    return sealed("x", b"{}", PrivateKey.generate())


def test_an_answer_of_ten_megabytes_is_cut_off(
    collector: CollectorStandIn, tmp_path: Path, envelopes: list[bytes]
) -> None:
    say(collector, Said(200, b'{"entries":[' + b" " * (10 << 20)))
    with pytest.raises(Unreachable, match=f"answered more than {MOST_ANSWER} bytes"):
        client(collector, tmp_path).push(envelopes)


@pytest.mark.parametrize("count", [1, 2, 4])
def test_a_wrong_number_of_acknowledgements_acknowledges_nothing(
    collector: CollectorStandIn, tmp_path: Path, envelopes: list[bytes], count: int
) -> None:
    say(collector, answered(*[{"status": "accepted", "digest": "0" * 64}] * count))
    with pytest.raises(Unreachable, match=f"acknowledges {count} of 3 reports"):
        client(collector, tmp_path).push(envelopes)


def test_a_refusal_of_the_whole_request_gives_the_collectors_word_and_sentence(
    collector: CollectorStandIn, tmp_path: Path, envelopes: list[bytes]
) -> None:
    say(collector, refused("too_large", 413))
    with pytest.raises(RefusedByCollector, match="too_large: because too_large") as error:
        client(collector, tmp_path).push(envelopes)
    assert error.value.reason == "too_large"
    say(collector, refused("not_enrolled", 403))
    with pytest.raises(RefusedByCollector, match="not_enrolled"):
        client(collector, tmp_path).policy()


def test_members_of_a_later_collector_are_ignored(
    collector: CollectorStandIn, tmp_path: Path, envelopes: list[bytes]
) -> None:
    entry = {"status": "accepted", "digest": "d", "position": 7, "receipt": {"root": "x"}}
    say(collector, answered(entry, entry, entry, server_time="2031-01-01", next={"after": 5}))
    assert [one.digest for one in client(collector, tmp_path).push(envelopes)] == ["d", "d", "d"]


def test_an_enrolment_answer_of_a_later_collector_is_understood(collector: CollectorStandIn, tmp_path: Path) -> None:
    made = json.loads(json_of(Enrolled("srv-9", "LPSE", collector.key.public.raw, collector.sealed_policy())))
    say(collector, Said(200, json.dumps({**made, "region": "jawa"}).encode()))
    assert client(collector, tmp_path).enrol(any_envelope()).server == "srv-9"


@pytest.mark.parametrize("status", [429, 502, 503, 504])
@pytest.mark.parametrize(
    ("after", "low", "high"),
    [
        ("120", 120, 120), ("0", 0, 0), ("-5", None, None), ("soon", None, None), ("", None, None), ("²", None, None),
        ("99999999999999999999", None, None), ("999999999", LONGEST_AFTER, LONGEST_AFTER), ("in 90 s", 85, 90),
        ("90 s ago", 0, 0), ("Mon, 01 Jan 0001 00:00:00 -0000", 0, 0), ("Fri, 99 Foo 2031", None, None),
    ],
)  # fmt: skip
def test_who_is_asked_to_wait_waits_so_long(
    collector: CollectorStandIn, tmp_path: Path, envelopes: list[bytes], status: int, after: str, low: float | None,
    high: float | None,
) -> None:  # fmt: skip
    said = {"in 90 s": timedelta(seconds=90), "90 s ago": timedelta(seconds=-90)}.get(after)
    header = email.utils.format_datetime(datetime.now(UTC) + said, usegmt=True) if said else after
    say(collector, Said(status, b"busy", {"Retry-After": header}))
    with pytest.raises(Unreachable, match=f"answered {status}") as error:
        client(collector, tmp_path).push(envelopes)
    if low is None or error.value.after is None:
        assert error.value.after is None or low is not None
    else:
        assert high is not None
        assert low <= error.value.after <= high


def test_a_date_to_wait_for_counts_by_the_collectors_clock_not_by_ours(
    collector: CollectorStandIn, tmp_path: Path, envelopes: list[bytes]
) -> None:
    there = datetime(2001, 9, 9, tzinfo=UTC)
    headers = {
        "Date": email.utils.format_datetime(there, usegmt=True),
        "Retry-After": email.utils.format_datetime(there + timedelta(seconds=300), usegmt=True),
    }
    say(collector, Said(503, b"", headers))
    with pytest.raises(Unreachable) as error:
        client(collector, tmp_path).push(envelopes)
    assert error.value.after == 300


@pytest.mark.parametrize("offset", [0, 3600, -86400])
def test_the_clock_offset_is_seen_from_the_date_of_an_answer(
    collector: CollectorStandIn, tmp_path: Path, envelopes: list[bytes], offset: int
) -> None:
    there = datetime.now(UTC) - timedelta(seconds=offset)
    entries = [{"status": "accepted", "digest": ""}] * 3
    said = answered(*entries)
    say(collector, Said(200, said.body, {"Date": email.utils.format_datetime(there, usegmt=True)}))
    known = client(collector, tmp_path)
    known.push(envelopes)
    assert known.clock_offset == pytest.approx(offset, abs=1.2)


@pytest.mark.parametrize(
    "date", ["", "yesterday", "Mon, 01 Jan 0001 00:00:00 GMT", "\x01", "Mon, 32 Jan 2031 00:00:00 GMT"]
)
def test_a_date_that_makes_no_sense_disturbs_nothing(
    collector: CollectorStandIn, tmp_path: Path, envelopes: list[bytes], date: str
) -> None:
    say(collector, Said(200, answered(*[{"status": "accepted"}] * 3).body, {"Date": date}))
    assert len(client(collector, tmp_path).push(envelopes)) == 3


def test_nobody_listens(tmp_path: Path, envelopes: list[bytes]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(Unreachable, match="Connection refused"):
        CollectorClient(f"http://127.0.0.1:{port}", settings(tmp_path)).push(envelopes)


@pytest.mark.parametrize("url", ["http://pantau.invalid", "http://[::1", "http://127.0.0.1:99999", "http://"])
def test_an_address_that_leads_nowhere(tmp_path: Path, envelopes: list[bytes], url: str) -> None:
    with pytest.raises(Unreachable):
        CollectorClient(url, settings(tmp_path, timeout=1.0)).push(envelopes)


@contextmanager
def raw_server(answer: bytes, hold: float = 0.0) -> Iterator[str]:
    """Answers every request with `answer` as it is, then closes (after `hold` seconds)."""
    with closing(socket.create_server(("127.0.0.1", 0))) as server:

        def serve() -> None:
            while True:
                try:
                    line, _ = server.accept()
                except OSError:
                    return
                with line:
                    line.recv(1 << 20)
                    line.sendall(answer)
                    time.sleep(hold)

        threading.Thread(target=serve, daemon=True).start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


@pytest.mark.parametrize(
    "answer",
    [
        b"", b"SSH-2.0-OpenSSH\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{\"entr",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc", b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nabc", b"HTTP/1.1 999999 X\r\n\r\n", b"\x00" * 1000,
    ],
)  # fmt: skip
def test_half_an_answer_and_garbage_are_a_broken_road(tmp_path: Path, envelopes: list[bytes], answer: bytes) -> None:
    with raw_server(answer) as url, pytest.raises(Unreachable, match=url):
        CollectorClient(url, settings(tmp_path, timeout=1.0)).push(envelopes)


def test_a_collector_that_never_answers_is_given_up(tmp_path: Path, envelopes: list[bytes]) -> None:
    start = time.monotonic()
    with raw_server(b"", hold=5) as url, pytest.raises(Unreachable, match="timed out"):
        CollectorClient(url, settings(tmp_path, timeout=0.3)).push(envelopes)
    assert time.monotonic() - start < 4
