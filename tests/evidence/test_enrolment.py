from __future__ import annotations

import base64
import contextlib
import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.policy import Policy, read_policy
from evidence.enrolment import MEDIA_TYPE, POLICY_MEDIA_TYPE, Enrolled, Enrolment, WrongPayloadType, read_enrolment
from evidence.envelope import Envelope, NotAnEnvelope, NotSigned, read_envelope, seal, verify
from evidence.key import PrivateKey, PublicKey
from evidence.report import MEDIA_TYPE as REPORT_MEDIA_TYPE

KEY = PrivateKey.generate()
ASKED = Enrolment("pantau-token", KEY.public.raw, "lpse-db", "4c4c4544", "pantau 0.1.0")


def sealed(by: PrivateKey = KEY, kind: str = MEDIA_TYPE, **members: object) -> Envelope:
    asked = msgspec.to_builtins(ASKED) | members
    return seal(kind, json.dumps({name: value for name, value in asked.items() if value is not None}).encode(), by)


def test_an_agent_enrols_with_the_key_it_shows() -> None:
    assert read_enrolment(read_envelope(sealed().encode())) == ASKED


def test_nobody_enrols_a_key_that_is_not_theirs() -> None:
    with pytest.raises(NotSigned):
        read_enrolment(sealed(by=PrivateKey.generate()))


def test_the_key_cannot_be_exchanged_on_the_way() -> None:
    thief = PrivateKey.generate()
    taken = base64.b64encode(thief.public.raw).decode()
    stolen = seal(MEDIA_TYPE, msgspec.json.encode(msgspec.to_builtins(ASKED) | {"public_key": taken}), KEY)
    with pytest.raises(NotSigned):
        read_enrolment(stolen)


def test_the_key_id_of_the_envelope_does_not_matter() -> None:
    asked = sealed()
    other = msgspec.structs.replace(asked.signatures[0], keyid="0" * 64)
    assert read_enrolment(msgspec.structs.replace(asked, signatures=(other,))) == ASKED


@pytest.mark.parametrize("kind", [REPORT_MEDIA_TYPE, POLICY_MEDIA_TYPE, "application/json", ""])
def test_an_envelope_of_another_type_is_no_enrolment_even_with_a_good_signature(kind: str) -> None:
    with pytest.raises(WrongPayloadType, match="payloadType"):
        read_enrolment(sealed(kind=kind))


@pytest.mark.parametrize(
    ("members", "said"),
    [
        ({"token": None}, "token"),
        ({"token": 5}, r"\$\.token"),
        ({"public_key": None}, "public_key"),
        ({"public_key": "not base64"}, r"\$\.public_key"),
        ({"public_key": base64.b64encode(bytes(31)).decode()}, "31 bytes"),
        ({"public_key": base64.b64encode(bytes(33)).decode()}, "33 bytes"),
        ({"public_key": ""}, "0 bytes"),
        ({"hostname": ["a"]}, r"\$\.hostname"),
        ({"role": "admin"}, "role"),
    ],
)
def test_a_wrong_enrolment_is_refused_with_what_is_wrong(members: dict[str, object], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        read_enrolment(sealed(**members))


@pytest.mark.parametrize(
    "payload", [b"", b"null", b"[]", b"[" * 100_000, b'{"token":' * 100_000, b"\xff", b'{"token":"\xff"}']
)
def test_a_payload_that_is_no_enrolment_is_refused_and_breaks_nothing(payload: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_enrolment(seal(MEDIA_TYPE, payload, KEY))


@given(st.binary(max_size=200))
def test_any_bytes_are_an_enrolment_or_refused(payload: bytes) -> None:
    with contextlib.suppress(ValueError):
        read_enrolment(seal(MEDIA_TYPE, payload, KEY))


@given(st.text(max_size=40), st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=40))
def test_token_and_host_name_travel_as_they_are(token: str, hostname: str) -> None:
    asked = msgspec.structs.replace(ASKED, token=token, hostname=hostname)
    assert read_enrolment(seal(MEDIA_TYPE, msgspec.json.encode(asked), KEY)) == asked


def test_a_key_of_small_order_cannot_be_enrolled() -> None:
    identity = b"\x01" + bytes(31)
    asked = msgspec.json.encode(msgspec.structs.replace(ASKED, public_key=identity))
    forged = seal(MEDIA_TYPE, asked, KEY)
    forged = msgspec.structs.replace(
        forged, signatures=(msgspec.structs.replace(forged.signatures[0], sig=identity + bytes(32)),)
    )
    with pytest.raises(ValueError, match="key"):
        read_enrolment(forged)


# The answer


def test_the_answer_carries_the_collectors_key_and_a_policy_that_this_key_signed() -> None:
    collector = PrivateKey.generate()
    policy = Policy(version="2026-1", thresholds={"K-SSH-04": {"maximum": 3}})
    answer = Enrolled("srv-1", "LPSE Contoh", collector.public.raw, seal(POLICY_MEDIA_TYPE, policy.encode(), collector))

    read = msgspec.json.decode(msgspec.json.encode(answer), type=Enrolled)

    assert read == answer
    assert verify(read.policy, PublicKey.from_raw(read.collector_key)) == policy.encode()


def test_the_bytes_of_a_policy_are_read_back_as_that_policy() -> None:
    policy = Policy(version="2026-1", thresholds={"K-SSH-04": {"maximum": 3}})
    assert read_policy(policy.encode()) == policy


def test_a_policy_that_another_key_signed_is_not_believed() -> None:
    collector, other = PrivateKey.generate(), PrivateKey.generate()
    with pytest.raises(NotSigned):
        verify(seal(POLICY_MEDIA_TYPE, Policy().encode(), other), collector.public)


def test_an_answer_whose_policy_is_no_envelope_is_refused_with_its_path() -> None:
    with pytest.raises(msgspec.ValidationError, match=r"\$\.policy"):
        msgspec.json.decode(b'{"server":"s","provider":"p","collector_key":"","policy":"none"}', type=Enrolled)


def test_what_is_no_envelope_never_reaches_the_enrolment() -> None:
    with pytest.raises(NotAnEnvelope):
        read_envelope(b"{}")
