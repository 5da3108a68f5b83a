"""What probers see of one instance, for tests of the console: two vantage points unless told otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from checks.fact import Fact
from checks.facts.home_page import HomePage, home
from checks.facts.listeners import Listener, Listeners
from checks.facts.public_ports import PORTS, PublicPorts
from collector.registry.models import Instance, Provider, Server
from tests.checks.visits import SILENT, visit
from tests.collector.world import Sensor, World

UP: HomePage = home(visit())
DOWN: HomePage = home(SILENT)
CLOSED = Listeners((Listener("127.0.0.1", 5432, "tcp", "postgres"),), root=True)


def ports(*numbers: int) -> PublicPorts:
    """These ports are open to the public."""
    return PublicPorts(len(PORTS), numbers, len(numbers), (), 0)


@dataclass
class Outside:
    """An instance, and the probers that see it, by name."""

    world: World
    instance: Instance
    probers: dict[str, Sensor]

    @classmethod
    def of(
        cls, world: World, provider: Provider, *servers: Server, names: Sequence[str] = ("jakarta-1", "makassar-1")
    ) -> Outside:
        """A new instance of `provider` on these servers, seen from `names`."""
        made = world.instance(provider, f"https://{provider.slug}.go.id/eproc4")
        made.servers.set(servers)
        return cls(world, made, {name: world.prober(name, made)[0] for name in names})

    def seen(self, *facts: Fact, at: datetime | None = None, by: Sequence[str] = ()) -> None:
        """Every prober, or those in `by`, sees these facts, one second after another."""
        for name, sensor in self.probers.items():
            if not by or name in by:
                self.world.deliver(sensor.report(*facts, at=at), at=at or timezone.now())
