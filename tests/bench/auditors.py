"""What an audit costs beside those of Lynis and OpenSCAP, on one host of the laboratory: ratios to `pantau-agent check`."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping

from tests.lab.compare import measure, tools
from tests.lab.host import Host
from tests.lab.image import made
from tests.lab.scenes import GOOD, GUIDE, Laboratory

NEEDED = ("systemd-nspawn", "mmdebstrap")


def possible() -> bool:
    """Can the laboratory's hosts be made and booted here?"""
    return os.geteuid() == 0 and all(map(shutil.which, NEEDED))


def measure_all() -> dict[str, object]:
    """One figure for each other auditor: wall and CPU as ratios, and what they are ratios of."""
    for layer in (GOOD, GUIDE):
        made(layer)
    costs: dict[str, dict[str, float]] = {}

    def audit(hosts: Mapping[str, Host]) -> None:
        tools.put(hosts["good"])
        costs.update(measure.costs(hosts["good"]))

    Laboratory().run(after=audit)
    own = costs.pop("pantau-agent check")
    figures: dict[str, object] = {"audit_of_a_lab_host": {"value": own["wall"], "unit": "s wall", "budget": 5, **own}}
    for name, cost in costs.items():
        figures[name] = {
            "value": round(cost["wall"] / own["wall"], 1), "unit": "x the wall time of pantau-agent check",
            "cpu_ratio": round(cost["cpu"] / own["cpu"], 1), **cost,
        }  # fmt: skip
    return figures
