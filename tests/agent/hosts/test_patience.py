from __future__ import annotations

import threading
import time

import pytest

from agent.hosts.patience import Hanging, Patience
from checks.fact import Absent


def test_what_is_read_in_time_is_given_and_what_is_raised_is_raised() -> None:
    patience = Patience()
    assert patience.wait("a", 1, lambda: 42) == 42

    def gone() -> int:
        raise Absent("not here")

    with pytest.raises(Absent, match="not here"):
        patience.wait("a", 1, gone)


def test_what_hangs_costs_its_time_once_and_one_thread_until_it_lets_go() -> None:
    patience, release = Patience(), threading.Event()

    def dead_mount() -> str:
        release.wait(30)
        return "alive"

    before, start = threading.active_count(), time.monotonic()
    with pytest.raises(Hanging, match=r"could not be read within 0\.2 s"):
        patience.wait("/backup", 0.2, dead_mount)
    for _ in range(10):
        with pytest.raises(Hanging, match="earlier reading of it still hangs"):
            patience.wait("/backup", 10, dead_mount)
    assert patience.wait("/", 1, lambda: "other") == "other"
    assert time.monotonic() - start < 2
    assert threading.active_count() <= before + 2
    release.set()
    time.sleep(0.1)
    assert patience.wait("/backup", 1, dead_mount) == "alive"
