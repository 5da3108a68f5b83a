from __future__ import annotations

import platform
import subprocess
import sys

import pytest

SCRIPT = """
import threading
from agent.memory import one_arena
print(one_arena())
held = threading.Event()
def work():
    kept.append(bytes(200_000))  # of the C library: too large for Python's own pools
    held.wait()
kept = []
threads = [threading.Thread(target=work) for _ in range(4)]
[one.start() for one in threads]
starts = [line.split("-")[0] for line in open("/proc/self/maps")]
print(sum(int(one, 16) % (64 << 20) == 0 for one in starts))
held.set()
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="arenas are glibc's")
def test_threads_share_one_arena() -> None:
    limited = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True).stdout.split()
    free = SCRIPT.replace("print(one_arena())", "print(False)")
    usual = subprocess.run([sys.executable, "-c", free], capture_output=True, text=True, check=True).stdout.split()
    assert limited[0] == "True"
    assert int(limited[1]) < int(usual[1])
