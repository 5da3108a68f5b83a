"""What the collector would conclude of a host's baselines: its things now, against those a person approved before."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec

from checks.baseline import Listed, baselines
from checks.catalogue import catalogue
from checks.fact import Snapshot, name_of
from checks.policy import Policy, rulebook
from tests.lab import product
from tests.lab.host import Host

Things = Mapping[str, Any]
"""Facts of baselines by name, as they stand in JSON."""


def listed(host: Host) -> Things:
    """What `host` lists of itself now."""
    done = host.run(product.PYTHON, "-P", "/lab/listed.py")
    if done.returncode:
        raise SystemExit(f"{host.name}: listed.py ended with {done.returncode}\n{done.stdout}{done.stderr}")
    found: Things = json.loads(done.stdout)
    return found


def codes() -> list[str]:
    """The checks of baselines."""
    return [one.check.code for one in baselines(catalogue())]


def judged(now: Things, approved: Things) -> list[dict[str, Any]]:
    """Results, as `check --json` prints them, of what stands there `now` where `approved` was approved."""
    found, book, at = [], rulebook(catalogue(), Policy()), datetime.now(UTC)
    for one in baselines(catalogue()):
        name = name_of(one.listed)
        facts = {}
        if name in now:
            facts[one.listed] = msgspec.convert(now[name], one.listed)
        if name in approved:
            was: Listed = msgspec.convert(approved[name], one.listed)
            facts[one.approved] = one.approved(was.items, was.count, was.digest, at)
        missing = {kind: "not read" for kind in one.check.facts if kind not in facts}
        found += [
            {"check": result.check, "status": result.status.value, "subject": result.subject,
             "measured": msgspec.to_builtins(result.measured), "expected": msgspec.to_builtins(result.expected)}
            for result in book.evaluate(one.check, Snapshot(facts, missing), at)
        ]  # fmt: skip
    return found
