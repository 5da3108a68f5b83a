"""Memory, swap, and processes the kernel killed for want of memory."""

from __future__ import annotations

from checks.fact import Fact, Missing, reads
from checks.source import File, Usage
from checks.text import Text


class Memory(Fact, frozen=True):
    """Main memory and swap in bytes. `available` is what new work could have without swapping. Never absent."""

    total: int
    available: int
    swap_total: int
    swap_used: int


class OomKills(Fact, frozen=True):
    """Processes killed by the kernel for want of memory since boot. Absent: a kernel before 4.13."""

    since_boot: int


@reads(Usage(Memory))
def memory(reading: Memory) -> Memory:
    return reading


@reads(File("/proc/vmstat"))
def oom_kills(text: str) -> OomKills:
    for line in text.splitlines():
        name, _, count = line.partition(" ")
        if name == "oom_kill" and count.isdigit():
            return OomKills(int(count))
    raise Missing(Text("/proc/vmstat tidak memuat baris oom_kill", "/proc/vmstat has no line oom_kill"))
