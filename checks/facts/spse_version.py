"""Which release of SPSE runs, and since when: what SPSE says now, beside what the agent remembers of it.

Laws:
- A reading in which some installation does not say its release is not remembered, so that it is no change.
- A backup counts by when it was made, as it was seen at the time: retention may have deleted it since.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable
from datetime import UTC, datetime

import msgspec

from checks.fact import Fact, Missing, reads
from checks.facts.backups import Backups, production
from checks.facts.spse_answers import ask, ask_all
from checks.facts.spse_release import told, told_with_curl
from checks.source import Answer, FileText, History, Samples
from checks.text import Text

DAYS = 30.0
LATEST = 4e9  # seconds since the epoch: nothing was seen later than in 2096


class VersionChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The last change: the other releases were seen until `until`, the present ones from `since` (None: only just now).

    `dump`: the newest dump of the production database made before that which the agent ever saw.
    """

    until: datetime
    since: datetime | None
    dump: datetime | None


class SpseVersion(Fact, frozen=True):
    """The release that each running SPSE says it is, as in SpseReleases; `watched`: since when the agent remembers them, at
    most 30 days; None: not yet. Absent: as SpseInstances.
    """

    versions: tuple[str, ...]
    watched: datetime | None = None
    change: VersionChange | None = None


def _remembered(now: SpseVersion) -> dict[str, float]:
    return {"": _number(now.versions)} if all(now.versions) else {}


def _newest(backups: Backups) -> dict[str, float]:
    dumps = [one.newest for one in production(backups.database)]
    return {"": max(dumps)} if dumps else {}


VERSIONS = History(SpseVersion, "release", _remembered, days=DAYS, needs=0.0)
DUMPS = History(Backups, "newest", _newest, days=DAYS, needs=0.0)


@reads(ask(0, "/metrics"), ask(1, "/metrics"), VERSIONS, DUMPS)
def spse_version(
    first: Answer | tuple[FileText, ...],
    second: Answer | tuple[FileText, ...],
    releases: tuple[Samples, ...],
    dumps: tuple[Samples, ...],
) -> SpseVersion:
    return _version(told(first, second).versions, releases, dumps)


@reads(ask_all("/metrics", body=True), VERSIONS, DUMPS)
def spse_version_with_curl(printed: str, releases: tuple[Samples, ...], dumps: tuple[Samples, ...]) -> SpseVersion:
    return _version(told_with_curl(printed).versions, releases, dumps)


def _version(versions: tuple[str, ...], releases: tuple[Samples, ...], dumps: tuple[Samples, ...]) -> SpseVersion:
    if not all(versions):
        raise Missing(
            Text(
                "salah satu instans SPSE tidak menyebut versinya di /metrics",
                "one of the SPSE installations does not say its version at /metrics",
            )
        )
    seen = _points(releases)
    others = [place for place, (_, value) in enumerate(seen) if value != _number(versions)]
    watched = _moment(seen[0][0]) if seen else None
    if not others:
        return SpseVersion(versions, watched)
    last = others[-1]
    since = seen[last + 1][0] if last + 1 < len(seen) else None
    before = [made for _, made in _points(dumps) if 0 < made <= (LATEST if since is None else since)]
    dump = _moment(max(before)) if before else None
    return SpseVersion(
        versions, watched, VersionChange(_moment(seen[last][0]), None if since is None else _moment(since), dump)
    )


def _points(remembered: Iterable[Samples]) -> list[tuple[float, float]]:
    """What makes sense of what was remembered, oldest first."""
    return sorted(
        (at, value)
        for one in remembered
        for at, value in one.points
        if math.isfinite(value) and 0 <= at <= LATEST  # a NaN is within nothing
    )


def _number(versions: tuple[str, ...]) -> float:
    """`versions` as a number that a history can keep: 48 bits of their digest, which a float holds exactly."""
    return float(int(hashlib.sha256("\n".join(versions).encode()).hexdigest()[:12], 16))


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(round(seconds), UTC)
