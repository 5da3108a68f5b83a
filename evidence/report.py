"""The report: what one survey of one host read and concluded.

Laws:
- Reports of one agent form chains: `stream` names a chain, `sequence` counts in it from 1 without holes, `previous` is the
  digest of the report before. A lost state file starts a new stream; it never blocks the agent.
- What was lost on the way (evicted, refused) stands in a later report as a `Gap`: nothing vanishes silently.
- Facts travel as raw JSON under their names and are decoded by whoever judges, so that an envelope outlives its catalogue.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, TypeAlias

import msgspec

from checks.fact import Fact, Snapshot, name_of
from checks.text import Words
from checks.verdict import Result
from evidence.envelope import Verified

MEDIA_TYPE = "application/vnd.pantau.report.v1+json"

Digest: TypeAlias = Annotated[str, msgspec.Meta(pattern="^([0-9a-f]{64})?\\Z")]
Stream: TypeAlias = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{1,40}\\Z")]
Sequence: TypeAlias = Annotated[int, msgspec.Meta(ge=1, le=2**63 - 1)]
Cadence: TypeAlias = Annotated[int, msgspec.Meta(ge=1, le=31 * 86400)]
Word: TypeAlias = Annotated[str, msgspec.Meta(max_length=200, pattern="^[^\\x00]*\\Z")]


class Gap(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """Reports `first` to `last` (inclusive) of this stream will never arrive, for `reason`."""

    first: Sequence
    last: Sequence
    reason: Word


class Report(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """One survey of one target.

    `target` is the id of what was surveyed: given to an agent at enrolment, to a prober with its list. `taken_at` (aware) is
    when the facts were read, by the host's own clock;
    `clock_offset` is that clock minus the collector's, in seconds, as seen at the last answer. `policy` is the digest of
    the policy the results were judged under. `software` is what judged them ("pantau 0.1.0").
    """

    target: Word
    stream: Stream
    sequence: Sequence
    previous: Digest
    taken_at: datetime
    boot_id: Word
    software: Word
    policy: Digest
    every: Cadence
    clock_offset: float | None = None
    vantage: Word = "local"
    facts: dict[str, msgspec.Raw] = {}
    missing: dict[str, Words] = {}
    absent: dict[str, Words] = {}
    results: tuple[Result, ...] = ()
    gaps: Annotated[tuple[Gap, ...], msgspec.Meta(max_length=200)] = ()

    def encode(self) -> bytes:
        """The payload to be signed."""
        return msgspec.json.encode(self)


class NotAReport(ValueError):
    """Verified bytes that are no report, with what is wrong and where."""


_DECODER = msgspec.json.Decoder(Report)


def read_report(payload: Verified) -> Report:
    """The report in verified bytes. Raises NotAReport."""
    try:
        report = _DECODER.decode(payload)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise NotAReport(str(error) or type(error).__name__) from error
    if report.taken_at.tzinfo is None:
        raise NotAReport("a time zone is needed - at `$.taken_at`")
    if any(gap.last < gap.first for gap in report.gaps):
        raise NotAReport("a gap ends before it begins - at `$.gaps`")
    return report


def pack(snapshot: Snapshot) -> tuple[dict[str, msgspec.Raw], dict[str, Words], dict[str, Words]]:
    """`snapshot` as the three members `facts`, `missing`, `absent` of a report."""
    return (
        {name_of(kind): msgspec.Raw(msgspec.json.encode(fact)) for kind, fact in snapshot.facts.items()},
        {name_of(kind): reason for kind, reason in snapshot.missing.items()},
        {name_of(kind): reason for kind, reason in snapshot.absent.items()},
    )


def unpack(report: Report, known: dict[str, type[Fact]]) -> Snapshot:
    """The snapshot in `report`, as far as its facts are `known`. A fact that does not decode is missing, with the reason."""
    facts: dict[type[Fact], Fact] = {}
    missing: dict[type[Fact], Words] = {known[name]: reason for name, reason in report.missing.items() if name in known}
    for name, raw in report.facts.items():
        if kind := known.get(name):
            try:
                facts[kind] = msgspec.json.decode(raw, type=kind)
            except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
                missing[kind] = f"{name}: {error}"
    absent = {known[name]: reason for name, reason in report.absent.items() if name in known}
    return Snapshot(facts, missing, absent)
