from __future__ import annotations

import os
import subprocess
import sys
import time

from checks.facts.processor import Processor
from tests.checks.facts.here import read


def test_shares_lie_between_none_and_all_and_the_load_is_that_of_the_kernel() -> None:
    before, seen = os.getloadavg(), read(Processor)

    assert seen.cores == os.cpu_count()
    assert all(0 <= share <= 1 for share in (seen.busy, seen.iowait, seen.steal))
    assert seen.busy + seen.iowait <= 1.001
    assert seen.window >= 0.5
    assert abs(seen.load_15 - before[2]) < 1


def test_work_on_every_core_is_seen() -> None:
    work = [sys.executable, "-c", "while True: pass"]
    workers = [subprocess.Popen(work) for _ in range(os.cpu_count() or 1)]
    try:
        time.sleep(0.3)
        assert read(Processor).busy > 0.5
    finally:
        for worker in workers:
            worker.kill()
            worker.wait()
