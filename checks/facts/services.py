"""Services, sockets and timers of systemd: what runs, and what starts at boot.

Any topic may ask: `services.active("nginx")`, `services.enabled("pgbackrest.timer")`.
"""

from __future__ import annotations

import re

import msgspec

from checks.fact import Fact, Missing, reads
from checks.source import Command
from checks.text import Text

MOST = 1000
UNIT = re.compile(r"[\w@.:\\-]+\.(?:service|socket|timer)")
CONTINUED = " " * 20  # a description of several lines goes on below itself, behind empty columns
STATES = ("active", "reloading", "inactive", "failed", "activating", "deactivating", "maintenance", "refreshing")
QUIET = ("static", "indirect", "generated", "transient", "alias", "")
"""How a unit stands that nobody enabled or disabled by hand."""


class Unit(msgspec.Struct, frozen=True, array_like=True):
    """One unit: `active` is systemd's ActiveState (active, inactive, failed ...), `enabled` its unit file state
    (enabled, disabled, masked, static ...; empty if there is no unit file).
    """

    active: str
    enabled: str


class Services(Fact, frozen=True):
    """Units by full name. Units that neither run nor failed nor were enabled, disabled or masked are left out.

    Absent: this host has no systemd.
    """

    units: dict[str, Unit]

    def active(self, name: str) -> bool:
        """Does the unit run? A name without suffix is a service."""
        unit = self.units.get(_full(name))
        return unit is not None and unit.active in ("active", "reloading", "activating", "refreshing")

    def enabled(self, name: str) -> bool:
        """Is the unit started at boot (or by its socket or timer)?"""
        unit = self.units.get(_full(name))
        return unit is not None and unit.enabled in ("enabled", "enabled-runtime")

    def failed(self) -> tuple[str, ...]:
        """Units that ended with an error."""
        return tuple(name for name, unit in self.units.items() if unit.active == "failed")


@reads(
    Command(
        (
            "systemctl", "list-units", "--type=service,socket,timer", "--all",
            "--no-legend", "--plain", "--no-pager", "--full",
        ),
        is_the_thing=True, timeout=20,
    ),
    Command(
        ("systemctl", "list-unit-files", "--type=service,socket,timer", "--no-legend", "--no-pager", "--full"),
        is_the_thing=True, timeout=30,
    ),
)  # fmt: skip
def services(loaded: str, files: str) -> Services:
    units: dict[str, Unit] = {}
    enabled: dict[str, str] = {}
    for line in files.splitlines():
        words = line.split()
        if len(words) >= 2 and UNIT.fullmatch(words[0]):
            enabled[words[0]] = words[1]
        elif line.strip():
            raise Missing(
                Text(
                    f"systemctl list-unit-files tidak dapat dibaca: {line[:60]!r}",
                    f"systemctl list-unit-files cannot be read: {line[:60]!r}",
                )
            )
    for line in loaded.splitlines():
        if line.startswith(CONTINUED):
            continue
        words = line.lstrip("●*× ").split()
        if len(words) >= 4 and UNIT.fullmatch(words[0]) and words[2] in STATES:
            units[words[0]] = Unit(words[2], enabled.get(words[0]) or enabled.get(_template(words[0]), ""))
        elif line.strip():
            raise Missing(
                Text(
                    f"systemctl list-units tidak dapat dibaca: {line[:60]!r}",
                    f"systemctl list-units cannot be read: {line[:60]!r}",
                )
            )
    if not units or not enabled:
        raise Missing(Text("systemctl tidak menampilkan unit apa pun", "systemctl lists no units"))
    units = {name: Unit("inactive", state) for name, state in enabled.items()} | units
    kept = {
        name: unit for name, unit in sorted(units.items()) if unit.active != "inactive" or unit.enabled not in QUIET
    }
    if len(kept) > MOST:
        raise Missing(
            Text(
                f"systemd memiliki {len(kept)} unit; Pantau membaca paling banyak {MOST}",
                f"systemd has {len(kept)} units; Pantau reads at most {MOST}",
            )
        )
    return Services(kept)


def _full(name: str) -> str:
    return name if name.endswith((".service", ".socket", ".timer")) else f"{name}.service"


def _template(name: str) -> str:
    """postgresql@15-main.service is an instance of postgresql@.service."""
    return re.sub(r"@.*(\.\w+)$", r"@\1", name)
