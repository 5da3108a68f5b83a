"""The clock that the public sees (standard k): deadlines of bids are judged by it."""

from __future__ import annotations

from checks.check import CRITICAL, INTEGRITY, MINUTE, check
from checks.facts.public_clock import PublicClock
from checks.text import Text
from checks.verdict import Verdict, judge, unknown


@check(
    "K-TIME-06", severity=CRITICAL, aspect=INTEGRITY, every=5 * MINUTE, grace=15 * MINUTE,
    source="Peraturan BSSN 4/2021 Pasal 27 ayat (6) huruf g; Pantau default",
    title=Text("Jam situs publik tepat", "The public site's clock is right"),
    why=Text(
        "Batas akhir pemasukan penawaran mengikuti jam server; selisihnya, terlihat dari luar, menjadi dasar sanggahan.",
        "Deadlines of bids follow the server's clock; an error that anyone can see from outside is the ground of an objection.",
    ),
    remedy=Text(
        "Periksa `timedatectl` dan `chronyc tracking` pada server SPSE dan reverse proxy; bila melenceng: `chronyc makestep`, di "
        "luar jam pemasukan penawaran.",
        "Look at `timedatectl` and `chronyc tracking` on the SPSE server and the reverse proxy; if it is off: `chronyc makestep`, "
        "outside the hours of bidding.",
    ),
)  # fmt: skip
def public_clock(clock: PublicClock, *, seconds: float = 2.0) -> Verdict:
    """What lies within the accuracy of the measurement on either side of the limit is not decided."""
    size, accuracy = abs(clock.offset), clock.accuracy
    shown = f"{clock.offset:+.1f} ± {accuracy:.1f}"
    measured, expected = (
        Text(f"{shown} detik", f"{shown} s"),
        Text(f"paling banyak {seconds:g} detik", f"at most {seconds:g} s"),
    )
    if size - accuracy > seconds:
        return judge(False, measured, expected, value=clock.offset)
    if size > seconds or accuracy > seconds:
        return unknown(Text(f"{shown} detik: terlalu kasar untuk diputuskan", f"{shown} s: too coarse to decide"))
    return judge(True, measured, expected, value=clock.offset)
