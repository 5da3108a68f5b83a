"""Runs the auditors on the hosts of the laboratory, and measures what each run costs.

Laws:
- All auditors see a host in the same state: after everything that the laboratory did to it.
- What is measured runs alone, on the good host, as root, and is the whole process with its children, as the kernel counts it.
"""

from __future__ import annotations

import json
import statistics
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

from tests.lab import product
from tests.lab.compare import tools
from tests.lab.compare.judge import Overlap, Verdict
from tests.lab.compare.said import Lynis, of_rules, openscap, ours
from tests.lab.host import Host

PANTAU = (product.COMMAND, "check", "--json")
PROFILE = "xccdf_org.ssgproject.content_profile_"
RUNS = 3


@dataclass(frozen=True)
class Run:
    """One run of an auditor: what it printed, wall and CPU seconds, its largest process in MiB, what it judged."""

    printed: str
    wall: float
    cpu: float
    mib: float


def run(host: Host, argv: Sequence[str]) -> Run:
    """Run `argv` inside. Raises SystemExit where it printed nothing."""
    out = f"{tools.PLACE}/out/printed"
    done = host.run("/usr/bin/python3", f"{tools.PLACE}/spent.py", out, *argv, timeout=900)
    if done.returncode:
        raise SystemExit(f"{host.name}: {argv}: {done.stdout}{done.stderr}")
    spent = json.loads(done.stdout)
    printed = read(host, "printed")
    if not printed.strip():
        raise SystemExit(f"{host.name}: {argv[0]} ended with {spent['code']} and printed nothing")
    return Run(printed, spent["wall"], spent["cpu"], spent["mib"])


def read(host: Host, name: str) -> str:
    """What an auditor left inside."""
    return (host.root / tools.PLACE.lstrip("/") / "out" / name).read_text(encoding="utf-8", errors="replace")


def oscap(stream: str, profile: str, rules: Sequence[str] = ()) -> tuple[str, ...]:
    """OpenSCAP's command: `profile` of `stream`, of it only `rules` if there are any."""
    only = [word for rule in rules for word in ("--rule", f"xccdf_org.ssgproject.content_rule_{rule}")]
    return (f"{tools.PLACE}/oscap", "--profile", profile, *only, f"{tools.PLACE}/{stream}.xml")


def verdicts(host: Host, rows: Sequence[Overlap]) -> dict[str, Verdict]:
    """What each auditor says of `host`."""
    results: list[dict[str, Any]] = json.loads(run(host, PANTAU).printed)["results"]
    run(host, tools.LYNIS)
    lynis = Lynis.read(read(host, "lynis.log"))
    rules = sorted({rule for row in rows for rule in row.openscap})
    scap = [openscap(run(host, oscap(stream, "(all)", rules)).printed) for stream in tools.STREAMS]
    return {
        "pantau": lambda row: ours(results, row.check, row.subject),
        "lynis": lambda row: lynis.verdict(row.lynis, row.fault) if row.lynis else None,
        "openscap": lambda row: of_rules(scap, row.openscap),
    }


def everywhere(hosts: Mapping[str, Host], rows: Sequence[Overlap]) -> dict[str, dict[str, Verdict]]:
    """What each auditor says of each host; the hosts must have been given the tools."""
    with ThreadPoolExecutor(2) as pool:
        return dict(zip(hosts, pool.map(partial(verdicts, rows=rows), hosts.values()), strict=True))


def costs(host: Host) -> dict[str, dict[str, float]]:
    """Of each auditor on `host`, medians: wall and CPU seconds, MiB, and how many rules gave a verdict."""
    found = {"pantau-agent check": _median(host, PANTAU, RUNS, _checks)}
    found["lynis audit system --quick"] = _median(
        host, tools.LYNIS, 1, lambda _: len(Lynis.read(read(host, "lynis.log")).tests)
    )
    for name, profile in (("standard", f"{PROFILE}standard"), ("all rules", "(all)")):
        found[f"oscap xccdf eval, {name}"] = _median(
            host, oscap(tools.STREAMS[0], profile), RUNS if name != "all rules" else 1, _judged
        )
    return found


def _median(host: Host, argv: Sequence[str], times: int, count: Any) -> dict[str, float]:
    runs = [run(host, argv) for _ in range(times)]
    middle = {name: round(statistics.median(getattr(one, name) for one in runs), 2) for name in ("wall", "cpu", "mib")}
    return {**middle, "rules": count(runs[-1].printed), "runs": times}


def _checks(printed: str) -> int:
    return len({one["check"] for one in json.loads(printed)["results"]})


def _judged(printed: str) -> int:
    return sum(result in {"pass", "fail"} for result in openscap(printed).values())
