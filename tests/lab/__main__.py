"""`make lab`: every check of a host, on real booted hosts: one set up well, one by the old guides, one attacked.

The last line is one JSON object; the exit code is 1 where a check is neither seen right nor explained in exceptions.csv.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import shutil
import signal
import sys
import time
from collections.abc import Mapping
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import Any

from checks.catalogue import catalogue
from tests.lab import product
from tests.lab.host import Host
from tests.lab.image import Layer, cache, made
from tests.lab.network import Network
from tests.lab.verdicts import Conclusion, conclude, table, worst

BASE = Layer("base")
GOOD = Layer("good", Layer("good-packages", BASE))
GUIDE = Layer("guide", Layer("guide-packages", BASE))
IMAGES = {"good": GOOD, "guide": GUIDE, "attacked": GOOD}


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
    spent = {"images": sum(made(layer) for layer in (GOOD, GUIDE))}
    print(f"images: {spent['images']:.0f} s", flush=True)
    said = _hosts(spent, keep=options.keep)
    codes = [check.code for check in catalogue().answerable]
    found = conclude(
        codes, worst(said["good"]), [worst(said[name]) for name in ("guide", "attacked", "attacked, later")], table()
    )
    for code in options.show:
        for host, results in said.items():
            for one in results:
                if one["check"] == code.upper():
                    print(
                        f"{code} {host} {one['status']} {one['subject']}: {_en(one['measured'])} / {_en(one['expected'])}"
                    )
    _tell(found, said)
    spent["whole"] = time.monotonic() - start
    print(json.dumps(_summary(found, spent), ensure_ascii=False))
    return 1 if found.wrong else 0


def _hosts(spent: dict[str, float], *, keep: bool) -> dict[str, list[dict[str, Any]]]:
    """What each host's own agent says, as `check --json` prints its results. Fills `spent` (seconds)."""
    work = cache() / "run"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    said = {}
    with ExitStack() as stack:
        clock = time.monotonic()
        bind = (f"{product.installed(work)}:{product.PLACE}",)
        network = Network()
        stack.callback(network.close)
        network.open()
        hosts = []
        for number, (name, layer) in enumerate(IMAGES.items(), 1):
            host = Host(name, layer, work / name, network.attach(name, number), bind)
            stack.callback(host.stop)
            host.boot()
            hosts.append(host)
        spent["boot"] = time.monotonic() - clock
        print(f"three hosts booted: {spent['boot']:.0f} s", flush=True)
        for host in hosts:
            clock = time.monotonic()
            host.script(f"{host.name}.sh")
            spent[f"{host.name} staged"] = time.monotonic() - clock
        for host in hosts:
            clock = time.monotonic()
            said[host.name] = _audit(host)
            spent[f"{host.name} audited"] = time.monotonic() - clock
            print(f"{host.name}: staged {spent[f'{host.name} staged']:.0f} s, audited in "
                  f"{spent[f'{host.name} audited']:.1f} s: {len(said[host.name])} results", flush=True)  # fmt: skip
        hosts[-1].script("attacked-later.sh")
        said["attacked, later"] = _audit(hosts[-1])
        if keep:
            for host in hosts:
                print(host.entrance)
            input("Enter ends the hosts. ")
    return said


def _audit(host: Host) -> list[dict[str, Any]]:
    done = host.run(product.COMMAND, "check", "--json", timeout=300)
    if done.returncode not in {0, 1, 3}:
        raise SystemExit(f"{host.name}: pantau-agent check ended with {done.returncode}\n{done.stdout}{done.stderr}")
    results: list[dict[str, Any]] = json.loads(done.stdout)["results"]
    return results


def _tell(found: Conclusion, said: Mapping[str, list[dict[str, Any]]]) -> None:
    for line in found.wrong:
        print(f"WRONG {line}")
        for host, results in said.items():
            for one in results:
                if one["check"] == line.split(":")[0]:
                    print(f"      {host} {one['status']} {one['subject']}: {_en(one['measured'])}"[:300])
    print(
        f"{found.checks} checks: {len(found.right_on_good)} right on good, {len(found.right_on_bad)} seen to fail on a bad "
        f"host, {len(found.not_staged)} rows of the table used, {len(found.wrong)} wrong"
    )


def _en(words: object) -> str:
    return str(words.get("en", "")) if isinstance(words, dict) else str(words)


def _summary(found: Conclusion, spent: Mapping[str, float]) -> dict[str, object]:
    return {
        "checks": found.checks,
        "right_on_good": len(found.right_on_good),
        "right_on_bad": len(found.right_on_bad),
        "not_staged": [dataclasses.asdict(row) for row in found.not_staged],
        "false_alarms": list(found.false_alarms),
        "wrong": list(found.wrong),
        "seconds": {name: round(value, 1) for name, value in spent.items()},
        "finished": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
    }


if __name__ == "__main__":
    sys.exit(main())
