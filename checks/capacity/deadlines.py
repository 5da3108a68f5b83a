"""Bid deadlines (standard g): will tomorrow's busiest hour fit through what was tested?"""

from __future__ import annotations

from checks.check import AVAILABILITY, HOUR, MEDIUM, check
from checks.facts.bid_deadlines import DAYS, BidDeadlines
from checks.text import Text
from checks.verdict import Status, Verdict, judge, unknown

MEBIBYTE = 1 << 20


@check(
    "G-WEB-03", severity=MEDIUM, aspect=AVAILABILITY, every=HOUR, absent=Status.NOT_APPLICABLE,
    source="Pantau default (80 %)",
    title=Text("Beban jam tenggat penawaran muat dalam kapasitas", "The load at bid deadlines fits the capacity"),
    why=Text(
        "Menjelang tenggat semua penyedia mengunggah bersamaan; bila server tidak sanggup, penawaran yang sah terlambat dan "
        "tender disanggah.",
        "Close to a deadline all bidders upload at once; if the server cannot keep up, valid bids come too late and the tender "
        "is contested.",
    ),
    remedy=Text(
        "Geser tenggat sebagian tender ke jam lain, atau tambah bandwidth dan uji ulang dengan beban tiruan: `ab -n 500 -c 50 -p "
        "BERKAS https://SPSE-LATIHAN/` dari jaringan lain, pada instans latihan.",
        "Move the deadlines of some tenders to other hours, or add bandwidth and test again with an artificial load: `ab -n 500 "
        "-c 50 -p FILE https://SPSE-TRAINING/` from another network, on the training instance.",
    ),
)  # fmt: skip
def deadline_load(
    bids: BidDeadlines, *, capacity_mbit: float = 0.0, percent: float = 80.0, bid_mib: float = 0.0
) -> Verdict:
    """`capacity_mbit`: tested capacity in Mbit/s. `bid_mib`: MiB of one bid, where documents are stored on another server.

    The forecast: all bids of the busiest hour arrive within that hour.
    """
    expected = Text(f"<= {percent:g} % dari kapasitas yang diuji", f"<= {percent:g} % of the tested capacity")
    if bids.deadlines == 0:
        return judge(True, Text("tidak ada tenggat dalam 24 jam", "no deadline within 24 hours"), expected, value=0)
    told = Text(
        f"{bids.deadlines} tenggat dalam 24 jam, {bids.peak} penawaran pada jam tersibuk",
        f"{bids.deadlines} deadlines within 24 hours, {bids.peak} bids in the busiest hour",
    )
    if capacity_mbit <= 0:
        return unknown(
            Text(
                f"{told.id}; kapasitas yang diuji belum ada dalam kebijakan (G-WEB-03, capacity_mbit)",
                f"{told.en}; the policy names no tested capacity (G-WEB-03, capacity_mbit)",
            )
        )
    size = bid_mib * MEBIBYTE or _bytes_of_a_bid(bids)
    if size is None:
        return unknown(
            Text(f"{told.id}; ukuran satu penawaran belum diketahui", f"{told.en}; the size of a bid is not known yet")
        )
    mbit = bids.peak * size * 8 / 3600 / 1e6
    share = 100 * mbit / capacity_mbit
    measured = Text(
        f"{told.id} x {size / MEBIBYTE:.1f} MiB = {mbit:.2f} dari {capacity_mbit:g} Mbit/s ({share:.0f} %)",
        f"{told.en} x {size / MEBIBYTE:.1f} MiB = {mbit:.2f} of {capacity_mbit:g} Mbit/s ({share:.0f} %)",
    )
    return judge(share <= percent, measured, expected, value=round(share, 1))


def _bytes_of_a_bid(bids: BidDeadlines) -> float | None:
    """What documents grew by for each bid; None where either is not known, or documents shrank."""
    if bids.growth is None or bids.growth <= 0 or bids.past == 0:
        return None
    return bids.growth * DAYS / bids.past
