"""Sensors and network interfaces of a far host, from /sys: what psutil gives locally, of the same meaning."""

from __future__ import annotations

import posixpath
from collections import defaultdict

from agent.hosts.ssh_files import FarFiles
from checks.fact import Absent
from checks.facts.link_use import LinkSpeed, LinkSpeeds
from checks.facts.sensors import Sensors, Temperature
from checks.source import Source
from checks.text import Text

HWMON = "/sys/class/hwmon/hwmon*"
MEASURED = ("name", "temp*_input", "temp*_max", "temp*_crit", "fan*_input")  # also below device/, as on CentOS
UP = 1  # IFF_UP
CONNECTED = {"up", "unknown"}  # a driver that cannot tell says unknown


def sensors(files: FarFiles, source: Source[object]) -> Sensors:
    """The hottest sensor of each chip, and its fans (the kernel's hwmon/sysfs-interface.rst). Raises Absent."""
    patterns = [f"{HWMON}{below}/{name}" for below in ("", "/device") for name in MEASURED]
    seen = {path: raw.decode("ascii", "replace").strip() for path, raw in files.matching(patterns, source).items()}
    chips: dict[str, list[Temperature]] = defaultdict(list)
    fans = [value for path, value in seen.items() if posixpath.basename(path).startswith("fan")]
    for path, value in sorted(seen.items()):
        base = path.removesuffix("_input")
        chip = seen.get(posixpath.join(posixpath.dirname(path), "name"), "")
        current = _degrees(value)
        if base == path or "/fan" in path or not chip or current is None or not 0 < current < 120:
            continue
        high, critical = _degrees(seen.get(f"{base}_max", "")), _degrees(seen.get(f"{base}_crit", ""))
        high, critical = high or critical, critical or high  # as psutil: one limit stands for both
        chips[chip].append(Temperature(chip, round(current, 1), _meant(high), _meant(critical)))
    hottest = [max(rows, key=lambda row: row.current / (row.critical or row.high or 100)) for rows in chips.values()]
    if not hottest and not fans:
        raise Absent(
            Text("tidak ada sensor suhu atau kipas di sini", "the kernel knows no temperature sensor and no fan here")
        )
    hottest.sort(key=lambda one: (-one.current, one.chip))
    return Sensors(tuple(hottest[:20]), len(fans), sum(value == "0" for value in fans))


def link_speeds(files: FarFiles, source: Source[object]) -> LinkSpeeds:
    """All interfaces (the kernel's sysfs-class-net). One without a speed of its own has 0."""
    patterns = [f"/sys/class/net/*/{name}" for name in ("flags", "operstate", "speed")]
    seen: dict[str, dict[str, str]] = defaultdict(dict)
    for path, raw in files.matching(patterns, source).items():
        seen[path.split("/")[4]][posixpath.basename(path)] = raw.decode("ascii", "replace").strip()
    links = []
    for name, told in sorted(seen.items()):
        up = bool(int(told.get("flags", "0"), 16) & UP) and told.get("operstate") in CONNECTED
        links.append(LinkSpeed(name, up, max(0, int(told.get("speed", "0")))))
    return LinkSpeeds(tuple(links))


def _degrees(value: str) -> float | None:
    """Degrees Celsius, from thousandths."""
    try:
        return int(value) / 1000
    except ValueError:
        return None


def _meant(degrees: float | None) -> float | None:
    """A limit that a maker might have meant: many chips give 0 or 65261.85."""
    return degrees if degrees is not None and 20 < degrees < 150 else None
