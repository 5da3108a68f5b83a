"""docs/comparison.md, of the tables and of the last recorded run. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from tests.lab.compare.judge import AUDITORS, Comparison, Overlap, Said, Why

HEAD = """# Pantau beside Lynis and OpenSCAP

Written by `python -m tests.lab.compare --record`; do not edit. On the laboratory's three hosts (one set up well, one by the
old guides, one attacked) Pantau, Lynis and OpenSCAP judge the same things at the same time. Which rules overlap stands in
`tests/lab/compare/overlaps.csv`, why they disagree in `tests/lab/compare/disagreements.csv`; a disagreement without an
explanation fails the run. Nothing is installed in the hosts: the auditors are unpacked beside them.

OpenSCAP's content has no Debian 12. That of Debian 11 counts, and where it has no such rule that of Ubuntu 22.04; the line
that says for which system it is was taken out. Lynis has no verdicts: a test that ran and neither warns nor suggests counts
as passed, unless the table names the words of its log that mean failure.
"""
RIGHT = {"pantau": "Pantau", "other": "the other", "both": "both", "neither": "neither"}


def page(found: Comparison, rows: tuple[Overlap, ...], recorded: Mapping[str, Any]) -> str:
    """The whole page."""
    versions = ", ".join(f"{name} {version}" for name, version in recorded["versions"].items())
    lines = [HEAD, f"Recorded {recorded['finished'][:10]} with {versions}.", ""]
    lines += [*_overlaps(found, rows), "", *_disagreements(found, rows), "", *_costs(recorded)]
    return "\n".join(lines) + "\n"


def _overlaps(found: Comparison, rows: tuple[Overlap, ...]) -> Iterator[str]:
    yield "## Where rules overlap"
    yield ""
    yield "| topic | things judged | compared with Lynis | with OpenSCAP | verdicts compared | agree | differ |"
    yield "|---|--:|--:|--:|--:|--:|--:|"
    topics = list(dict.fromkeys(row.topic for row in rows))
    topic_of = {row.name: row.topic for row in rows}
    agreed = Counter(topic_of[one.overlap] for one in found.agreed)
    differ = Counter(topic_of[one.overlap] for one in apart(found))
    for topic in topics:
        of = [row for row in rows if row.topic == topic]
        with_lynis, with_scap = sum(bool(row.lynis) for row in of), sum(bool(row.openscap) for row in of)
        both = agreed[topic] + differ[topic]
        yield f"| {topic} | {len(of)} | {with_lynis} | {with_scap} | {both} | {agreed[topic]} | {differ[topic]} |"
    whole = len(found.agreed) + len(apart(found))
    yield (
        f"| **all** | {len(rows)} | {sum(bool(row.lynis) for row in rows)} | {sum(bool(row.openscap) for row in rows)} | "
        f"{whole} | {len(found.agreed)} | {len(apart(found))} |"
    )
    yield ""
    yield (
        f"A verdict is one thing on one host against one auditor. {len(found.silent)} more could not be compared, because the "
        "other auditor was silent (its test was skipped, or its rule is not applicable there)."
    )


def apart(found: Comparison) -> tuple[Said, ...]:
    """All that do not agree."""
    return (*(said for said, _ in found.explained), *found.unexplained)


def _disagreements(found: Comparison, rows: tuple[Overlap, ...]) -> Iterator[str]:
    yield "## Why they disagree"
    yield ""
    right = Counter(why.right for _, why in found.explained)
    yield "Who is right, by verdict: " + ", ".join(f"{RIGHT[one]} {right[one]}" for one in RIGHT if right[one]) + "."
    yield ""
    yield "| thing | check | other | Pantau says | other says | on | right | why |"
    yield "|---|---|---|---|---|---|---|---|"
    grouped: dict[Why, list[Said]] = {}
    for said, why in found.explained:
        grouped.setdefault(why, []).append(said)
    checks = {row.name: row.check for row in rows}
    for why, group in grouped.items():
        hosts = ", ".join(said.host for said in group)
        cells = (why.overlap, checks[why.overlap], AUDITORS[why.auditor], why.ours, why.theirs, hosts, RIGHT[why.right])
        yield f"| {' | '.join((*cells, why.reason))} |"


def _costs(recorded: Mapping[str, Any]) -> Iterator[str]:
    machine, costs = recorded["machine"], recorded["costs"]
    own = costs["pantau-agent check"]
    yield "## What an audit costs"
    yield ""
    yield (
        f"The good host, as root, each alone; {machine['cores']} × {machine['cpu']}, {machine['memory_gib']} GiB, kernel "
        f"{machine['kernel']}, load average {machine['load_before']} when it ended. "
        "Wall and CPU seconds (children included), the largest process; × is the ratio to Pantau."
    )
    if machine["load_before"] > machine["cores"]:
        yield ""
        yield "The machine was busy with other work: its CPU seconds can be compared, its wall times only roughly."
    yield ""
    yield "| command | rules with a verdict | wall s | × | CPU s | × | CPU ms a rule | largest MiB | runs |"
    yield "|---|--:|--:|--:|--:|--:|--:|--:|--:|"
    for name, cost in costs.items():
        yield (
            f"| `{name}` | {cost['rules']} | {cost['wall']:.1f} | {cost['wall'] / own['wall']:.1f} | {cost['cpu']:.1f} | "
            f"{cost['cpu'] / own['cpu']:.1f} | {cost['cpu'] / cost['rules'] * 1000:.0f} | {cost['mib']:.0f} | {cost['runs']} |"
        )
    yield ""
    yield (
        "`standard` is the profile of that name, `all rules` every rule of the content, most of which ask for the kernel's and "
        "auditd's options. Lynis without `--quick` waits for a key. What each fact costs: `pantau-agent check --cost`."
    )
