"""`make lab`: every check of a host and of its public site, on real booted hosts: a good one, one by the old guides, one attacked.

The last line is one JSON object; the exit code is 1 where a check is neither seen right nor explained in exceptions.csv, or
where something that was planted is not seen.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import signal
import sys
import time
from collections.abc import Mapping
from datetime import UTC, datetime

from checks.catalogue import catalogue
from checks.vantage import Vantage
from tests.lab import joined
from tests.lab.host import Host
from tests.lab.image import made
from tests.lab.scenes import GOOD, GUIDE, Laboratory, Results
from tests.lab.verdicts import Conclusion, conclude, planted, table, unseen, worst


def main() -> int:
    """Make, boot, audit, conclude."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--show", metavar="CODE", action="append", default=[], help="print what each host said of CODE")
    parser.add_argument(
        "--keep", action="store_true", help="wait for a key before the hosts end; says how to enter them"
    )
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that hosts and namespaces are removed then too
    start = time.monotonic()
    images = sum(made(layer) for layer in (GOOD, GUIDE))
    print(f"images: {images:.0f} s", flush=True)
    laboratory = Laboratory()
    laboratory.run(after=_kept if options.keep else lambda hosts: None)
    said = laboratory.said
    found = _concluded(said)
    missed = unseen(
        planted(), {host: [{**one, "measured": _en(one["measured"])} for one in said[host]] for host in said}
    )
    for code in options.show:
        _show(code.upper(), said)
    for line in (*found.wrong, *missed):
        print(f"WRONG {line}")
        _show(line.split(":")[0], said)
    print(
        f"{found.checks} checks: {len(found.right_on_good)} right on good, {len(found.right_on_bad)} seen to fail on a bad "
        f"host, {len(found.not_staged)} rows of the table used, {len(found.wrong)} wrong; "
        f"{len(planted()) - len(missed)} of {len(planted())} planted things seen"
    )
    spent = {"images": images, **laboratory.spent, "whole": time.monotonic() - start}
    print(json.dumps(_summary(found, missed, spent), ensure_ascii=False))
    return 1 if found.wrong or missed else 0


def _concluded(said: Mapping[str, Results]) -> Conclusion:
    everything = catalogue()
    codes = sorted(
        {check.code for check in (*everything.answerable, *everything.at(Vantage.OUTSIDE))} | {*joined.codes()}
    )
    return conclude(
        codes, worst(said["good"]), [worst(results) for host, results in said.items() if host != "good"], table()
    )


def _kept(hosts: Mapping[str, Host]) -> None:
    for host in hosts.values():
        print(host.entrance)
    input("Enter ends the hosts. ")


def _show(code: str, said: Mapping[str, Results]) -> None:
    for host, results in said.items():
        for one in results:
            if one["check"] == code:
                words = f"{_en(one['measured'])} / {_en(one['expected'])}"
                print(f"      {host} {one['status']} {one['subject']}: {words}"[:400])


def _en(words: object) -> str:
    return str(words.get("en", "")) if isinstance(words, dict) else str(words)


def _summary(found: Conclusion, missed: tuple[str, ...], spent: Mapping[str, float]) -> dict[str, object]:
    return {
        "checks": found.checks,
        "right_on_good": len(found.right_on_good),
        "right_on_bad": len(found.right_on_bad),
        "not_staged": [dataclasses.asdict(row) for row in found.not_staged],
        "false_alarms": list(found.false_alarms),
        "planted": len(planted()),
        "planted_seen": len(planted()) - len(missed),
        "wrong": [*found.wrong, *missed],
        "seconds": {name: round(value, 1) for name, value in spent.items()},
        "finished": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
    }


if __name__ == "__main__":
    sys.exit(main())
