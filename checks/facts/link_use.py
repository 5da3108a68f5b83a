"""How busy network interfaces are: the 95th percentile of their traffic over a week, from what the agent remembers, before
that from what sysstat recorded.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import pairwise

import msgspec

from checks.fact import Fact, Missing, reads
from checks.facts import clock
from checks.facts.interfaces import VIRTUAL, Interfaces
from checks.facts.sysstat import TRAFFIC, traffic
from checks.source import History, Samples, Usage
from checks.text import Text
from checks.trend import DAY, Basis

STEP, GAP = 300, 900  # seconds between samples, and between two that still speak of the time between them
SHORTEST = 60  # seconds of a mean; sysstat's are of ten minutes unless somebody changed that
DAYS = 7.0
FEWEST = 200  # of 288 rates a day
SHARE = 0.95
MOST = 16


class LinkSpeed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One interface: whether it is up, and its speed in Mbit/s; 0 where it has none of its own (virtual machines)."""

    name: str
    up: bool
    speed: int


class LinkSpeeds(Fact, frozen=True):
    """All interfaces. Never absent."""

    links: tuple[LinkSpeed, ...]


class LinkLoad(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One interface that is up: speed as above; 95th percentiles of means in bit/s, of `rates` such means each way.

    `basis`: means of 5 minutes of the agent's own samples, or those (mostly of 10 minutes) in sysstat's archives.
    """

    name: str
    speed: int
    received: float
    sent: float
    rates: int
    basis: Basis = "samples"


class LinkUse(Fact, frozen=True):
    """Physical interfaces that are up and of which enough is remembered, at most 16. Never absent."""

    links: tuple[LinkLoad, ...]


def _received(found: Interfaces) -> dict[str, float]:
    return {one.name: one.received for one in found.interfaces}


def _sent(found: Interfaces) -> dict[str, float]:
    return {one.name: one.sent for one in found.interfaces}


@reads(
    Usage(LinkSpeeds),
    History(Interfaces, "received", _received, days=DAYS, needs=1.0, step=STEP),
    History(Interfaces, "sent", _sent, days=DAYS, needs=1.0, step=STEP),
)
def link_use(now: LinkSpeeds, received: tuple[Samples, ...], sent: tuple[Samples, ...]) -> LinkUse:
    came = {one.subject: _rates(one.points) for one in received}
    went = {one.subject: _rates(one.points) for one in sent}
    return _use(now, came, went, "samples")


@reads(Usage(LinkSpeeds), TRAFFIC, clock.CLOCK)
def link_use_by_sysstat(now: LinkSpeeds, archived: str, printed: str) -> LinkUse:
    at = clock.moment(printed)
    since = at.timestamp() - DAYS * DAY
    means = {
        name: [(came, went) for moment, length, came, went in rows if moment >= since and SHORTEST <= length <= GAP]
        for name, rows in traffic(archived, at).items()
    }
    came, went = ({name: [pair[way] for pair in pairs] for name, pairs in means.items()} for way in (0, 1))
    return _use(now, came, went, "sysstat")


def _use(now: LinkSpeeds, came: Mapping[str, list[float]], went: Mapping[str, list[float]], basis: Basis) -> LinkUse:
    found = []
    for link in now.links:
        rates = min(len(came.get(link.name, ())), len(went.get(link.name, ())))
        if link.up and not VIRTUAL.match(link.name) and rates >= FEWEST:
            both = _high(came[link.name]), _high(went[link.name])
            found.append(LinkLoad(link.name, max(0, link.speed), *both, rates, basis))
    if not found:
        raise Missing(
            Text("belum cukup sampel lalu lintas jaringan", "there are not enough samples of network traffic yet")
        )
    return LinkUse(tuple(found[:MOST]))


def _rates(points: tuple[tuple[float, float], ...]) -> list[float]:
    """Bits a second between samples; where the counter went back (a restart) or a sample is missing nothing is known."""
    return [8 * (b[1] - a[1]) / (b[0] - a[0]) for a, b in pairwise(points) if 0 < b[0] - a[0] <= GAP and b[1] >= a[1]]


def _high(rates: list[float]) -> float:
    return round(sorted(rates)[math.ceil(SHARE * len(rates)) - 1], 1)
