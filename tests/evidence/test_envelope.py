"""DSSE: against the specification's own example, against securesystemslib, and against what an attacker would send."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePublicNumbers
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from hypothesis import given
from hypothesis import strategies as st
from securesystemslib import dsse
from securesystemslib.exceptions import VerificationError
from securesystemslib.signer import CryptoSigner, SSlibKey

from evidence.envelope import Envelope, NotAnEnvelope, NotSigned, Signature, pae, read_envelope, seal, verify
from evidence.key import PrivateKey, PublicKey

TYPE = "application/vnd.pantau.report.v1+json"
KEY = PrivateKey.generate()


def wire(**members: object) -> bytes:
    """A good envelope as JSON, with some members replaced; a member given as None is left out."""
    good = json.loads(seal(TYPE, b'{"a":1}', KEY).encode())
    return json.dumps({name: value for name, value in (good | members).items() if value is not None}).encode()


# The specification


# https://github.com/secure-systems-lab/dsse/blob/v1.0.0/protocol.md, "Test Vectors". Its signature is ECDSA over P-256,
# which Pantau does not speak; but it proves the part that is ours to get right: the bytes that are signed.
SPEC_TYPE, SPEC_BODY = "http://example.com/HelloWorld", b"hello world"
SPEC_X = 46950820868899156662930047687818585632848591499744589407958293238635476079160
SPEC_Y = 5640078356564379163099075877009565129882514886557779369047442380624545832820
SPEC_SIG = base64.b64decode("A3JqsQGtVsJ2O2xqrI5IcnXip5GToJ3F+FnZ+O88SjtR6rDAajabZKciJTfUiHqJPcIAriEGAHTVeCUjW2JIZA==")


def test_the_pae_is_that_of_the_specification() -> None:
    assert pae(SPEC_TYPE, SPEC_BODY) == b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"


def test_the_specifications_own_signature_is_over_our_pae_and_over_nothing_else() -> None:
    key = EllipticCurvePublicNumbers(SPEC_X, SPEC_Y, SECP256R1()).public_key()
    signature = encode_dss_signature(int.from_bytes(SPEC_SIG[:32], "big"), int.from_bytes(SPEC_SIG[32:], "big"))

    key.verify(signature, pae(SPEC_TYPE, SPEC_BODY), ECDSA(SHA256()))
    with pytest.raises(InvalidSignature):
        key.verify(signature, pae(SPEC_TYPE, SPEC_BODY + b"!"), ECDSA(SHA256()))


@pytest.mark.parametrize(
    ("kind", "body", "expected"),
    [
        ("", b"", b"DSSEv1 0  0 "),
        ("é", b"\xff\x00", b"DSSEv1 2 \xc3\xa9 2 \xff\x00"),  # lengths count bytes, not characters
        ("a 1 b", b"c", b"DSSEv1 5 a 1 b 1 c"),
    ],
)
def test_the_pae_counts_bytes_and_has_no_leading_zeros(kind: str, body: bytes, expected: bytes) -> None:
    assert pae(kind, body) == expected


@given(st.text(), st.binary(), st.text(), st.binary())
def test_two_different_messages_never_have_the_same_pae(kind: str, body: bytes, other: str, others: bytes) -> None:
    assert (pae(kind, body) == pae(other, others)) is ((kind, body) == (other, others))


# An implementation that is not ours


def theirs(public: PublicKey) -> SSlibKey:
    return SSlibKey(public.id, "ed25519", "ed25519", {"public": public.raw.hex()})


def their_signer(key: PrivateKey) -> CryptoSigner:
    private = load_pem_private_key(key.pem(), None)
    assert isinstance(private, Ed25519PrivateKey)
    return CryptoSigner(private, theirs(key.public))


@given(st.binary(max_size=300), st.text(max_size=40))
def test_securesystemslib_verifies_what_we_sign(payload: bytes, kind: str) -> None:
    read = dsse.Envelope.from_dict(json.loads(seal(kind, payload, KEY).encode()))

    assert list(read.verify([theirs(KEY.public)], 1)) == [KEY.public.id]
    assert (read.payload, read.payload_type) == (payload, kind)


@given(st.binary(max_size=300), st.text(max_size=40))
def test_we_verify_what_securesystemslib_signs(payload: bytes, kind: str) -> None:
    sealed = dsse.Envelope(payload, kind, {})
    sealed.sign(their_signer(KEY))
    read = read_envelope(json.dumps(sealed.to_dict()).encode())

    assert verify(read, KEY.public) == payload
    assert read == seal(kind, payload, KEY)  # Ed25519 is deterministic


def test_both_refuse_what_was_changed_on_the_way() -> None:
    changed = json.loads(wire(payload=base64.b64encode(b'{"a":2}').decode()))
    with pytest.raises(NotSigned):
        verify(read_envelope(json.dumps(changed).encode()), KEY.public)
    with pytest.raises(VerificationError):
        dsse.Envelope.from_dict(changed).verify([theirs(KEY.public)], 1)


# What is not signed


def test_what_was_sealed_is_read_and_verified_again() -> None:
    sealed = seal(TYPE, b"payload", KEY)
    read = read_envelope(sealed.encode())
    assert read == sealed
    assert verify(read, KEY.public) == b"payload"
    assert read.signatures[0].keyid == KEY.public.id


def test_the_digest_names_the_payload_alone() -> None:
    sealed = seal(TYPE, b"payload", KEY)
    assert sealed.digest == hashlib.sha256(b"payload").hexdigest()
    assert seal("other/type", b"payload", PrivateKey.generate()).digest == sealed.digest


def test_another_key_is_refused_and_named() -> None:
    other = PrivateKey.generate().public
    with pytest.raises(NotSigned, match=other.id[:16]):
        verify(seal(TYPE, b"payload", KEY), other)


def test_the_key_id_is_a_hint_and_no_decision() -> None:
    sealed = seal(TYPE, b"payload", KEY)
    lying = Envelope(sealed.payload, sealed.payload_type, (Signature(sealed.signatures[0].sig, "0" * 64),))
    assert verify(lying, KEY.public) == b"payload"
    claiming = Envelope(b"forged", TYPE, (Signature(PrivateKey.generate().sign(pae(TYPE, b"forged")), KEY.public.id),))
    with pytest.raises(NotSigned):
        verify(claiming, KEY.public)


def test_a_signature_of_the_bare_payload_is_none() -> None:
    with pytest.raises(NotSigned):
        verify(Envelope(b"payload", TYPE, (Signature(KEY.sign(b"payload")),)), KEY.public)


def test_a_report_cannot_be_passed_off_as_a_policy() -> None:
    sealed = seal(TYPE, b"{}", KEY)
    confused = Envelope(sealed.payload, "application/vnd.pantau.policy.v1+json", sealed.signatures)
    with pytest.raises(NotSigned):
        verify(confused, KEY.public)


def test_bytes_cannot_be_moved_from_the_type_into_the_payload() -> None:
    sealed = seal("a", b"b 1 c", KEY)
    moved = Envelope(b"c", "a 5 b", sealed.signatures)
    with pytest.raises(NotSigned):
        verify(moved, KEY.public)


@given(st.binary(min_size=1, max_size=60), st.data())
def test_no_bit_of_payload_or_type_may_be_turned(payload: bytes, data: st.DataObject) -> None:
    sealed = seal(TYPE, payload, KEY)
    turned = bytearray(payload)
    turned[data.draw(st.integers(0, len(payload) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(NotSigned):
        verify(Envelope(bytes(turned), TYPE, sealed.signatures), KEY.public)
    with pytest.raises(NotSigned):
        verify(Envelope(payload, TYPE + "x", sealed.signatures), KEY.public)


# What is no envelope

ONE = {"sig": base64.b64encode(bytes(64)).decode(), "keyid": ""}


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "truncated"),
        (b"garbage", "malformed"),
        (b"null", "null"),
        (b"[]", "array"),
        (b"{}", "payload"),
        (b"<html><body>Login</body></html>", "malformed"),
        (wire() + wire(), "trailing"),
        (wire() + b" x", "trailing"),
        (b"\xef\xbb\xbf" + wire(), "malformed"),
        (wire()[:-1], "truncated"),
        (wire(payload=None), "payload"),
        (wire(payloadType=None), "payloadType"),
        (wire(signatures=None), "signatures"),
        (wire(payload=5), r"\$\.payload"),
        (wire(payload={"a": 1}), r"\$\.payload"),
        (wire(payloadType=5), r"\$\.payloadType"),
        (wire(signatures={}), r"\$\.signatures"),
        (wire(signatures=["x"]), r"\$\.signatures\[0\]"),
        (wire(signatures=[{}]), r"sig"),
        (wire(signatures=[ONE | {"keyid": 1}]), r"\$\.signatures\[0\]\.keyid"),
        (wire(signatures=[ONE | {"cert": "x"}]), "cert"),
        (wire(note="hello"), "note"),
        (wire(signatures=[]), "`array` of length 1"),
        (wire(signatures=[ONE, ONE]), "`array` of length 1"),
        (b"[" * 100_000, "array"),
        (b'{"payload":' * 100_000, r"\$\.payload"),
        (b'{"signatures":' + b"[" * 100_000, r"\$\.signatures"),
        (b'{"x":' + b"[" * 100_000, "x"),
        (b"\xff\xfe", "malformed"),
        (wire().replace(b"pantau", b"p\xffntau"), "utf-8"),
        (wire().replace(b"pantau", b"p\\ud800ntau"), "malformed"),
    ],
)
def test_what_is_no_envelope_is_refused_with_what_is_wrong(raw: bytes, said: str) -> None:
    with pytest.raises(NotAnEnvelope, match=said):
        read_envelope(raw)


@pytest.mark.parametrize(
    "text",
    [
        "-_-_",  # the URL-safe alphabet; DSSE would let a verifier take it, this wire does not
        "YQ",
        "YQ=",
        "YQ===",
        "Y",
        "=",
        "YQ==YQ==",
        "YQ==x",
        "Y Q==",
        "YQ==\n",
        "Y*==",
        "Yéé=",
    ],
)
@pytest.mark.parametrize("member", ["payload", "sig"])
def test_base64_is_the_standard_alphabet_with_padding_and_nothing_else(text: str, member: str) -> None:
    raw = wire(payload=text) if member == "payload" else wire(signatures=[{"sig": text}])
    with pytest.raises(NotAnEnvelope, match=rf"base64.*{member}"):
        read_envelope(raw)


def test_unused_bits_of_base64_make_another_envelope_but_never_another_report() -> None:
    # RFC 4648 section 3.5: "YQ==" and "YR==" are the same byte. A report is named by its payload, so it stays one report.
    one, other = read_envelope(wire(payload="YQ==")), read_envelope(wire(payload="YR=="))
    assert one == other
    assert one.digest == other.digest


def test_of_two_members_with_one_name_the_last_is_what_is_verified_and_read() -> None:
    sealed = seal(TYPE, b"first", KEY)
    raw = sealed.encode().replace(b'{"payload":', b'{"payload":"c2Vjb25k","payload":', 1)
    assert verify(read_envelope(raw), KEY.public) == b"first"


@given(st.binary(max_size=200))
def test_any_bytes_are_an_envelope_or_not_an_envelope(raw: bytes) -> None:
    with contextlib.suppress(NotAnEnvelope):
        assert len(read_envelope(raw).signatures) == 1


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["payload", "payloadType", "signatures", "sig", "keyid", "x"]), inner, max_size=4
        )
    ),
    max_leaves=12,
)


@given(JSON)
def test_any_json_is_an_envelope_or_not_an_envelope(value: object) -> None:
    with contextlib.suppress(NotAnEnvelope):
        assert len(read_envelope(json.dumps(value).encode()).signatures) == 1


@given(st.binary(max_size=40), st.integers(min_value=0), st.binary(max_size=4))
def test_a_damaged_envelope_is_no_envelope_or_not_signed_or_the_same_payload(
    payload: bytes, place: int, splinter: bytes
) -> None:
    raw = seal(TYPE, payload, KEY).encode()
    place %= len(raw)
    damaged = raw[:place] + splinter + raw[place + len(splinter) :]
    with contextlib.suppress(NotAnEnvelope, NotSigned):
        assert verify(read_envelope(damaged), KEY.public) == payload


@given(st.text(max_size=30), st.binary(max_size=100))
def test_what_is_sealed_is_read_back_whole(kind: str, payload: bytes) -> None:
    sealed = seal(kind, payload, KEY)
    assert read_envelope(sealed.encode()) == sealed
