"""Run the whole suite: everything once on SQLite, the collector's part again on a real PostgreSQL.

The collector's part runs beside the rest: it waits much, and the rest computes. What it prints comes when it has ended.

The last line is one JSON object with `passed`, `failed`, `skipped`. With CI=true (or PANTAU_NO_SKIP=1) a skipped test is a
failure: on a machine that can install what tests need, nothing may be skipped.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO, TypeAlias
from xml.etree import ElementTree as Xml

HERE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(HERE))


Round: TypeAlias = tuple[dict[str, int], list[str]]
"""Counts, and the ids of skipped tests with their reasons."""


def pytest(name: str, *arguments: str, out: IO[str] = sys.stdout, **environment: str) -> Round:
    """Run pytest; what it prints goes to `out`."""
    print(f"== {name}", file=out, flush=True)
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "junit.xml"
        command = [sys.executable, "-m", "pytest", "-q", f"--junitxml={report}", *arguments]
        code = subprocess.run(
            command, cwd=HERE, env={**os.environ, **environment}, stdout=out, stderr=out, check=False
        ).returncode
        counts = {"passed": 0, "failed": 0, "skipped": 0}
        if not report.exists():
            return {**counts, "failed": 1}, []
        skipped = []
        for case in Xml.parse(report).iter("testcase"):
            if case.find("failure") is not None or case.find("error") is not None:
                counts["failed"] += 1
            elif (skip := case.find("skipped")) is not None:
                counts["skipped"] += 1
                skipped.append(f"{case.get('classname')}::{case.get('name')}: {skip.get('message')}")
            else:
                counts["passed"] += 1
    if code not in (0, 1) or (code and not counts["failed"]):
        counts["failed"] += 1
    return counts, skipped


def main() -> int:
    """Run both rounds and print the sum."""
    start = time.monotonic()
    with tempfile.TemporaryFile("w+") as out, ThreadPoolExecutor(1) as beside:
        collectors = beside.submit(collector, out)
        rounds = [pytest("all but the collector", "--ignore=tests/collector")]
        rounds += collectors.result()
        out.seek(0)
        print(out.read(), flush=True)
    total = {key: sum(counts[key] for counts, _ in rounds) for key in ("passed", "failed", "skipped")}
    skipped = [line for _, lines in rounds for line in lines]
    forbidden = os.environ.get("CI") == "true" or os.environ.get("PANTAU_NO_SKIP") == "1"
    if skipped and forbidden:
        print("Skipped, which is forbidden here:\n  " + "\n  ".join(skipped[:50]))
    print(f"{total['passed']} passed, {total['failed']} failed, {total['skipped']} skipped")
    print(json.dumps({**total, "seconds": round(time.monotonic() - start, 1)}))
    return 1 if total["failed"] or (skipped and forbidden) or not total["passed"] else 0


def collector(out: IO[str]) -> list[Round]:
    """The collector's tests on both databases."""
    return [pytest("the collector, on SQLite", "tests/collector", out=out), on_postgresql(out)]


def on_postgresql(out: IO[str]) -> Round:
    """The collector's tests on a cluster of their own."""
    import pytest as framework

    from tests.postgres_cluster import cluster

    try:
        with cluster() as made:
            url = f"postgresql://{made.user}@/postgres?host={made.host}&port={made.port}"
            return pytest("the collector, on PostgreSQL", "tests/collector", out=out, PANTAU_COLLECTOR_DATABASE=url)
    except framework.skip.Exception as reason:
        print(f"== the collector on PostgreSQL: skipped, {reason}", file=out)
        return {"passed": 0, "failed": 0, "skipped": 1}, [f"tests/collector on PostgreSQL: {reason}"]


if __name__ == "__main__":
    raise SystemExit(main())
