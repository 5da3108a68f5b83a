"""The prober: reads every instance that the collector lists from outside, and reports on each. `pantau-agent run` with `[prober]`.

Laws:
- Each instance is surveyed at the cadences of the checks of outside, at its own place in time, with its own chain and spool.
- Polite: one connection at a time to one instance, whatever is due (a scan of ports that was agreed to apart); one request a
  second; honest about who asks (`agent.hosts.outside`).
- Instances are read in pools of bounded size, one of them for what is due each minute: that never waits for the rest, but for the
  one reading of the same instance that is under way. A turn that finds the one before still under way is missed, and counted.
- The first turns after a start are spread: a prober that comes back does not read the whole country in one second.
- What people may enter as an address of an instance does not turn the prober against the networks it stands in (`public_only`).
- It reads no host: neither its own nor another. Told to stop, it reads nothing more, and keeps nothing that is not whole.
"""

from __future__ import annotations

import logging
import resource
import threading
import time
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor as Threads
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from apscheduler.events import EVENT_JOB_MAX_INSTANCES, EVENT_JOB_MISSED
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from agent import instances
from agent.audit import judged
from agent.collector_client import CollectorClient, RefusedByCollector, Unreachable
from agent.daemon import Daemon, splay
from agent.hosts.base import Host
from agent.hosts.in_turn import HostInTurn, Turns
from agent.hosts.outside import NotAnInstance, OutsideHost
from agent.hosts.outside_tls import Authorities
from agent.identity import Identity
from agent.instances import InstancesNotTrusted
from agent.problem import Problem
from agent.seal import Circumstances, seal_report
from agent.settings import Prober as Named
from agent.settings import Settings
from agent.spool_file import SpoolFull
from agent.spools import INSTANCES, Spools
from agent.survey import Survey
from checks.catalogue import Catalogue, catalogue
from checks.check import HOUR, MINUTE, Check
from checks.fact import Fact, Missing, vantages
from checks.source import Source
from checks.text import Text, words
from checks.vantage import Vantage
from evidence.instances import Instance

log = logging.getLogger(__name__)

T = TypeVar("T")

FIRST = {MINUTE: 0.1, HOUR: 0.5}  # seconds per instance over which first turns are spread, of cadences up to this
FIRST_OF_LONG = 3.0
SLOWER = 2  # times as many threads for what is due less often than each minute: it takes longer
RESERVE = 256  # open files beside one for each instance: connections, logs, what Python holds


@dataclass(frozen=True)
class Read:
    """One instance that is read, and how."""

    instance: Instance
    host: Host
    turns: Turns = field(default_factory=Turns)


class NoHost:
    """The host of a prober, which has none."""

    def read(self, source: Source[T]) -> T:
        """Never: raises Missing."""
        raise Missing(Text("prober tidak membaca host mana pun", "a prober reads no host"))


@dataclass
class Prober(Daemon):
    """One prober at work."""

    spool: Spools  # type: ignore[assignment]  # several as one; what a daemon does with its own is done with them

    def __post_init__(self) -> None:
        super().__post_init__()
        self._named: Named = _named(self.settings, self.identity)
        self._authorities = Authorities(self._named.ca)
        self._hosts: dict[str, Read] = {}
        self._planning = threading.Lock()
        self._scheduler: BackgroundScheduler | None = None
        self._missed = self.metrics.probing(self.identity.prober, lambda: len(self._hosts))
        self.listed(instances.current(self.settings, self.identity.collector_key))

    @property
    def instances(self) -> Collection[str]:
        """The ids of those that are read."""
        return tuple(self._hosts)

    def jobs(self) -> dict[int, tuple[Check, ...]]:
        """None: it surveys no host of its own."""
        return {}

    def turns(self) -> dict[int, tuple[Check, ...]]:
        """The checks of each cadence, in seconds: those that take some fact of outside."""
        found: dict[int, list[Check]] = defaultdict(list)
        for check in self.catalogue:
            if _outside([check]):
                found[check.every].append(check)
        return {every: tuple(checks) for every, checks in sorted(found.items())}

    def probe(self, instance: str, every: int, checks: Collection[Check]) -> None:
        """Survey one instance with `checks` and keep the sealed report."""
        if self.stop.is_set():
            return
        start = time.monotonic()
        rulebook = self.rulebook
        try:
            read = self._hosts[instance]
            host = HostInTurn(read.host, read.turns, self.stop, hurried=every <= MINUTE)
            snapshot = Survey(host, threads=1).take(_outside(checks))
            if self.stop.is_set():
                return
            taken = judged(snapshot, rulebook, checks, datetime.now(UTC))
            circumstances = Circumstances(
                self.boot_id, self.client.clock_offset, rulebook.digest, instance, self.identity.prober
            )
            self.spool.seal(
                instance,
                lambda place: seal_report(taken, every, place, self.identity, circumstances),
                taken_at=taken.taken_at.timestamp(),
                every=every,
            )
        except SpoolFull as error:
            self.metrics.lost.inc()
            log.error("event=survey_lost instance=%s every=%d error=%r", instance, every, str(error))
            return
        except Exception:
            if instance not in self._hosts:  # it was taken off the list meanwhile
                return
            self.metrics.failed.inc()
            log.exception("event=survey_failed instance=%s every=%d", instance, every)
            return
        self._kept_at = time.monotonic()
        self.metrics.surveys.labels(every).inc()
        self.metrics.survey_seconds.labels(every).set(time.monotonic() - start)
        self.metrics.survey_at.set(taken.taken_at.timestamp())

    def once(self) -> int:
        """Survey every instance with everything, once; returns how many that were."""
        every = [check for checks in self.turns().values() for check in checks]
        with Threads(self._named.threads, thread_name_prefix="prober") as pool:
            for _ in pool.map(lambda key: self.probe(key, HOUR, every), self.instances):
                pass
        return len(self._hosts)

    def refresh_instances(self) -> None:
        """Fetch the list of instances; go on with the last one if that fails."""
        try:
            found = instances.accept(self.settings, self.client.instances(), self.identity.collector_key)
        except (Unreachable, RefusedByCollector, InstancesNotTrusted, OSError) as error:
            log.warning("event=instances_not_refreshed error=%r; reading on what was listed before", str(error))
            return
        self.listed(found)

    def listed(self, found: Sequence[Instance]) -> None:
        """Read `found` from now on, and nothing else."""
        with self._planning:
            wanted = {one.id: one for one in found}
            _allow_files(len(wanted) + (1 + SLOWER) * self._named.threads + RESERVE)
            self.spool.keep(wanted)
            for key in self._hosts.keys() - wanted.keys():
                del self._hosts[key]
                self._plan(key)
            for key, one in wanted.items():
                known = self._hosts.get(key)
                if known is not None and known.instance == one:
                    continue
                if (host := self._host(one)) is not None:
                    self._hosts[key] = Read(one, host)
                    if known is None:
                        self._plan(key)
        log.info("event=instances_listed instances=%d", len(wanted))

    def schedule(self, scheduler: BackgroundScheduler) -> None:
        """Add the jobs of all instances to `scheduler`, and what keeps their list."""
        scheduler.add_executor(ThreadPoolExecutor(self._named.threads), "prober-minute")
        scheduler.add_executor(ThreadPoolExecutor(SLOWER * self._named.threads), "prober-slow")
        scheduler.add_executor(ThreadPoolExecutor(1), "prober-list")
        scheduler.add_listener(lambda event: self._missed.inc(), EVENT_JOB_MISSED | EVENT_JOB_MAX_INSTANCES)
        logging.getLogger("apscheduler").setLevel(logging.ERROR)  # it would log every missed turn; they are counted
        with self._planning:
            self._scheduler = scheduler
            for key in self._hosts:
                self._plan(key)
        scheduler.add_job(
            self.refresh_instances, "interval", seconds=HOUR, jitter=300, executor="prober-list",
            next_run_time=datetime.now(UTC), id="prober-list", misfire_grace_time=HOUR,
        )  # fmt: skip
        scheduler.add_job(self._idle, "interval", seconds=MINUTE, executor="prober-list", id="prober-idle")

    def _idle(self) -> None:
        """Without an instance there is nothing to keep, and nothing is wrong with that."""
        if not self._hosts:
            self._kept_at = time.monotonic()

    def _plan(self, instance: str) -> None:
        """Add the jobs of `instance`, or take them away if it is read no more."""
        if self._scheduler is None:
            return
        start = datetime.now(UTC) + timedelta(seconds=1)
        for every, checks in self.turns().items():
            job = f"probe-{instance}-{every}"
            if instance not in self._hosts:
                if self._scheduler.get_job(job) is not None:
                    self._scheduler.remove_job(job)
                continue
            place = splay(f"{self.identity.prober}/{instance}", every)
            spread = min(every, _spread(every) * len(self._hosts))
            self._scheduler.add_job(
                self.probe, "interval", args=[instance, every, checks], seconds=every, jitter=min(30, every // 10),
                start_date=start + timedelta(seconds=place),
                next_run_time=start + timedelta(seconds=place / every * spread), misfire_grace_time=every,
                executor="prober-minute" if every <= MINUTE else "prober-slow", id=job,
            )  # fmt: skip

    def _host(self, one: Instance) -> Host | None:
        try:
            return OutsideHost(
                one.public_url, consent=one.consent, authorities=self._authorities, public_only=not self._named.inward
            )
        except NotAnInstance as error:
            log.error("event=instance_left_out instance=%s error=%r", one.id, words(error.said, "en"))
            return None


def prober(settings: Settings, identity: Identity, boot_id: str) -> Prober:
    """The prober of `settings`, enrolled as `identity`. Raises Problem where they do not fit each other."""
    _named(settings, identity)
    found: Catalogue = catalogue()
    spools = Spools(settings.path(INSTANCES), most_bytes=settings.spool_bytes, most_days=settings.spool_days)
    client = CollectorClient(settings.collector or identity.collector, settings)
    return Prober(settings, identity, NoHost(), found, spools, client, boot_id)


def _named(settings: Settings, identity: Identity) -> Named:
    name = settings.prober.name if settings.prober else ""
    if settings.prober is None or name != identity.prober:
        been = identity.prober or identity.server
        raise Problem(
            Text(
                f"agen ini terdaftar sebagai {been}, tetapi pengaturan menyebut prober {name or '-'}: samakan `[prober]` `name`, "
                "atau daftarkan lagi dengan `pantau-agent enrol --again`",
                f"this agent is enrolled as {been}, but the settings say prober {name or '-'}: set `[prober]` `name` to that, or "
                "enrol again with `pantau-agent enrol --again`",
            )
        )
    return settings.prober


def _outside(checks: Iterable[Check]) -> set[type[Fact]]:
    """The facts of outside that `checks` take."""
    return {fact for one in checks for fact in one.facts if Vantage.OUTSIDE in vantages(fact)}


def _spread(every: int) -> float:
    return next((seconds for most, seconds in FIRST.items() if every <= most), FIRST_OF_LONG)


def _allow_files(wanted: int) -> None:
    """Lift this process's own limit of open files: each instance has a spool, which is one."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, most), hard))
        if most < wanted:
            log.error("event=too_few_open_files wanted=%d allowed=%d; raise LimitNOFILE", wanted, most)
