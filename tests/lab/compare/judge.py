"""Where auditors agree, where they do not, and whether somebody has said why. Pure.

Laws:
- Only what both judged is compared: silence of the other is counted apart, and is no agreement.
- "Warn" meets the standard: it agrees with a pass. Unknown and not applicable agree with neither.
- A disagreement without a row in disagreements.csv is unexplained; a row gives who is right, and why.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
OVERLAPS, DISAGREEMENTS = HERE / "overlaps.csv", HERE / "disagreements.csv"
AUDITORS = {"lynis": "Lynis", "openscap": "OpenSCAP"}
RIGHT = {"pantau", "other", "both", "neither"}
ALIKE = {"warn": "pass"}


@dataclass(frozen=True)
class Overlap:
    """One thing that Pantau and another auditor judge: `check` (of one `subject`, if not empty); a Lynis test with the words
    that mean failure; rules of OpenSCAP.
    """

    name: str
    topic: str
    check: str
    subject: str
    lynis: str
    fault: str
    openscap: tuple[str, ...]


@dataclass(frozen=True)
class Why:
    """Why `auditor` says `theirs` where Pantau says `ours` of `overlap`, who is right (one of RIGHT), and why."""

    overlap: str
    auditor: str
    ours: str
    theirs: str
    right: str
    reason: str


@dataclass(frozen=True)
class Said:
    """What was said of one overlap on one host; `theirs` is empty where the auditor was silent."""

    overlap: str
    auditor: str
    host: str
    ours: str
    theirs: str

    @property
    def agree(self) -> bool:
        """Do both say the same?"""
        return ALIKE.get(self.ours, self.ours) == self.theirs


@dataclass(frozen=True)
class Comparison:
    """All that was said, in these parts; each disagreement that is explained with its explanation."""

    agreed: tuple[Said, ...]
    explained: tuple[tuple[Said, Why], ...]
    unexplained: tuple[Said, ...]
    silent: tuple[Said, ...]
    not_seen: tuple[Why, ...]


def overlaps() -> tuple[Overlap, ...]:
    """The table. Raises ValueError on a double, and on a row that compares nothing."""
    rows = []
    with OVERLAPS.open(encoding="utf-8", newline="") as text:
        for line in csv.DictReader(text):
            line["openscap"] = tuple(line["openscap"].split())  # type: ignore[assignment]
            row = Overlap(**line)  # type: ignore[arg-type]
            if not row.lynis and not row.openscap:
                raise ValueError(f"{OVERLAPS.name}: {row.name} is compared with nothing")
            rows.append(row)
    if len({row.name for row in rows}) < len(rows):
        raise ValueError(f"{OVERLAPS.name}: a name stands twice")
    return tuple(rows)


def disagreements() -> tuple[Why, ...]:
    """The explanations. Raises ValueError on one without a reason, of an unknown overlap, or double."""
    names = {row.name for row in overlaps()}
    with DISAGREEMENTS.open(encoding="utf-8", newline="") as text:
        rows = tuple(Why(**line) for line in csv.DictReader(text))
    for row in rows:
        if row.overlap not in names or row.auditor not in AUDITORS or row.right not in RIGHT or not row.reason:
            raise ValueError(f"{DISAGREEMENTS.name}: {row}")
    if len({_key(row) for row in rows}) < len(rows):
        raise ValueError(f"{DISAGREEMENTS.name}: a disagreement stands twice")
    return rows


def _key(one: Why | Said) -> tuple[str, str, str, str]:
    return one.overlap, one.auditor, one.ours, one.theirs


Verdict = Callable[[Overlap], str | None]


def compare(rows: Sequence[Overlap], hosts: Mapping[str, Mapping[str, Verdict]]) -> tuple[Said, ...]:
    """`hosts`: of each host, by auditor ("pantau" too), what it says of an overlap."""
    found = []
    for row in rows:
        for host, verdicts in hosts.items():
            for auditor, asked in (("lynis", bool(row.lynis)), ("openscap", bool(row.openscap))):
                if asked:
                    mine, other = verdicts["pantau"](row) or "not judged", verdicts[auditor](row) or ""
                    found.append(Said(row.name, auditor, host, mine, other))
    return tuple(found)


def concluded(said: Sequence[Said], reasons: Sequence[Why]) -> Comparison:
    """`said`, sorted by whether it agrees and is explained."""
    known = {_key(row): row for row in reasons}
    spoken = [one for one in said if one.theirs]
    apart = [one for one in spoken if not one.agree]
    seen = {_key(one) for one in apart}
    return Comparison(
        tuple(one for one in spoken if one.agree),
        tuple((one, known[_key(one)]) for one in apart if _key(one) in known),
        tuple(one for one in apart if _key(one) not in known),
        tuple(one for one in said if not one.theirs),
        tuple(row for row in reasons if _key(row) not in seen),
    )
