"""`make bench`: all figures, one line each while they come, and one JSON object as the last line."""

from __future__ import annotations

import json
import os
import platform
import sys
from collections.abc import Mapping
from pathlib import Path


def machine() -> dict[str, object]:
    """What this was measured on."""
    model = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if "model name" in line
        ),
        "",
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "cpu": model, "cores": os.cpu_count(), "memory_gib": round(memory, 1), "python": platform.python_version(),
        "kernel": platform.release(), "load_before": round(os.getloadavg()[0], 2),
    }  # fmt: skip


def main() -> int:
    """Measure what is named on the command line (agent, collector, national, auditors), or everything but the auditors, which
    need the laboratory and many minutes.
    """
    figures: dict[str, object] = {"machine": machine()}
    wanted = sys.argv[1:] or ["agent", "collector", "national"]
    if "agent" in wanted:
        from tests.bench import agent

        figures |= _shown(agent.measure())
    if "collector" in wanted:
        from tests.bench import collector

        figures |= _shown(collector.measure())
    if "national" in wanted:
        from tests.bench import national

        figures |= _shown(national.measure())
    if "auditors" in wanted:
        from tests.bench import auditors

        if auditors.possible():
            figures |= _shown(auditors.measure_all())
        elif "auditors" in sys.argv:
            raise SystemExit("the laboratory needs root, and: " + ", ".join(auditors.NEEDED))
    print(json.dumps(figures))
    return 0


def _shown(figures: Mapping[str, object]) -> Mapping[str, object]:
    for name, figure in figures.items():
        print(f"{name}: {figure}", flush=True)
    return figures


if __name__ == "__main__":
    raise SystemExit(main())
