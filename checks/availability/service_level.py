"""The availability that was agreed (standard l), month by month, as the collector counted it from what probers saw.

Laws:
- Planned windows count neither way. Nor does time that nobody observed, but how much was observed stands beside the figure.
- Where too little was observed, the best that may have been decides: below the target even so, it is a failure; else unknown.
- A month that still runs fails only once it cannot reach its target any more.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, datetime

from checks.calendar import today
from checks.check import AVAILABILITY, DAY, HIGH, HOUR, MINUTE, check
from checks.facts.measured_availability import Availability, MeasuredAvailability
from checks.text import Text
from checks.verdict import Status, Verdict, judge, not_applicable, unknown, warned


@check(
    "L-AVL-07", severity=HIGH, aspect=AVAILABILITY, every=DAY, absent=Status.NOT_APPLICABLE,
    source="Keputusan Deputi II LKPP 152/2022 2.1.a.3; Pantau default (99.0 %, four fifths of the time observed)",
    title=Text("Ketersediaan bulanan sesuai SLA", "Monthly availability meets the SLA"),
    why=Text(
        "Tingkat layanan dijanjikan dalam SLA dengan LKPP; pelanggarannya dapat menjadi dasar penghentian layanan "
        "(152/2022, 2.2.d).",
        "The service level is promised in the SLA with LKPP; breaching it can be grounds for ending the service "
        "(152/2022, 2.2.d).",
    ),
    remedy=Text(
        "Lihat kapan dan mengapa padam: temuan L-AVL-01 dan L-AVL-02 di konsol, lalu di server `journalctl -p err --since "
        "'30 days ago'`. Pemeliharaan terencana dicatat lebih dahulu di Register perubahan supaya tidak dihitung.",
        "See when and why it was down: findings L-AVL-01 and L-AVL-02 in the console, then on the server `journalctl -p err "
        "--since '30 days ago'`. Enter planned maintenance in the Register of changes beforehand, so that it is not counted.",
    ),
)  # fmt: skip
def monthly_availability(
    measured: MeasuredAvailability, now: datetime, *, minimum: float = 99.0, observed_share: float = 0.8
) -> Iterator[Verdict]:
    for one in measured.months:
        yield _month(one, today(now), minimum if one.target is None else one.target, observed_share)
    if (more := measured.total - len(measured.months)) > 0:
        yield unknown(
            Text(f"{more} bulan instans lain tidak dinilai", f"{more} more months of instances were not judged")
        )


def _month(one: Availability, day: date, target: float, observed_share: float) -> Verdict:
    subject = f"{one.instance} {one.month:%Y-%m}"
    countable = one.observed + one.unobserved
    if countable <= 0:
        return not_applicable(
            Text("seluruhnya pemeliharaan terencana", "planned maintenance throughout"), subject=subject
        )
    coverage = one.observed / countable
    if one.observed <= 0:
        return unknown(Text("tidak teramati sama sekali", "not observed at all"), subject=subject)
    share, down = 100 * one.available / one.observed, one.observed - one.available
    planned = f", terencana {_long(one.planned, 'jam', 'menit')}" if one.planned else ""
    planned_en = f", planned {_long(one.planned, 'h', 'min')}" if one.planned else ""
    measured = Text(
        f"{share:.2f} %, padam {_long(down, 'jam', 'menit')}{planned}; teramati {coverage:.0%} waktu",
        f"{share:.2f} %, down {_long(down, 'h', 'min')}{planned_en}; {coverage:.0%} of the time observed",
    )
    expected = f">= {target:g} %"
    if _lost(one, day, target):
        return judge(False, measured, expected, subject=subject, value=round(share, 4))
    if coverage < observed_share:
        return unknown(measured, subject=subject)
    if _runs(one, day) and share < target:
        return warned(measured, expected, subject=subject, value=round(share, 4))
    return judge(share >= target, measured, expected, subject=subject, value=round(share, 4))


def _lost(one: Availability, day: date, target: float) -> bool:
    """Would it be below `target` even if it had been available all the time that was not observed, and that is to come?"""
    whole = one.observed + one.unobserved
    if _runs(one, day):
        whole = max(whole, monthrange(one.month.year, one.month.month)[1] * DAY - one.planned)
    return 100 * (one.observed - one.available) > (100 - target) * whole


def _runs(one: Availability, day: date) -> bool:
    return (one.month.year, one.month.month) >= (day.year, day.month)


def _long(seconds: int, hours: str, minutes: str) -> str:
    return (
        f"{seconds // HOUR} {hours} {seconds % HOUR // MINUTE} {minutes}"
        if seconds >= HOUR
        else f"{seconds // MINUTE} {minutes}"
    )
