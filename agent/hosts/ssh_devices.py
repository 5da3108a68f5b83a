"""Network devices that this server watches over SSH: each is asked in its own language, and named in what this server reports.

Laws:
- Only what a source says literally is sent (`Ask`); no shell, no configuration mode. Host keys and keys as for any host over SSH.
- One login for each question, one at a time per device: many devices end a connection after one answer, and have few lines.
- Devices are asked beside each other, at most `THREADS` at once; one that hangs or is gone is named with the reason, and the others
  answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TypeVar, cast

from agent.hosts.base import Host
from agent.hosts.ssh_connection import Connection
from agent.hosts.ssh_login import Route
from checks.fact import Missing
from checks.facts.network_equipment import Ask, Said
from checks.source import Source

T = TypeVar("T")
THREADS = 8


@dataclass(frozen=True)
class Device:
    """A declared device. `dialect`: one of `DIALECTS`. `uplinks`: its interfaces that must be up."""

    name: str
    dialect: str
    route: Route
    uplinks: tuple[str, ...] = ()


@dataclass(frozen=True)
class WatchingHost:
    """`host`, and the devices it watches."""

    host: Host
    devices: Sequence[Device]
    _lines: dict[str, Connection] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        self._lines.update({one.name: Connection(one.route) for one in self.devices})

    def read(self, source: Source[T]) -> T:
        """See `agent.hosts.base.Host`."""
        return cast(T, self._ask(source)) if isinstance(source, Ask) else self.host.read(source)

    def _ask(self, source: Ask) -> tuple[Said, ...]:
        asked = [one for one in self.devices if one.dialect == source.dialect]
        with ThreadPoolExecutor(THREADS, thread_name_prefix="device") as pool:
            return tuple(pool.map(lambda one: self._said(one, source), asked))

    def _said(self, device: Device, source: Ask) -> Said:
        try:
            printed = self._lines[device.name].say(source.command, seconds=source.timeout, most=source.max_bytes)
        except Missing as error:
            return Said(device.name, unread=error.reason)
        return Said(device.name, printed.decode("utf-8", "replace").replace("\r", ""), uplinks=device.uplinks)
