"""The daemon: surveys at each cadence, seals, spools, pushes.

Laws:
- Each cadence has its own job and its own place in time, derived from the host's name: a thousand agents do not meet at 00:00.
- Heavy cadences run beside the minute's, never before it.
- The watchdog is fed by work that was done: a survey that was kept, not a thread that is alive.
- SIGTERM ends after what is in hand; everything sealed is in the spool.
- A spool that cannot be read or written is reported and tried again; it never ends the daemon.
- A clock that is set back silences nobody: plans that lie too far ahead are pulled back.
"""

from __future__ import annotations

import hashlib
import logging
import os
import signal
import socket
import sqlite3
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from agent import last_push, policy
from agent.audit import audit
from agent.collector_client import CollectorClient, RefusedByCollector, Unreachable
from agent.history import History
from agent.hosts.base import Host
from agent.hosts.remembering import RememberingHost, remember, series
from agent.identity import Identity
from agent.memory import one_arena
from agent.metrics import AgentMetrics
from agent.push import FIRST_WAIT, Pushed, Pusher
from agent.seal import Circumstances, seal_report
from agent.settings import Settings
from agent.spool import Spool
from agent.spool_file import SpoolFull
from checks.catalogue import Catalogue
from checks.check import HOUR, MINUTE, Check
from checks.policy import PolicyError, Rulebook
from checks.text import Text, words

log = logging.getLogger(__name__)

WATCHDOG = 180.0  # seconds without a kept survey after which the daemon no longer calls itself alive
REPORTING = Text("melapor", "reporting")  # what `systemctl status` shows when all is well
LONGEST_SLEEP = 5.0  # seconds: the watchdog wants to be fed
MARGIN = timedelta(seconds=60)  # beside a tenth of the cadence: the jitter of a job, and its first turn


@dataclass
class Daemon:
    """One agent at work."""

    settings: Settings
    identity: Identity
    host: Host
    catalogue: Catalogue
    spool: Spool
    client: CollectorClient
    boot_id: str
    stop: threading.Event = field(default_factory=threading.Event)
    watchdog: float = WATCHDOG

    def __post_init__(self) -> None:
        self.metrics = AgentMetrics(self.spool)
        self.history = History(self.settings.path("history.db"), self.settings.history_days)
        self.host = RememberingHost(self.host, self.history)
        self._remembered = series(self.catalogue.facts.values())
        self.pusher = Pusher(self.spool, self.client)
        self.rulebook: Rulebook = policy.current(self.settings, self.catalogue, self.identity.collector_key)
        self._sealed = threading.Event()
        self._kept_at = time.monotonic()
        self._due = 0.0

    def survey(self, every: int, checks: Collection[Check]) -> None:
        """Audit with `checks` and keep the sealed report."""
        start = time.monotonic()
        rulebook = self.rulebook
        try:
            taken = audit(self.host, rulebook, checks, now=lambda: datetime.now(UTC))
            circumstances = Circumstances(self.boot_id, self.client.clock_offset, rulebook.digest)
            self.spool.seal(
                lambda place: seal_report(taken, every, place, self.identity, circumstances),
                taken_at=taken.taken_at.timestamp(),
                every=every,
            )
        except SpoolFull as error:
            self.metrics.lost.inc()
            log.error("event=survey_lost every=%d error=%r", every, str(error))
            return
        except Exception:
            self.metrics.failed.inc()
            log.exception("event=survey_failed every=%d", every)
            return
        self._kept_at = time.monotonic()
        self._sealed.set()
        self.metrics.surveys.labels(every).inc()
        self.metrics.survey_seconds.labels(every).set(time.monotonic() - start)
        self.metrics.survey_at.set(taken.taken_at.timestamp())
        self.history.record(taken.results, taken.taken_at)
        remember(self.history, self._remembered, taken.snapshot, taken.taken_at)

    def refresh_policy(self) -> None:
        """Fetch the policy in force; keep judging under the old one if that fails."""
        try:
            self.rulebook = policy.accept(
                self.settings, self.catalogue, self.client.policy(), self.identity.collector_key
            )
        except (Unreachable, RefusedByCollector, policy.PolicyNotTrusted, PolicyError, OSError) as error:
            log.warning(
                "event=policy_not_refreshed error=%r; judging on under %s", str(error), self.rulebook.digest[:12]
            )

    def jobs(self) -> dict[int, tuple[Check, ...]]:
        """The checks of each cadence, in seconds."""
        found: dict[int, list[Check]] = defaultdict(list)
        for check in self.catalogue.surveyed:
            found[check.every].append(check)
        return {every: tuple(checks) for every, checks in sorted(found.items())}

    def run(self, also: Callable[[BackgroundScheduler], None] = lambda scheduler: None) -> None:
        """Work until `stop` is set. `also` may add jobs of its own before work begins."""
        one_arena()
        if self.settings.metrics:
            self.metrics.serve(self.settings.metrics)
        scheduler = BackgroundScheduler(
            executors={"minute": ThreadPoolExecutor(1), "slow": ThreadPoolExecutor(1)},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": 30},
            timezone=UTC,
        )
        start = datetime.now(UTC) + timedelta(seconds=1)
        for number, (every, checks) in enumerate(self.jobs().items()):
            scheduler.add_job(
                self.survey, "interval", args=[every, checks], seconds=every, jitter=min(30, every // 10),
                start_date=start + timedelta(seconds=splay(self.settings.hostname, every)),
                next_run_time=start + timedelta(seconds=2 * number), misfire_grace_time=every,
                executor="minute" if every <= MINUTE else "slow", id=f"survey-{every}",
            )  # fmt: skip
        scheduler.add_job(
            self.refresh_policy, "interval", seconds=HOUR, jitter=300, executor="slow", next_run_time=start
        )
        also(scheduler)
        scheduler.start()
        notify("READY=1")
        log.info("event=started server=%s collector=%s", self.identity.server, self.identity.collector)
        try:
            while True:
                self._sealed.clear()  # before looking: what is set meanwhile ends the wait
                if self.stop.is_set():
                    break
                pull_back(scheduler, datetime.now(UTC))
                self._sealed.wait(self._work())
        finally:
            notify("STOPPING=1")
            scheduler.shutdown(wait=True)
            self.spool.close()
            log.info("event=stopped")

    def _work(self) -> float:
        """Push what waits, if it is time; returns the seconds until there is something to do, unless a survey is sealed."""
        if time.monotonic() - self._kept_at < self.watchdog:
            notify("WATCHDOG=1")
        if pushed := self.deliver():
            said = words(pushed.problem or REPORTING, "en" if self.settings.language == "en" else "id")
            notify("STATUS=" + said.replace("\n", " "))
            if not pushed.wait:
                return 0.0
        left = self._due - time.monotonic()
        return min(LONGEST_SLEEP, left) if left > 0 else LONGEST_SLEEP

    def deliver(self) -> Pushed | None:
        """Push what waits, if it is time; what came of it, None if there was nothing to do or the spool cannot be used."""
        try:
            if time.monotonic() < self._due or not self.spool.size().reports:
                return None
            pushed = self.pusher.push()
            self.metrics.pushed(pushed, time.time())
            self._due = time.monotonic() + pushed.wait
            last_push.note(self.settings, pushed, datetime.now(UTC))
        except (sqlite3.Error, SpoolFull) as error:
            log.error("event=spool_not_usable error=%r", str(error))
            self._due = time.monotonic() + FIRST_WAIT
            return None
        return pushed

    def on_signal(self, number: int, frame: object) -> None:
        """End after what is in hand."""
        self.stop.set()
        self._sealed.set()


def splay(hostname: str, every: int) -> float:
    """This host's own place within a cadence, in seconds: the same at every start."""
    digest = hashlib.sha256(f"{hostname}/{every}".encode()).digest()
    return int.from_bytes(digest[:4], "big") / 2**32 * every


def pull_back(scheduler: BackgroundScheduler, now: datetime) -> None:
    """Run now what is planned further ahead than its cadence: APScheduler plans by the wall clock, which was set back."""
    for job in scheduler.get_jobs():
        if job.next_run_time is not None and job.next_run_time - now > 1.1 * job.trigger.interval + MARGIN:
            log.warning("event=clock_set_back job=%s planned=%s", job.id, job.next_run_time)
            job.modify(next_run_time=now)


def install_signals(daemon: Daemon) -> None:
    """SIGTERM and SIGINT end the daemon in order."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, daemon.on_signal)


def notify(message: str) -> None:
    """Tell systemd, if it started us (sd_notify(3): one datagram). Nobody listening is no error."""
    path = os.environ.get("NOTIFY_SOCKET", "")
    if not path:
        return
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as target:
            target.connect("\0" + path[1:] if path.startswith("@") else path)
            target.sendall(message.encode())
    except OSError as error:
        log.debug("event=notify_failed error=%r", str(error))
