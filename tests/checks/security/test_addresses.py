from __future__ import annotations

from checks.baseline import listed
from checks.facts.addresses import Addresses, ApprovedAddresses
from checks.security.addresses import addresses
from checks.text import words
from checks.verdict import Status, Verdict
from tests.checks.real import NOW

HERE = ("address 10.0.0.5/24 eth0", "host lpse01", "mac 52:54:00:00:00:01 eth0")


def said(*approved: str) -> Verdict:
    held = listed(Addresses, approved)
    verdict = addresses(listed(Addresses, HERE), ApprovedAddresses(held.items, held.count, held.digest, NOW))
    assert isinstance(verdict, Verdict)
    return verdict


def test_a_server_at_its_approved_addresses_passes() -> None:
    assert said(*HERE).status is Status.PASS


def test_another_address_card_or_name_fails_with_both() -> None:
    moved = said("address 10.0.0.6/24 eth0", *HERE[1:])
    assert moved.status is Status.FAIL
    assert words(moved.measured, "en") == "new: address 10.0.0.5/24 eth0; gone: address 10.0.0.6/24 eth0"
    assert said(*HERE, "address 10.0.0.7/24 eth1").status is Status.FAIL
