"""What the judge remembers of one target between two entries. Pure data, stored as one blob per target
(compressed MessagePack; fields of arrays go by position: append fields, never reorder them).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import msgspec
import zstandard

from checks.text import Words
from checks.verdict import Result, Status

MOST_HOLES = 100


class Current(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """The latest verdict of one check on one subject.

    `since`: when this status began. `failing_since`/`passing_since` count towards grace and recovery; `finding` is the id
    of the open finding, if there is one. `entry` is where the facts stand in the ledger, `at` when they were read.
    `met`: it has been seen to meet the standard before, or does now.
    """

    status: Status
    since: datetime
    at: datetime
    entry: int
    measured: Words = ""
    expected: Words = ""
    value: float | None = None
    failing_since: datetime | None = None
    passing_since: datetime | None = None
    finding: str = ""
    met: bool = False


class Hole(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """Sequences `first` to `last` that have not arrived. `reason` and `at` are set once the agent declared them lost."""

    first: int
    last: int
    reason: str = ""
    at: datetime | None = None


class Held(msgspec.Struct, frozen=True, array_like=True):
    """The latest of a fact that joined checks take: when it was read, the entry it came in, and its JSON, or why there is none."""

    at: datetime
    entry: int
    raw: bytes = b""
    missing: Words = ""
    absent: Words = ""


class Chain(msgspec.Struct, frozen=True, omit_defaults=True):
    """The chain of one agent as it arrived. Times are the collector's."""

    agent: str = ""
    stream: str = ""
    sequence: int = 0
    digest: str = ""
    holes: tuple[Hole, ...] = ()
    broken_at: datetime | None = None  # `previous` did not match
    restarted_at: datetime | None = None  # a new stream of the same agent
    equivocation_at: datetime | None = None
    cloned_at: datetime | None = None  # an old stream went on after a new one had begun
    old_streams: tuple[str, ...] = ()
    began_at: datetime | None = None  # when the first report of this stream was received
    abandoned: int = 0  # reports of earlier streams of this agent that never arrived


class Said(msgspec.Struct, frozen=True, array_like=True):
    """The results of one check from one vantage point: when its facts were read, the entry they came in."""

    at: datetime
    entry: int
    results: tuple[Result, ...]


class Segment(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """A time in which an instance was seen to answer (PASS), not to answer (FAIL), or could not be told (UNKNOWN).

    `vantages`: by how many probers at most.
    """

    status: Status
    since: datetime
    until: datetime
    vantages: int = 0


class View(msgspec.Struct, frozen=True, omit_defaults=True):
    """An instance as one prober sees it. `name` is the prober's; `said` and `held` are by check code and by fact."""

    name: str = ""
    chain: Chain = Chain()
    taken_at: datetime | None = None
    said: dict[str, Said] = {}
    held: dict[str, Held] = {}


class State(msgspec.Struct, frozen=True, omit_defaults=True):
    """Everything the judge knows of one target. `current` is by check code, then by subject.

    `held`: facts that joined checks take, by their names on the wire. `disputed`: checks on which the agent's own result
    differed, with a sentence. `software`, `boot_id`, `clock_offset` as last reported. `policy` is the digest the agent judges
    under. `compared`: its last results could be compared. `views`: of an instance, by the keys of its probers;
    `segments`: when it answered, oldest first.
    """

    current: dict[str, dict[str, Current]] = {}
    chain: Chain = Chain()
    disputed: dict[str, str] = {}
    compared: bool = True
    heard_at: datetime | None = None
    taken_at: datetime | None = None
    entry: int = 0
    software: str = ""
    boot_id: str = ""
    clock_offset: float | None = None
    policy: str = ""
    reports: int = 0
    held: dict[str, Held] = {}
    views: dict[str, View] = {}
    segments: tuple[Segment, ...] = ()

    def verdicts(self) -> Iterator[tuple[str, str, Current]]:
        """Check code, subject and latest verdict of everything known."""
        for code, subjects in self.current.items():
            for subject, current in subjects.items():
                yield code, subject, current


def encode(state: State) -> bytes:
    """`state` as stored: MessagePack, compressed; the texts in it repeat."""
    return zstandard.ZstdCompressor(level=1).compress(msgspec.msgpack.encode(state))


def decode(raw: bytes) -> State:
    """The state in `raw`."""
    return _DECODER.decode(zstandard.ZstdDecompressor().decompress(raw))


_DECODER = msgspec.msgpack.Decoder(State)
