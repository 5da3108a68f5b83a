"""Network interfaces (standard g)."""

from __future__ import annotations

from collections.abc import Iterator

from checks.check import AVAILABILITY, LOW, MINUTE, check
from checks.facts.interfaces import Interfaces
from checks.text import Text
from checks.verdict import Status, Verdict, judge, not_applicable, warned


@check(
    "G-NET-02", severity=LOW, aspect=AVAILABILITY, every=5 * MINUTE, absent=Status.NOT_APPLICABLE, source="Pantau default",
    title=Text("Antarmuka jaringan tanpa galat dan drop", "Network interfaces have no errors or drops"),
    why=Text(
        "Galat pada antarmuka berarti kabel, port, atau kartu jaringan rusak; unggahan besar terputus-putus karenanya.",
        "Errors on an interface mean a bad cable, port or card; large uploads break off because of it.",
    ),
    remedy=Text(
        "Lihat `ip -s link show NAMA` dan `ethtool -S NAMA`; ganti kabel atau port switch, samakan kecepatan dan duplex. "
        "Drop tanpa galat: perbesar antrean (`ethtool -G NAMA rx 4096`). Penghitung kembali nol saat boot.",
        "Look at `ip -s link show NAME` and `ethtool -S NAME`; change the cable or switch port, make speed and duplex agree. "
        "Drops without errors: larger rings (`ethtool -G NAME rx 4096`). The counters return to zero at boot.",
    ),
)  # fmt: skip
def errors(seen: Interfaces, *, percent: float = 0.1, packets: int = 10_000) -> Iterator[Verdict]:
    for one in seen.interfaces:
        if one.packets < packets:
            reason = Text("Belum banyak lalu lintas", "It has carried little traffic yet")
            yield not_applicable(reason, subject=one.name)
            continue
        bad, lost = 100 * one.errors / one.packets, 100 * one.drops / one.packets
        measured = Text(
            f"sejak boot: galat {bad:.3g}%, drop {lost:.3g}% dari {one.packets} paket",
            f"since boot: errors {bad:.3g}%, drops {lost:.3g}% of {one.packets} packets",
        )
        # The kernel counts frames of protocols it does not speak as drops: those alone are no fault of the network.
        if bad <= percent < lost:
            yield warned(measured, f"<= {percent:g}%", subject=one.name, value=round(bad, 4))
        else:
            yield judge(bad <= percent, measured, f"<= {percent:g}%", subject=one.name, value=round(bad, 4))
