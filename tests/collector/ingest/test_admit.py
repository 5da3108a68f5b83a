from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.catalogue import catalogue
from checks.policy import Policy, rulebook
from collector.ingest.admit import Clock, Known, admit
from collector.ingest.refusal import Refusal, Refused
from collector.registry.models import Agent
from evidence.envelope import Envelope
from evidence.key import PrivateKey
from tests.collector.forging import as_json, base64_url, flipped, forge, sealed, under_another_name, without_pae
from tests.collector.world import Sensor, sshd

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
CLOCK = Clock(NOW, timedelta(hours=1), timedelta(days=60))
VECTORS = Path(__file__).parents[3] / "docs" / "vectors"


def make_sensor() -> Sensor:
    key = PrivateKey.generate()
    return Sensor(Agent(key_id=key.public.id, server_id="srv-0001"), key, rulebook(catalogue(), Policy()))


@pytest.fixture
def sensor() -> Sensor:
    return make_sensor()


def keys_of(sensor: Sensor, *, revoked: bool = False) -> dict[str, Known]:
    return {sensor.key.public.id: Known(sensor.key.public, frozenset({"srv-0001"}), revoked)}


def why(raw: bytes | Envelope, keys: dict[str, Known], clock: Clock = CLOCK) -> Refusal:
    with pytest.raises(Refused) as refused:
        admit(raw.encode() if isinstance(raw, Envelope) else raw, keys, clock)
    assert refused.value.detail
    return refused.value.refusal


def test_a_good_report_is_believed_with_its_digest_its_agent_and_its_time_of_receipt(sensor: Sensor) -> None:
    envelope = sensor.report(sshd(), at=NOW)
    admitted = admit(envelope.encode(), keys_of(sensor), CLOCK)
    assert admitted.report.sequence == 1
    assert admitted.report.facts.keys() == {"sshd"}
    assert (admitted.digest, admitted.agent, admitted.received_at) == (envelope.digest, sensor.key.public.id, NOW)
    assert admitted.envelope == envelope


HOSTILE: list[tuple[str, Refusal, Callable[[Sensor], bytes | Envelope]]] = [
    ("nothing", Refusal.EMPTY, lambda one: b""),
    ("white space", Refusal.EMPTY, lambda one: b" \r\n\t "),
    ("not JSON", Refusal.NOT_AN_ENVELOPE, lambda one: b"<html>Login</html>"),
    ("half of an envelope", Refusal.NOT_AN_ENVELOPE, lambda one: forge(one).encode()[:100]),
    ("100,000 nested brackets", Refusal.NOT_AN_ENVELOPE, lambda one: b"[" * 100_000),
    ("100,000 nested objects in a member", Refusal.NOT_AN_ENVELOPE,
     lambda one: b'{"payload":' + b'{"a":' * 100_000),
    ("no object", Refusal.NOT_AN_ENVELOPE, lambda one: b"[1, 2]"),
    ("a wrong type", Refusal.NOT_AN_ENVELOPE, lambda one: as_json(forge(one), payloadType=7)),
    ("an unknown member", Refusal.NOT_AN_ENVELOPE, lambda one: as_json(forge(one), version=1)),
    ("bad Base64", Refusal.NOT_AN_ENVELOPE, lambda one: as_json(forge(one), payload="!!!!")),
    ("Base64 without padding", Refusal.NOT_AN_ENVELOPE, lambda one: as_json(forge(one), payload="YQ")),
    ("Base64 for URLs", Refusal.NOT_AN_ENVELOPE, lambda one: as_json(forge(one), payload=base64_url(b"\xfb\xff\xfe"))),
    ("no signature", Refusal.NOT_AN_ENVELOPE, lambda one: as_json(forge(one), signatures=[])),
    ("two signatures", Refusal.NOT_AN_ENVELOPE,
     lambda one: as_json(forge(one), signatures=json.loads(forge(one).encode())["signatures"] * 2)),
    ("bytes that are no UTF-8", Refusal.NOT_AN_ENVELOPE, lambda one: b'{"payload":"\xff"}'),
    ("a lone surrogate", Refusal.NOT_AN_ENVELOPE, lambda one: b'{"payloadType":"\\ud800"}'),
    ("another payload type", Refusal.WRONG_PAYLOAD_TYPE, lambda one: forge(one, media_type="application/json")),
    ("a policy's payload type", Refusal.WRONG_PAYLOAD_TYPE,
     lambda one: forge(one, media_type="application/vnd.pantau.policy.v1+json")),
    ("an unknown key", Refusal.UNKNOWN_KEY, lambda one: forge(one, key=PrivateKey.generate())),
    ("no key id", Refusal.UNKNOWN_KEY, lambda one: under_another_name(forge(one), "")),
    ("a flipped bit", Refusal.BAD_SIGNATURE, lambda one: flipped(forge(one))),
    ("a stranger's signature", Refusal.BAD_SIGNATURE,
     lambda one: under_another_name(forge(one, key=PrivateKey.generate()), one.key.public.id)),
    ("a signature of no bytes", Refusal.BAD_SIGNATURE,
     lambda one: as_json(forge(one), signatures=[{"sig": "", "keyid": one.key.public.id}])),
    ("signed without the PAE", Refusal.BAD_SIGNATURE, lambda one: without_pae(forge(one), one.key)),
    ("a payload that is no JSON", Refusal.NOT_A_REPORT, lambda one: sealed(one, b"\x00\x01")),
    ("an empty payload", Refusal.NOT_A_REPORT, lambda one: sealed(one, b"")),
    ("a payload of nested brackets", Refusal.NOT_A_REPORT, lambda one: sealed(one, b"[" * 100_000)),
    ("a report with an unknown member", Refusal.NOT_A_REPORT, lambda one: forge(one, hostname="a")),
    ("a report without a member", Refusal.NOT_A_REPORT, lambda one: forge(one, boot_id=None)),
    ("sequence 0", Refusal.NOT_A_REPORT, lambda one: forge(one, sequence=0)),
    ("sequence 2**63", Refusal.NOT_A_REPORT, lambda one: forge(one, sequence=2**63)),
    ("a sequence that is a string", Refusal.NOT_A_REPORT, lambda one: forge(one, sequence="1")),
    ("a stream in capitals", Refusal.NOT_A_REPORT, lambda one: forge(one, stream="ABC")),
    ("a stream that is too long", Refusal.NOT_A_REPORT, lambda one: forge(one, stream="a" * 41)),
    ("a stream with a line feed", Refusal.NOT_A_REPORT, lambda one: forge(one, stream="a" * 40 + "\n")),
    ("a NUL", Refusal.NOT_A_REPORT, lambda one: forge(one, boot_id="a\0b")),
    ("a time without zone", Refusal.NOT_A_REPORT, lambda one: forge(one, taken_at="2026-11-23T03:00:00")),
    ("a status of the collector", Refusal.NOT_A_REPORT,
     lambda one: forge(one, results=[{"check": "K-SSH-01", "status": "waived"}])),
    ("a number that is none", Refusal.NOT_A_REPORT,
     lambda one: sealed(one, forge(one).payload.replace(b'"every": 60', b'"every": 60, "clock_offset": NaN'))),
    ("another server's report", Refusal.WRONG_TARGET, lambda one: forge(one, target="srv-0002")),
    ("two hours ahead", Refusal.CLOCK, lambda one: forge(one, taken_at=NOW + timedelta(hours=2))),
    ("three months old", Refusal.CLOCK, lambda one: forge(one, taken_at=NOW - timedelta(days=90))),
    ("the year 1", Refusal.CLOCK, lambda one: forge(one, taken_at="0001-01-01T00:00:00+14:00")),
    ("the year 9999", Refusal.CLOCK, lambda one: forge(one, taken_at="9999-12-31T23:59:59-12:00")),
]  # fmt: skip


@pytest.mark.parametrize(("refusal", "make"), [case[1:] for case in HOSTILE], ids=[case[0] for case in HOSTILE])
def test_what_is_not_a_good_report_is_refused_for_its_own_reason(
    sensor: Sensor, refusal: Refusal, make: Callable[[Sensor], bytes | Envelope]
) -> None:
    assert why(make(sensor), keys_of(sensor)) is refusal


def test_a_revoked_key_is_refused_before_its_signature_is_looked_at(sensor: Sensor) -> None:
    assert why(forge(sensor), keys_of(sensor, revoked=True)) is Refusal.REVOKED_KEY
    assert why(flipped(forge(sensor)), keys_of(sensor, revoked=True)) is Refusal.REVOKED_KEY


def test_nothing_of_the_payload_is_parsed_before_the_signature_holds(sensor: Sensor) -> None:
    assert why(flipped(sealed(sensor, b"no JSON at all")), keys_of(sensor)) is Refusal.BAD_SIGNATURE


@pytest.mark.parametrize(
    ("offset", "good"),
    [
        (timedelta(hours=1), True),
        (timedelta(hours=1, seconds=1), False),
        (timedelta(days=-60), True),
        (timedelta(days=-60, seconds=-1), False),
    ],
)
def test_a_clock_may_be_wrong_up_to_the_limits(sensor: Sensor, offset: timedelta, good: bool) -> None:
    envelope = forge(sensor, taken_at=(NOW + offset).astimezone(timezone(timedelta(hours=7))))
    if good:
        assert admit(envelope.encode(), keys_of(sensor), CLOCK).report.taken_at == NOW + offset
    else:
        assert why(envelope, keys_of(sensor)) is Refusal.CLOCK


def test_each_vector_of_the_wire_is_refused_with_its_word() -> None:
    vectors = json.loads((VECTORS / "refused.json").read_text())
    keys = json.loads((VECTORS / "keys.json").read_text())
    from evidence.key import PublicKey

    public = PublicKey.from_raw(bytes.fromhex(keys["agent"]["public_key"]))
    known = {public.id: Known(public, frozenset({"srv-5f2b6c1d9e8a7040"}), False)}
    clock = Clock(msgspec.convert(vectors["now"], datetime), CLOCK.ahead, CLOCK.behind)
    judged = 0
    for case in vectors["cases"]:
        if case["refusal"] == Refusal.EQUIVOCATION.word:
            continue  # needs the ledger
        raw = case["body"].encode() if "body" in case else json.dumps(case["envelope"]).encode()
        assert why(raw, known, clock).word == case["refusal"], case["why"]
        judged += 1
    assert judged > 10


SENSOR = make_sensor()
GOOD = forge(SENSOR, taken_at=NOW).encode()


@given(st.integers(0, len(GOOD) - 1), st.binary(min_size=1, max_size=3))
def test_no_change_of_the_bytes_makes_another_report(place: int, other: bytes) -> None:
    raw = GOOD[:place] + other + GOOD[place + len(other) :]
    try:
        admitted = admit(raw, keys_of(SENSOR), CLOCK)
    except Refused:
        return
    assert admitted.envelope.payload == msgspec.json.decode(GOOD, type=Envelope).payload


@given(st.binary(max_size=300))
def test_any_bytes_are_refused_and_never_break_the_door(raw: bytes) -> None:
    why(raw, keys_of(SENSOR))


def test_words_of_refusals_are_unique_and_match_the_table_of_the_wire() -> None:
    wire = (VECTORS.parent / "wire.md").read_text(encoding="utf-8")
    assert len({refusal.word for refusal in Refusal}) == len(Refusal)
    for refusal in Refusal:
        assert f"| `{refusal.word}` | {refusal.status} | {'yes' if refusal.again else 'no'} |" in wire


def probed(name: str = "jakarta-1", target: str = "ins-1") -> tuple[Sensor, dict[str, Known]]:
    """A prober's chain of one instance, and a door that knows it and two instances."""
    sensor = make_sensor()
    sensor.agent.server_id, sensor.agent.hostname, sensor.target = None, name, target
    key = sensor.key.public
    return sensor, {key.id: Known(key, frozenset({"ins-1", "ins-2"}), False, "jakarta-1")}


@pytest.mark.parametrize("target", ["ins-1", "ins-2"])
def test_a_prober_speaks_of_every_instance_there_is(target: str) -> None:
    sensor, keys = probed(target=target)
    assert admit(sensor.report(at=NOW), keys, CLOCK).report.target == target


@pytest.mark.parametrize("target", ["ins-3", "srv-0001", "", "ins-"])
def test_a_prober_speaks_of_nothing_else(target: str) -> None:
    sensor, keys = probed()
    assert why(forge(sensor, target=target, vantage="jakarta-1"), keys) is Refusal.WRONG_TARGET


@pytest.mark.parametrize("name", ["medan-1", "local", "", "jakarta-12"])
def test_a_prober_speaks_under_its_own_name_only(name: str) -> None:
    sensor, keys = probed()
    assert why(forge(sensor, target="ins-1", vantage=name), keys) is Refusal.WRONG_TARGET


def test_an_agent_does_not_speak_of_an_instance(sensor: Sensor) -> None:
    assert why(forge(sensor, target="ins-1"), keys_of(sensor)) is Refusal.WRONG_TARGET
