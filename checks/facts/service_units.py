"""The systemd units of the services an SPSE server lives on."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from checks.fact import Absent, Fact, Missing, reads
from checks.source import Command
from checks.text import Text

UNITS = (
    "httpd.service", "apache2.service", "nginx.service", "postgresql*.service", "tomcat*.service", "spse*.service",
    "sshd.service", "ssh.service", "ssh.socket", "firewalld.service", "nftables.service", "ufw.service", "chrony.service",
    "chronyd.service",
)  # fmt: skip
PROPERTIES = (
    "Id", "LoadState", "ActiveState", "SubState", "UnitFileState", "NRestarts", "Result", "ActiveEnterTimestampMonotonic",
)  # fmt: skip
MOST = 30


class Unit(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One unit as systemd sees it. `active_since`: seconds after boot at which it last became active, None if not now."""

    id: str
    active: str  # active, inactive, failed, activating, deactivating, reloading
    sub: str = ""
    file_state: str = ""  # enabled, disabled, masked, static, generated, indirect, alias ...
    restarts: int = 0
    result: str = ""
    active_since: float | None = None


class ServiceUnits(Fact, frozen=True):
    """Those of the known units that exist here. Absent: none of them, or no systemd."""

    units: tuple[Unit, ...]


@reads(Command(("systemctl", "show", f"--property={','.join(PROPERTIES)}", "--", *UNITS), is_the_thing=True))
def service_units(printed: str) -> ServiceUnits:
    units: dict[str, Unit] = {}
    seen = False
    for block in _blocks(printed):
        if "Id" not in block or "ActiveState" not in block:
            raise Missing(
                Text(
                    "systemctl show menampilkan unit tanpa Id atau ActiveState",
                    "systemctl show printed a unit without Id or ActiveState",
                )
            )
        seen = True
        if block.get("LoadState") in {"loaded", "masked"}:
            units.setdefault(block["Id"], _unit(block))
    if not seen:
        raise Missing(Text("systemctl show tidak menampilkan satu unit pun", "systemctl show printed no unit"))
    if not units:
        raise Absent(
            Text(
                "tidak satu pun layanan server SPSE berupa unit systemd di sini",
                "none of the services of an SPSE server is a systemd unit here",
            )
        )
    return ServiceUnits(tuple(units[name] for name in sorted(units)[:MOST]))


def _blocks(printed: str) -> Iterator[dict[str, str]]:
    for text in printed.split("\n\n"):
        pairs = (line.partition("=") for line in text.splitlines())
        if block := {name: value for name, equals, value in pairs if equals and name in PROPERTIES}:
            yield block


def _unit(block: dict[str, str]) -> Unit:
    restarts, since = block.get("NRestarts", "0"), block.get("ActiveEnterTimestampMonotonic", "0")
    if not (restarts.isdecimal() and since.isdecimal()):
        raise Missing(
            Text(
                f"systemctl show {block['Id'][:60]}: NRestarts atau ActiveEnterTimestampMonotonic bukan angka",
                f"systemctl show {block['Id'][:60]}: NRestarts or ActiveEnterTimestampMonotonic is no number",
            )
        )
    active = block["ActiveState"]
    return Unit(
        id=block["Id"],
        active=active,
        sub=block.get("SubState", ""),
        file_state=block.get("UnitFileState", ""),
        restarts=int(restarts),
        result=block.get("Result", ""),
        active_since=int(since) / 1e6 if active == "active" and int(since) else None,
    )
