from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import pytest

from checks.fact import Missing
from checks.facts.public_certificate import PublicCertificate, shown
from checks.outside import Certificate, Handshake

FROM, TO, SOONER = (datetime(2026, month, 1, tzinfo=UTC) for month in (1, 12, 11))


def certificate(ends: datetime = TO, names: int = 1) -> Certificate:
    return Certificate(
        "CN=a", tuple(f"n{n}.go.id" for n in range(names)), "CN=b", FROM, ends, "RSA", 2048, "sha256", False
    )


def test_the_first_of_the_chain_to_expire_is_told_beside_its_own_end() -> None:
    fact = shown(Handshake("TLSv1.3", "X", "", (certificate(), certificate(SOONER))))
    assert (fact.not_after, fact.chain_end) == (TO, SOONER)
    assert msgspec.json.decode(msgspec.json.encode(fact), type=PublicCertificate) == fact


def test_many_names_are_counted_and_ten_kept() -> None:
    fact = shown(Handshake("TLSv1.3", "X", "y" * 900, (certificate(names=40),)))
    assert (len(fact.names), fact.names_total, len(fact.problem)) == (10, 40, 200)


def test_a_handshake_without_a_certificate_is_missing() -> None:
    with pytest.raises(Missing):
        shown(Handshake("TLSv1.3", "X", "", ()))
