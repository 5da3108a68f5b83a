from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from checks.facts.public_certificate import PublicCertificate
from checks.facts.tls_offers import TlsVersions, WeakCiphers
from checks.security.public_tls import ciphers, expiry, protocols, strength, trusted
from checks.verdict import Status

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


def certificate(days: float = 90, **changed: Any) -> PublicCertificate:
    end = NOW + timedelta(days=days)
    said: dict[str, Any] = {
        "version": "TLSv1.3", "cipher": "TLS_AES_256_GCM_SHA384", "problem": "", "subject": "CN=lpse.example.go.id",
        "names": ("lpse.example.go.id",), "names_total": 1, "issuer": "CN=R11", "self_signed": False,
        "not_before": NOW - timedelta(days=1), "not_after": end, "chain_end": end, "kind": "RSA", "bits": 2048,
        "signature": "sha256",
    }  # fmt: skip
    return PublicCertificate(**(said | changed))


@pytest.mark.parametrize(
    ("days", "status"),
    [(90, Status.PASS), (31, Status.PASS), (30, Status.WARN), (8, Status.WARN), (7, Status.FAIL), (-1, Status.FAIL)],
)
def test_a_certificate_warns_a_month_and_fails_a_week_before_its_end(days: float, status: Status) -> None:
    said = expiry(certificate(days), NOW)
    assert (said.status, said.value) == (status, days)


def test_an_issuer_that_ends_sooner_counts_and_so_does_a_certificate_of_tomorrow() -> None:
    said = expiry(certificate(chain_end=NOW + timedelta(days=3)), NOW)
    assert said.status is Status.FAIL
    assert "(CA)" in said.measured.en
    assert expiry(certificate(not_before=NOW + timedelta(days=1)), NOW).status is Status.FAIL


def test_what_the_tls_library_does_not_accept_fails_in_its_words() -> None:
    assert trusted(certificate()).status is Status.PASS
    said = trusted(certificate(problem="self-signed certificate", self_signed=True))
    assert said.status is Status.FAIL
    assert said.measured.id == "lpse.example.go.id, ditandatangani sendiri: self-signed certificate"


@pytest.mark.parametrize(
    ("kind", "bits", "signature", "status"),
    [
        ("RSA", 2048, "sha256", Status.PASS), ("RSA", 1024, "sha256", Status.FAIL), ("RSA", 4096, "sha1", Status.FAIL),
        ("EC", 256, "sha384", Status.PASS), ("EC", 192, "sha256", Status.FAIL), ("Ed25519", 256, "ed25519", Status.PASS),
        ("DSA", 2048, "sha256", Status.FAIL), ("RSA", 2048, "md5", Status.FAIL),
    ],
)  # fmt: skip
def test_a_weak_key_or_signature_fails(kind: str, bits: int, signature: str, status: Status) -> None:
    assert strength(certificate(kind=kind, bits=bits, signature=signature)).status is status


def test_old_protocols_fail_and_are_named() -> None:
    assert protocols(TlsVersions("TLSv1.3", ())).status is Status.PASS
    assert protocols(TlsVersions("TLSv1.2", ())).status is Status.PASS
    said = protocols(TlsVersions("TLSv1.3", ("TLSv1.0", "TLSv1.1")))
    assert (said.status, said.measured) == (Status.FAIL, "TLSv1.0, TLSv1.1, TLSv1.3")
    assert protocols(TlsVersions("", ())).status is Status.FAIL


def test_a_weak_cipher_fails_and_is_named() -> None:
    assert ciphers(WeakCiphers("TLS_AES_256_GCM_SHA384", "")).status is Status.PASS
    said = ciphers(WeakCiphers("TLS_AES_256_GCM_SHA384", "TLSv1.2 RSA_WITH_3DES_EDE_CBC_SHA"))
    assert said.status is Status.FAIL
    assert "3DES" in said.measured.en


@pytest.mark.parametrize(
    ("check", "absent"),
    [(protocols, Status.NOT_APPLICABLE), (ciphers, Status.NOT_APPLICABLE), (expiry, Status.NOT_APPLICABLE),
     (strength, Status.NOT_APPLICABLE), (trusted, Status.FAIL)],
)  # fmt: skip
def test_a_site_without_tls_fails_once(check: Any, absent: Status) -> None:
    assert check.absent is absent
