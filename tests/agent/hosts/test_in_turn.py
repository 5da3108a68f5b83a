from __future__ import annotations

import threading
import time
from typing import TypeVar

import pytest

from agent.hosts.in_turn import HostInTurn, Turns
from checks.fact import Missing
from checks.source import File, Source

T = TypeVar("T")


class Slow:
    """Takes its time; remembers what was read, in order, and how many read at once."""

    def __init__(self) -> None:
        self.read_in_order: list[str] = []
        self.now = self.most = 0

    def read(self, source: Source[T]) -> T:
        self.now += 1
        self.most = max(self.most, self.now)
        time.sleep(0.05)
        self.read_in_order.append(source.describe())
        self.now -= 1
        if source.describe() == "file /bad":
            raise Missing("bad")
        return "read"  # type: ignore[return-value]


def reading(host: HostInTurn, path: str) -> threading.Thread:
    thread = threading.Thread(target=host.read, args=(File(path),))
    thread.start()
    return thread


def test_one_thing_is_read_at_a_time_and_who_is_in_a_hurry_goes_first() -> None:
    slow, turns, stop = Slow(), Turns(), threading.Event()
    others, hurried = HostInTurn(slow, turns, stop, False), HostInTurn(slow, turns, stop, True)
    threads = [reading(others, f"/{number}") for number in range(5)]
    time.sleep(0.01)
    threads.append(reading(hurried, "/now"))
    for thread in threads:
        thread.join()
    assert slow.most == 1
    assert len(slow.read_in_order) == 6
    assert slow.read_in_order.index("file /now") <= 1


def test_a_reading_that_fails_lets_the_next_in() -> None:
    slow = Slow()
    host = HostInTurn(slow, Turns(), threading.Event(), False)
    with pytest.raises(Missing, match="bad"):
        host.read(File("/bad"))
    assert host.read(File("/good")) == "read"


def test_after_the_stop_nothing_is_read() -> None:
    slow, stop = Slow(), threading.Event()
    host = HostInTurn(slow, Turns(), stop, True)
    stop.set()
    with pytest.raises(Missing, match="stopping"):
        host.read(File("/x"))
    assert slow.read_in_order == []
