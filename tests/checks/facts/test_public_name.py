from __future__ import annotations

from checks.facts.public_name import resolved
from checks.outside import Resolved


def test_addresses_that_are_not_public_are_marked() -> None:
    found = resolved(
        Resolved("lpse.example.go.id", ("8.8.8.8", "10.1.2.3", "::1", "2001:4860:4860::8888"), ("x.inaproc.id",))
    )
    assert set(found.inward) == {"10.1.2.3", "::1"}
    assert found.aliases == ("x.inaproc.id",)


def test_no_address_and_nonsense_are_no_public_place() -> None:
    assert resolved(Resolved("x", ())).addresses == ()
    assert resolved(Resolved("x", ("?", "fe80::1%eth0"))).inward == ("?", "fe80::1%eth0")
