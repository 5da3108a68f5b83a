"""Power (standard l)."""

from __future__ import annotations

from datetime import datetime, timedelta

from checks.check import AVAILABILITY, HIGH, HOUR, MEDIUM, MINUTE, check
from checks.facts.power_events import PowerEvents
from checks.facts.ups import Ups
from checks.text import Text
from checks.verdict import Status, Verdict, judge, warned

BROKEN = {"OB", "LB", "FSD", "OFF", "OVER"}  # on battery, low, forced shutdown, off, overloaded
DOUBTFUL = {"RB", "BYPASS", "CAL", "ALARM"}  # replace battery, unprotected, calibrating


@check(
    "L-PWR-01", severity=HIGH, aspect=AVAILABILITY, every=MINUTE, grace=3 * MINUTE, absent=Status.NOT_APPLICABLE,
    source="Pantau default",
    title=Text("UPS memakai listrik PLN, daya dan durasi cukup", "The UPS is on line, its charge and runtime suffice"),
    why=Text(
        "UPS dengan baterai lemah baru ketahuan saat listrik padam, dan server mati bersama basis datanya.",
        "A UPS with weak batteries shows itself only when power fails, and the server goes down with its database.",
    ),
    remedy=Text(
        "Saat listrik padam: siapkan shutdown teratur. Selain itu ganti baterai (biasanya setiap 3 tahun), kurangi beban, dan "
        "uji: `upsc -l`, `upsc NAMA@localhost` (NUT) atau `apcaccess status` (apcupsd).",
        "When power has failed: prepare an orderly shutdown. Otherwise replace the batteries (usually every 3 years), take "
        "load off, and test: `upsc -l`, `upsc NAME@localhost` (NUT) or `apcaccess status` (apcupsd).",
    ),
)  # fmt: skip
def ups(supply: Ups, *, charge: float = 50.0, minutes: float = 10.0) -> Verdict:
    status = set(supply.status)
    said_id, said_en = [" ".join(supply.status)], [" ".join(supply.status)]
    if supply.charge is not None:
        said_id.append(f"daya {supply.charge:g}%")
        said_en.append(f"charge {supply.charge:g}%")
    if supply.runtime is not None:
        said_id.append(f"durasi {supply.runtime / 60:.0f} menit")
        said_en.append(f"runtime {supply.runtime / 60:.0f} minutes")
    measured = Text(", ".join(said_id), ", ".join(said_en))
    expected = Text(
        f"OL, daya >= {charge:g}%, durasi >= {minutes:g} menit",
        f"OL, charge >= {charge:g}%, runtime >= {minutes:g} minutes",
    )
    enough = (supply.charge is None or supply.charge >= charge) and (
        supply.runtime is None or supply.runtime >= minutes * MINUTE
    )
    met = "OL" in status and not status & BROKEN and enough
    # A device that says neither charge nor runtime proves only that there is mains power.
    if met and (status & DOUBTFUL or (supply.charge is None and supply.runtime is None)):
        return warned(measured, expected, subject=supply.name, value=supply.charge)
    return judge(met, measured, expected, subject=supply.name, value=supply.charge)


@check(
    "L-PWR-02", severity=MEDIUM, aspect=AVAILABILITY, every=HOUR, absent=Status.NOT_APPLICABLE, source="Pantau default",
    title=Text("Listrik jarang terganggu", "Power seldom fails"),
    why=Text(
        "Gangguan yang berulang menghabiskan baterai UPS dan merusak perangkat; itu alasan untuk genset atau jalur listrik kedua.",
        "Failures that recur wear out the UPS's batteries and break machines; they are the reason for a generator or second feed.",
    ),
    remedy=Text(
        "Lihat kapan: `journalctl -t upsmon --since -30d | grep 'on battery'` (NUT) atau `grep 'Power failure' "
        "/var/log/apcupsd.events` (apcupsd). Laporkan kepada pengelola gedung dan PLN, uji genset, dan catat sebagai gangguan.",
        "See when: `journalctl -t upsmon --since -30d | grep 'on battery'` (NUT) or `grep 'Power failure' "
        "/var/log/apcupsd.events` (apcupsd). Report it to the building's management and the utility, test the generator, and "
        "record it as an incident.",
    ),
)  # fmt: skip
def failures(events: PowerEvents, now: datetime, *, days: int = 30, most: int = 3) -> Verdict:
    since = now - timedelta(days=days)
    recent = [at for at in events.failures if since <= at <= now]
    measured = Text(f"{len(recent)} kali dalam {days} hari", f"{len(recent)} times in {days} days")
    if recent:
        last = f"{recent[0]:%Y-%m-%d %H:%M}"
        measured = Text(f"{measured.id}, terakhir {last}", f"{measured.en}, last {last}")
    return judge(len(recent) <= most, measured, f"<= {most}", value=len(recent))
