from __future__ import annotations

import hashlib

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, NoEncryption, PrivateFormat
from hypothesis import given
from hypothesis import strategies as st

from evidence.key import PrivateKey, PublicKey

ORDER = 2**252 + 27742317777372353535851937790883648493  # of the base point, RFC 8032 section 5.1

# RFC 8032 section 7.1: seed, public key, message, signature.
RFC_8032 = [
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
]

# The eight points of small order, encoded canonically, and three encodings of them that are not canonical.
IDENTITY = "0100000000000000000000000000000000000000000000000000000000000000"
SMALL_ORDER = [
    IDENTITY,
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    "0100000000000000000000000000000000000000000000000000000000000080",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
]


@pytest.fixture(scope="module")
def key() -> PrivateKey:
    return PrivateKey.generate()


def from_seed(seed: str) -> PrivateKey:
    raw = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(seed))
    return PrivateKey.from_pem(raw.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))


@pytest.mark.parametrize(("seed", "public", "message", "signature"), RFC_8032)
def test_the_vectors_of_rfc_8032_hold(seed: str, public: str, message: str, signature: str) -> None:
    key = from_seed(seed)
    assert key.public.raw.hex() == public
    assert key.sign(bytes.fromhex(message)).hex() == signature
    assert key.public.verifies(bytes.fromhex(signature), bytes.fromhex(message))


def test_the_key_id_is_the_sha_256_of_the_raw_public_bytes(key: PrivateKey) -> None:
    assert key.public.id == hashlib.sha256(key.public.raw).hexdigest()
    assert PublicKey.from_raw(key.public.raw) == key.public


def test_a_key_survives_its_pem_file(key: PrivateKey) -> None:
    assert PrivateKey.from_pem(key.pem()).public == key.public


def test_two_keys_are_never_the_same() -> None:
    assert PrivateKey.generate().public != PrivateKey.generate().public


def test_a_private_key_is_never_printed(key: PrivateKey) -> None:
    assert repr(key) == "PrivateKey()"


@pytest.mark.parametrize("pem", [b"", b"garbage", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"])
def test_what_is_no_pem_is_refused_with_a_sentence(pem: bytes) -> None:
    with pytest.raises(ValueError, match="not an unencrypted PKCS#8 PEM"):
        PrivateKey.from_pem(pem)


def test_an_encrypted_key_is_refused_because_nobody_is_there_to_type_its_password() -> None:
    locked = Ed25519PrivateKey.generate().private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"password")
    )
    with pytest.raises(ValueError, match="not an unencrypted PKCS#8 PEM"):
        PrivateKey.from_pem(locked)


def test_a_key_of_another_kind_is_refused_by_its_name() -> None:
    other = generate_private_key(SECP256R1()).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    with pytest.raises(ValueError, match="not Ed25519"):
        PrivateKey.from_pem(other)


@pytest.mark.parametrize("length", [0, 31, 33, 64])
def test_a_public_key_has_32_bytes(length: int) -> None:
    with pytest.raises(ValueError, match=f"not an Ed25519 public key \\({length} bytes\\)"):
        PublicKey.from_raw(bytes(length))


@pytest.mark.parametrize("wrong", ["other bytes", "other key", "no signature", "63 bytes", "65 bytes", "zeros"])
def test_only_this_key_over_exactly_these_bytes_verifies(key: PrivateKey, wrong: str) -> None:
    good = key.sign(b"report")
    assert key.public.verifies(good, b"report")
    signature, signed = {
        "other bytes": (good, b"report "),
        "other key": (PrivateKey.generate().sign(b"report"), b"report"),
        "no signature": (b"", b"report"),
        "63 bytes": (good[:-1], b"report"),
        "65 bytes": (good + b"\0", b"report"),
        "zeros": (bytes(64), b"report"),
    }[wrong]
    assert not key.public.verifies(signature, signed)


@given(st.binary(max_size=100), st.integers(min_value=0, max_value=511))
def test_no_bit_of_a_signature_may_be_turned(message: bytes, bit: int) -> None:
    key = from_seed(RFC_8032[0][0])
    signature = bytearray(key.sign(message))
    signature[bit // 8] ^= 1 << bit % 8
    assert not key.public.verifies(bytes(signature), message)


@pytest.mark.parametrize("times", [1, 2, 7, 15])
def test_a_signature_whose_s_is_not_below_the_order_is_refused(key: PrivateKey, times: int) -> None:
    # RFC 8032 section 5.1.7: otherwise anyone could make a second valid signature out of a first.
    good = key.sign(b"report")
    s = int.from_bytes(good[32:], "little") + times * ORDER
    assert not key.public.verifies(good[:32] + s.to_bytes(32, "little"), b"report")


# Keys of small order: OpenSSL would load them, and under the identity one constant "signature" fits every message. Whoever
# enrolled such a key could later deny what "he" signed, so they are refused where keys are read.


@pytest.mark.parametrize("public", SMALL_ORDER)
def test_public_keys_of_small_order_are_refused(public: str) -> None:
    with pytest.raises(ValueError, match="small order"):
        PublicKey.from_raw(bytes.fromhex(public))


def test_that_constant_fits_no_honest_key(key: PrivateKey) -> None:
    assert not key.public.verifies(bytes.fromhex(IDENTITY) + bytes(32), b"a report nobody signed")
