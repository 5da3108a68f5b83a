"""What the judge remembers of one server between two entries. Pure data, stored as one blob per server
(MessagePack, fields by position: append fields, never reorder them).
"""

from __future__ import annotations

from datetime import datetime

import msgspec

from checks.text import Words
from checks.verdict import Status

MOST_HOLES = 100


class Current(msgspec.Struct, frozen=True, array_like=True):
    """The latest verdict of one check on one subject.

    `since`: when this status began. `failing_since`/`passing_since` count towards grace and recovery; `finding` is the id
    of the open finding, if there is one. `entry` is where the facts stand in the ledger, `at` when they were read.
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


class Hole(msgspec.Struct, frozen=True, array_like=True):
    """Sequences `first` to `last` that have not arrived. `reason` and `at` are set once the agent declared them lost."""

    first: int
    last: int
    reason: str = ""
    at: datetime | None = None


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


class HostState(msgspec.Struct, frozen=True, omit_defaults=True):
    """Everything the judge knows of one server. Keys of `current` are check code, newline, subject.

    `disputed`: checks on which the agent's own result differed, with a sentence. `software`, `boot_id`, `clock_offset`
    as last reported. `policy` is the digest the agent judges under. `compared`: its last results could be compared.
    """

    current: dict[str, Current] = {}
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


def encode(state: HostState) -> bytes:
    """`state` as stored."""
    return msgspec.msgpack.encode(state)


def decode(raw: bytes) -> HostState:
    """The state in `raw`."""
    return _DECODER.decode(raw)


_DECODER = msgspec.msgpack.Decoder(HostState)


def key(code: str, subject: str) -> str:
    """The key of one verdict in `HostState.current`."""
    return f"{code}\n{subject}"


def split(key: str) -> tuple[str, str]:
    """Check code and subject of a key."""
    code, _, subject = key.partition("\n")
    return code, subject
