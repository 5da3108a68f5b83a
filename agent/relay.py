"""Hosts that this agent surveys over SSH: each is a server of its own at the collector, with its key, stream and spool.

Laws:
- Each host has its own jobs in pools of bounded size; one that hangs or is gone holds at most its own (`ssh_connection`).
- What a relay's host reports is sealed with that host's key, never with this agent's.
- A host that is not enrolled yet is left out, and said; it never keeps the others from being surveyed.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from agent.collector_client import CollectorClient
from agent.daemon import Daemon, splay
from agent.hosts.ssh import SshHost
from agent.hosts.ssh_connection import Connection
from agent.identity import NotEnrolled, load
from agent.metrics import AgentMetrics
from agent.settings import Settings
from agent.spool import Spool
from checks.catalogue import Catalogue
from checks.check import HOUR, MINUTE, Check
from checks.fact import Unread
from checks.source import File

log = logging.getLogger(__name__)

BOOT_ID = File("/proc/sys/kernel/random/boot_id")
MINUTE_THREADS, SLOW_THREADS = 8, 4
PUSH = 5  # seconds between looks at what waits to be pushed


@dataclass
class Relayed(Daemon):
    """One host surveyed over SSH."""

    name: str = ""

    def __post_init__(self) -> None:
        self._far = self.host  # before it is wrapped: what it remembers is kept with its own state
        super().__post_init__()
        self._reached = self.metrics.reached()

    def survey(self, every: int, checks: Collection[Check]) -> None:
        """As on a host of its own; the boot is that of the far host, unknown where it cannot be asked."""
        try:
            self.boot_id = self.host.read(BOOT_ID).strip()
            self._reached.set(1)
        except Unread as error:
            self.boot_id = ""
            self._reached.set(0)
            log.warning("event=relay_not_reached relay=%s error=%r", self.name, str(error))
        super().survey(every, checks)

    def close(self) -> None:
        """End the connection and close the spool."""
        if isinstance(self._far, SshHost):
            self._far.connection.close()
        self.spool.close()


@dataclass(frozen=True)
class Relays:
    """All hosts of `[[relay]]` that are enrolled."""

    hosts: Sequence[Relayed]

    def schedule(self, scheduler: BackgroundScheduler) -> None:
        """Add their jobs to `scheduler`, each host at its own place in time."""
        if not self.hosts:
            return
        scheduler.add_executor(ThreadPoolExecutor(MINUTE_THREADS), "relay-minute")
        scheduler.add_executor(ThreadPoolExecutor(SLOW_THREADS), "relay-slow")
        scheduler.add_executor(ThreadPoolExecutor(1), "relay-push")
        start = datetime.now(UTC) + timedelta(seconds=1)
        for host in self.hosts:
            for number, (every, checks) in enumerate(host.jobs().items()):
                scheduler.add_job(
                    host.survey, "interval", args=[every, checks], seconds=every, jitter=min(30, every // 10),
                    start_date=start + timedelta(seconds=splay(host.name, every)),
                    next_run_time=start + timedelta(seconds=2 * number), misfire_grace_time=every,
                    executor="relay-minute" if every <= MINUTE else "relay-slow", id=f"relay-{host.name}-{every}",
                )  # fmt: skip
        scheduler.add_job(self.push, "interval", seconds=PUSH, executor="relay-push", id="relay-push")
        scheduler.add_job(
            self.refresh, "interval", seconds=HOUR, jitter=300, executor="relay-push", next_run_time=start,
            id="relay-policy", misfire_grace_time=HOUR,
        )  # fmt: skip

    def show(self, metrics: AgentMetrics) -> None:
        """Let `metrics`, this server's own, show those of each host too."""
        for host in self.hosts:
            metrics.beside(host.name, host.metrics)

    def push(self) -> None:
        """Push what waits, of each host."""
        for host in self.hosts:
            host.deliver()

    def refresh(self) -> None:
        """Fetch the policy in force for each host."""
        for host in self.hosts:
            host.refresh_policy()

    def close(self) -> None:
        """End all connections."""
        for host in self.hosts:
            host.close()


def relays(settings: Settings, catalogue: Catalogue) -> Relays:
    """The servers of `[[relay]]` that are enrolled. Devices are reported with the server that watches them."""
    hosts = []
    for relay in (one for one in settings.relay if one.kind == "server"):
        own = settings.of(relay)
        try:
            identity = load(own)
        except NotEnrolled as error:
            log.error(
                "event=relay_left_out relay=%s error=%r; run `pantau-agent enrol --ssh %s`",
                relay.name,
                str(error),
                relay.name,
            )
            continue
        spool = Spool(own.path("spool.db"), most_bytes=own.spool_bytes, most_days=own.spool_days, repair=True)
        client = CollectorClient(own.collector or identity.collector, own)
        host = SshHost(Connection(relay.route()))
        hosts.append(Relayed(own, identity, host, catalogue, spool, client, "", name=relay.name))
    return Relays(hosts)
