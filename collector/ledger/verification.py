"""Verify the whole ledger: every signature, digest and chain, from the stored bytes alone."""

from __future__ import annotations

from dataclasses import dataclass, field

import zstandard

from collector.ledger.models import Entry, Kind
from collector.registry.models import Agent
from evidence.envelope import NotSigned, verify
from evidence.key import PublicKey
from evidence.report import NotAReport, read_report


@dataclass
class Verification:
    """What was found. `gaps`: sequences that are not in the ledger; not a problem of the ledger itself."""

    entries: int = 0
    streams: int = 0
    gaps: int = 0
    problems: list[str] = field(default_factory=list)


def verify_ledger() -> Verification:
    """Read the ledger once, in order of agents and sequences."""
    found = Verification()
    keys = {key_id: PublicKey.from_raw(bytes(raw)) for key_id, raw in Agent.objects.values_list("key_id", "public_key")}
    stream: tuple[str, str] | None = None
    sequence, digest = 0, ""
    for entry in Entry.objects.order_by("agent_id", "stream", "kind", "sequence").iterator(chunk_size=500):
        found.entries += 1
        if not _signed(entry, keys, found):
            continue
        if entry.kind == Kind.EQUIVOCATION:
            continue
        if (entry.agent_id, entry.stream) != stream:
            stream, sequence, digest = (entry.agent_id, entry.stream), 0, ""
            found.streams += 1
        if entry.sequence == sequence + 1:
            previous = read_report(entry.raw).previous
            if sequence and previous != digest:
                found.problems.append(f"{entry}: names {previous[:16]}… as its predecessor, which is {digest[:16]}…")
        else:
            found.gaps += entry.sequence - sequence - 1
        sequence, digest = entry.sequence, entry.digest
    return found


def _signed(entry: Entry, keys: dict[str, PublicKey], found: Verification) -> bool:
    try:
        envelope = entry.envelope
    except zstandard.ZstdError as error:
        found.problems.append(f"{entry}: the payload cannot be decompressed: {error}")
        return False
    if envelope.digest != entry.digest:
        found.problems.append(
            f"{entry}: the payload's digest is {envelope.digest[:16]}…, stored is {entry.digest[:16]}…"
        )
        return False
    try:
        report = read_report(verify(envelope, keys[entry.agent_id]))
    except KeyError:
        found.problems.append(f"{entry}: no agent has the key {entry.agent_id[:16]}…")
        return False
    except (NotSigned, NotAReport) as error:
        found.problems.append(f"{entry}: {error}")
        return False
    signed = (report.target, report.stream, report.sequence, report.taken_at)
    if signed != (entry.target_id, entry.stream, entry.sequence, entry.taken_at):
        found.problems.append(f"{entry}: the row's server, stream, sequence or time is not the signed one")
        return False
    return True
