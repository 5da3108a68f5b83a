"""The uninterruptible power supply, through Network UPS Tools or apcupsd."""

from __future__ import annotations

from checks.fact import Absent, After, Fact, Missing, reads
from checks.source import Command
from checks.text import Text

# apcupsd's words for what NUT says in two letters (apcaccess(8), upsc(8))
APC = {
    "ONLINE": "OL", "ONBATT": "OB", "LOWBATT": "LB", "REPLACEBATT": "RB", "OVERLOAD": "OVER", "CAL": "CAL", "TRIM": "TRIM",
    "BOOST": "BOOST", "SHUTTING": "FSD",
}  # fmt: skip
MOST_SECONDS = 30 * 86400


class UpsNames(Fact, frozen=True):
    """The supplies that NUT on this host knows. Absent: NUT is not installed, or knows none."""

    names: tuple[str, ...]


class Ups(Fact, frozen=True):
    """One supply. `status` in NUT's words: OL on line, OB on battery, LB low, RB replace battery. Absent: none.

    `charge` in percent and `runtime` in seconds; None where the device does not say.
    """

    name: str
    status: tuple[str, ...]
    charge: float | None = None
    runtime: float | None = None


@reads(Command(("upsc", "-l"), is_the_thing=True, timeout=5.0))
def ups_names(printed: str) -> UpsNames:
    names = [line.strip() for line in printed.splitlines() if line.strip() and not line.startswith("Init SSL")]
    if not names:
        raise Absent(Text("NUT tidak mengenal UPS", "NUT knows no UPS"))
    if any(not all(c.isalnum() or c in "-_." for c in name) or name.startswith("-") for name in names):
        raise Missing(Text("upsc -l menampilkan sesuatu yang bukan nama", "upsc -l printed something that is no name"))
    return UpsNames(tuple(names[:8]))


@reads(
    After(
        UpsNames, "command upsc NAME@localhost", lambda ups: Command(("upsc", f"{ups.names[0]}@localhost"), timeout=5.0)
    )
)
def nut(printed: str) -> Ups:
    said = _pairs(printed)
    status = tuple(said.get("ups.status", "").split())
    if not {"OL", "OB", "OFF", "BYPASS"} & set(status):
        raise Missing(
            Text(
                "upsc tidak menampilkan ups.status yang menyatakan listrik atau baterai",
                "upsc printed no ups.status that says on line or on battery",
            )
        )
    name = said.get("device.model") or said.get("ups.model") or "UPS"
    return Ups(name[:60], status, _number(said.get("battery.charge")), _seconds(_number(said.get("battery.runtime"))))


@reads(Command(("apcaccess", "status"), is_the_thing=True, timeout=5.0))
def apcupsd(printed: str) -> Ups:
    said = _pairs(printed)
    words = said.get("STATUS", "").split()
    if "COMMLOST" in words:
        raise Missing(Text("apcupsd kehilangan komunikasi dengan UPS", "apcupsd has lost communication with the UPS"))
    status = tuple(APC[word] for word in words if word in APC)
    if not {"OL", "OB"} & set(status):
        raise Missing(
            Text(
                "apcaccess tidak menampilkan STATUS yang menyatakan listrik atau baterai",
                "apcaccess printed no STATUS that says on line or on battery",
            )
        )
    left = _number(said.get("TIMELEFT", "").partition(" ")[0])
    name = said.get("MODEL") or said.get("UPSNAME") or "UPS"
    charge = _number(said.get("BCHARGE", "").partition(" ")[0])
    return Ups(name[:60], status, charge, _seconds(None if left is None else left * 60))


def _pairs(printed: str) -> dict[str, str]:
    pairs = (line.partition(":") for line in printed.splitlines())
    return {name.strip(): value.strip() for name, colon, value in pairs if colon}


def _number(word: str | None) -> float | None:
    """`word` as a number from 0 up; None if it is none, or not finite."""
    try:
        number = float(word or "")
    except ValueError:
        return None
    return number if 0 <= number < 1e9 else None


def _seconds(number: float | None) -> float | None:
    """A runtime that some device might have: several report 0 on line, or 65535 minutes, for "not known"."""
    return number if number is not None and 0 < number < MOST_SECONDS else None
