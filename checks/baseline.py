"""Baselines: things of one kind on a server, item by item, against the items that a person approved. Pure.

    class AuthorizedKeys(Listed): ...                       # read on the host
    class ApprovedAuthorizedKeys(Approved): ...             # read from the register of that name

    @check("K-IOC-12", ...)
    def authorized_keys(now: AuthorizedKeys, approved: ApprovedAuthorizedKeys | None) -> Verdict:
        return drift(now, approved)

Laws:
- An item is one line that a person can read and that changes whenever the thing does (path, owner, digest). Never a secret.
- Nothing approved yet is undetermined, never a pass.
- What was cut off a list cannot hide: the digest is over all of it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from checks.catalogue import Catalogue
from checks.check import Check
from checks.fact import Fact
from checks.text import Text
from checks.verdict import Verdict, judge, unknown

MOST_ITEMS = 400
MOST_LENGTH = 300  # characters of one item
SHOWN = 5


class Listed(Fact, frozen=True):
    """Things on a server: `items` sorted, at most `MOST_ITEMS`; `count` of all; `digest` (SHA-256, hex) over all."""

    items: tuple[str, ...]
    count: int
    digest: str


class Approved(Fact, frozen=True):
    """What a person approved of the same kind, and when."""

    items: tuple[str, ...]
    count: int
    digest: str
    approved_at: datetime


L = TypeVar("L", bound=Listed)


def listed(kind: type[L], items: Iterable[str]) -> L:
    """`items` as a fact of `kind`: sorted, each once, cut to what a report carries."""
    everything = sorted({item[:MOST_LENGTH] for item in items})
    digest = hashlib.sha256("\n".join(everything).encode()).hexdigest()
    return kind(tuple(everything[:MOST_ITEMS]), len(everything), digest)


def drift(now: Listed, approved: Approved | None, *, removed: bool = True) -> Verdict:
    """FAIL where items are there that nobody approved, or (with `removed`) approved ones are gone."""
    expected = Text("sama dengan baseline yang disetujui", "the same as the approved baseline")
    if approved is None:
        return unknown(
            Text(
                f"{now.count} butir; belum ada baseline yang disetujui: setujui di konsol, halaman server atau instans, Baseline",
                f"{now.count} items; no baseline is approved yet: approve it in the console, on the page of the server or "
                "instance, Baseline",
            )
        )
    if now.digest == approved.digest:
        return judge(True, Text(f"{now.count} butir, sesuai", f"{now.count} items, as approved"), expected)
    new = [item for item in now.items if item not in set(approved.items)]
    gone = [item for item in approved.items if item not in set(now.items)]
    if not removed and not new and max(now.count, approved.count) <= MOST_ITEMS:
        return judge(True, Text(f"{now.count} butir, tidak ada yang baru", f"{now.count} items, none new"), expected)
    if not new and not (gone and removed):  # the digests differ, and what is listed does not say in what
        return judge(
            False,
            Text(
                "berubah di luar butir yang tercantum dalam laporan", "changed beyond the items that the report lists"
            ),
            expected,
        )
    return judge(False, _changes(new, gone if removed else []), expected, value=float(len(new)))


def _changes(new: list[str], gone: list[str]) -> Text:
    parts = []
    if new:
        parts.append(Text(f"baru: {_some(new)}", f"new: {_some(new)}"))
    if gone:
        parts.append(Text(f"hilang: {_some(gone)}", f"gone: {_some(gone)}"))
    return Text("; ".join(part.id for part in parts), "; ".join(part.en for part in parts))


def _some(items: list[str]) -> str:
    more = f", … (+{len(items) - SHOWN})" if len(items) > SHOWN else ""
    return ", ".join(items[:SHOWN]) + more


@dataclass(frozen=True)
class Baseline:
    """One kind of baseline: the check that joins, the fact of the host, and the fact of the register."""

    check: Check
    listed: type[Listed]
    approved: type[Approved]


def baselines(catalogue: Catalogue) -> tuple[Baseline, ...]:
    """Every baseline of `catalogue`, in the order of their checks' codes."""
    found = []
    for check in catalogue.joined:
        now = [fact for fact in check.facts if issubclass(fact, Listed)]
        approved = [fact for fact in check.facts if issubclass(fact, Approved)]
        if now and approved:
            found.append(Baseline(check, now[0], approved[0]))
    return tuple(found)
