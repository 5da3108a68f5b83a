"""Main memory, swap, and processes killed for want of memory (standard g)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from checks.check import AVAILABILITY, DAY, HIGH, HOUR, MEDIUM, MINUTE, check
from checks.fact import Missing
from checks.facts.memory import Memory
from checks.facts.oom import OomHistory
from checks.text import Text
from checks.verdict import Verdict, at_most, judge, not_applicable, unknown, warned

SHORT_FOR = 15 * MINUTE


@check(
    "G-MEM-01", severity=MEDIUM, aspect=AVAILABILITY, every=MINUTE, grace=SHORT_FOR, recovery=SHORT_FOR,
    source="Pantau default",
    title=Text("Memori cukup", "There is enough memory"),
    why=Text(
        "Bila memori habis, kernel membunuh proses terbesar, dan itu biasanya Java (SPSE) atau PostgreSQL.",
        "When memory runs out the kernel kills the largest process, and that is usually Java (SPSE) or PostgreSQL.",
    ),
    remedy=Text(
        "Lihat pemakainya: `ps -eo pid,user,rss,comm --sort=-rss | head`. Pastikan -Xmx Java ditambah shared_buffers dan "
        "work_mem x max_connections PostgreSQL muat dalam RAM, atau tambah RAM.",
        "See who uses it: `ps -eo pid,user,rss,comm --sort=-rss | head`. Make sure Java's -Xmx plus PostgreSQL's "
        "shared_buffers and work_mem x max_connections fit into RAM, or add RAM.",
    ),
)  # fmt: skip
def utilisation(memory: Memory, *, warn: float = 80.0, fail: float = 90.0) -> Verdict:
    if memory.total <= 0:
        return unknown(Text("Besar memori tidak terbaca", "The size of memory could not be read"))
    used = round((1 - memory.available / memory.total) * 100, 1)
    return at_most(used, warn=warn, fail=fail, unit="%")


NONE_KILLED = Text("0 proses dihentikan kernel karena kehabisan memori", "0 processes were killed for want of memory")


@check(
    "G-MEM-02", severity=HIGH, aspect=AVAILABILITY, every=MINUTE, grace=5 * MINUTE, recovery=HOUR, source="Pantau default",
    title=Text("Swap sedikit terpakai, tanpa OOM", "Little swap is used, no process was killed for memory"),
    why=Text(
        "Swap yang terisi berarti memori sudah kurang; proses yang dibunuh kernel (OOM) berarti layanan sempat mati.",
        "Filled swap means memory is short already; a process killed by the kernel (OOM) means a service was down.",
    ),
    remedy=Text(
        "Cari korbannya: `journalctl -k -b --grep 'Out of memory|oom-kill'`. Turunkan -Xmx atau work_mem, atau tambah "
        "RAM; kosongkan swap sesudahnya dengan `swapoff -a && swapon -a` di luar jam layanan, hanya bila isinya muat "
        "dalam RAM yang tersedia (`free -m`).",
        "Find the victim: `journalctl -k -b --grep 'Out of memory|oom-kill'`. Lower -Xmx or work_mem, or add RAM; empty "
        "swap afterwards with `swapoff -a && swapon -a` outside service hours, only if what it holds fits into "
        "available RAM (`free -m`).",
    ),
)  # fmt: skip
def swap_and_oom(
    memory: Memory, oom: OomHistory | Missing | None, now: datetime, *, swap: float = 25.0, quiet_days: float = 1.0
) -> Iterator[Verdict]:
    if memory.swap_total:
        used = round(memory.swap_used / memory.swap_total * 100, 1)
        yield judge(used <= swap, f"swap {used:g}%", f"<= {swap:g}%", subject="swap", value=used)
    else:
        yield not_applicable(Text("Tidak ada swap", "There is no swap"), subject="swap")
    if isinstance(oom, Missing):
        yield unknown(oom.reason, subject="oom")
        return
    if oom is None:
        yield unknown(Text("Kernel tidak menghitung OOM", "The kernel does not count OOM kills"), subject="oom")
        return
    kills, expected = oom.since_boot, Text(f"0 dalam {24 * quiet_days:g} jam", f"0 within {24 * quiet_days:g} hours")
    if not kills:
        yield judge(True, NONE_KILLED, expected, subject="oom", value=0)
    elif oom.last is None:
        when = Text(
            f"{kills} proses dihentikan kernel sejak boot; waktunya tidak diketahui, log kernel tidak menyimpannya lagi",
            f"{kills} processes were killed since boot; it is not known when, the kernel's log does not reach back to it",
        )
        yield unknown(when, subject="oom")
    else:
        at = f"{oom.last:%Y-%m-%d %H:%M} UTC"
        when = Text(f"{kills} sejak boot, terakhir {at}", f"{kills} since boot, the last at {at}")
        if (now - oom.last).total_seconds() <= quiet_days * DAY:
            yield judge(False, when, expected, subject="oom", value=kills)
        else:
            yield warned(when, expected, subject="oom", value=kills)
