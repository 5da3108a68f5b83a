"""Power (standard l)."""

from __future__ import annotations

from checks.check import AVAILABILITY, HIGH, MINUTE, check
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
