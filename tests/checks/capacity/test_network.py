from __future__ import annotations

import pytest

from checks.capacity.network import bandwidth, errors, first_hop
from checks.facts.gateway import GatewayReply, gateway_reply
from checks.facts.interfaces import Interface, Interfaces
from checks.facts.link_use import LinkLoad, LinkUse
from checks.text import words
from checks.verdict import Status, Verdict
from tests.checks.real import real


@pytest.mark.parametrize(
    ("packets", "bad", "lost", "status"),
    [
        (100_000, 0, 0, Status.PASS),
        (100_000, 101, 0, Status.FAIL),
        (100_000, 0, 500, Status.WARN),
        (100_000, 200, 500, Status.FAIL),
        (500, 400, 0, Status.NOT_APPLICABLE),
    ],
)
def test_errors_fail_and_drops_alone_only_warn(packets: int, bad: int, lost: int, status: Status) -> None:
    verdicts = list(errors(Interfaces((Interface("eth0", packets, bad, lost),))))  # type: ignore[arg-type]

    assert [verdict.status for verdict in verdicts] == [status]


def load(received: float, sent: float, speed: int = 1000, **thresholds: int) -> Verdict:
    (verdict,) = bandwidth(LinkUse((LinkLoad("ens1", speed, received * 1e6, sent * 1e6, 2000),)), **thresholds)  # type: ignore[misc]
    assert isinstance(verdict, Verdict)
    return verdict


def test_the_busier_direction_counts_against_the_interfaces_own_speed() -> None:
    assert load(100, 790).status is Status.PASS
    assert load(810, 100).status is Status.FAIL
    assert words(load(810, 100).measured, "en") == (
        "81.0% of 1000 Mbit/s; p95 in 810, out 100 Mbit/s of 2000 means of 5 minutes"
    )


def test_without_a_speed_it_is_unknown_unless_policy_assumes_one() -> None:
    assert load(5, 5, 0).status is Status.UNKNOWN
    assert load(5, 5, 0, assumed=10).status is Status.PASS
    assert load(9, 5, 0, assumed=10).status is Status.FAIL
    assert load(9, 5, 1000, assumed=10).status is Status.PASS


def hop(reply: GatewayReply) -> Status:
    verdict = first_hop(reply)
    assert isinstance(verdict, Verdict)
    return verdict.status


def test_the_first_hop_as_ping_of_debian_12_saw_it() -> None:
    assert hop(gateway_reply(real("debian12/ping.txt"))) is Status.PASS
    assert hop(gateway_reply(real("debian12/ping-lossy.txt"))) is Status.FAIL
    assert hop(gateway_reply(real("debian12/ping-silent.txt"))) is Status.UNKNOWN


def test_one_packet_warns_and_slowness_fails() -> None:
    assert hop(GatewayReply("192.0.2.1", 15, 14, 0.5)) is Status.WARN
    assert hop(GatewayReply("192.0.2.1", 15, 15, 200.0)) is Status.FAIL
    assert hop(GatewayReply("192.0.2.1", 15, 14, 200.0)) is Status.FAIL
