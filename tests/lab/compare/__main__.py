"""`python -m tests.lab.compare`: Pantau, Lynis and OpenSCAP on the laboratory's hosts: a table of where they disagree.

The last line is one JSON object; the exit code is 1 where a disagreement is not explained in disagreements.csv. `--record`
keeps the run in recorded.json and writes docs/comparison.md of it.
"""

from __future__ import annotations

import argparse
import json
import signal
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from tests.bench.__main__ import machine
from tests.lab.compare import measure, tools
from tests.lab.compare.judge import AUDITORS, Comparison, Overlap, Said, compare, concluded, disagreements, overlaps
from tests.lab.compare.record import RECORD, keep, write_page
from tests.lab.host import Host
from tests.lab.image import made
from tests.lab.scenes import GOOD, GUIDE, Laboratory


def main() -> int:
    """Boot, audit with everything, compare, measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--record", action="store_true", help=f"keep the run in {RECORD.name}, and write the page of it"
    )
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that hosts and namespaces are removed then too
    rows, reasons = overlaps(), disagreements()
    for layer in (GOOD, GUIDE):
        made(layer)
    tools.folder()
    said: list[Said] = []
    costs: dict[str, dict[str, float]] = {}

    def audit(hosts: Mapping[str, Host]) -> None:
        for host in hosts.values():
            tools.put(host)
        print("asking Lynis and OpenSCAP ...", flush=True)
        said.extend(compare(rows, measure.everywhere(hosts, rows)))
        print("measuring ...", flush=True)
        costs.update(measure.costs(hosts["good"]))

    Laboratory().run(after=audit)
    found = concluded(said, reasons)
    tell(found, rows)
    for name, cost in costs.items():
        print(f"{name}: {cost}")
    finished = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
    if options.record:
        keep(said, {"finished": finished, "machine": machine(), "versions": tools.versions(), "costs": costs})
        print(write_page())
    print(json.dumps({**summary(found, rows), "costs": costs, "finished": finished}))
    return 1 if found.unexplained else 0


def tell(found: Comparison, rows: tuple[Overlap, ...]) -> None:
    """Print what does not agree."""
    checks = {row.name: row.check for row in rows}
    right = {(said.overlap, said.auditor, said.host): f"right: {why.right}" for said, why in found.explained}
    for one in (*(said for said, _ in found.explained), *found.unexplained):
        verdict = right.get((one.overlap, one.auditor, one.host), "UNEXPLAINED")
        theirs = f"{AUDITORS[one.auditor]}: {one.theirs}"
        print(f"{checks[one.overlap]:<10} {one.overlap:<50} {one.host:<9} {one.ours:<15} {theirs:<15} {verdict}")
    for why in found.not_seen:
        print(f"not seen any more: {why.overlap}, {why.auditor}: {why.ours} / {why.theirs}")


def summary(found: Comparison, rows: tuple[Overlap, ...]) -> dict[str, Any]:
    """The figures of the last line."""
    return {
        "overlapping_rules": len(rows),
        "rules_of_others": sum(bool(row.lynis) + len(row.openscap) for row in rows),
        "compared": len(found.agreed) + len(found.explained) + len(found.unexplained),
        "agreements": len(found.agreed),
        "disagreements_explained": len(found.explained),
        "unexplained": len(found.unexplained),
        "silent": len(found.silent),
        "no_longer_seen": len(found.not_seen),
    }


if __name__ == "__main__":
    sys.exit(main())
