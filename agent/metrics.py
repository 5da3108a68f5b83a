"""The agent's own metrics, in a registry of its own, on loopback.

Law: hosts that are surveyed over SSH have the same metrics with a label `relay`, their name in the settings; this server has none.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Metric, start_http_server
from prometheus_client.registry import Collector

from agent.push import Outbox, Pushed
from checks import VERSION

log = logging.getLogger(__name__)


class AgentMetrics:
    """What the daemon counts."""

    def __init__(self, spool: Outbox) -> None:
        self.registry = CollectorRegistry()
        self._relays: dict[str, CollectorRegistry] = {}
        made = self.registry
        Gauge("pantau_agent_build_info", "Version of this agent.", ["version"], registry=made).labels(VERSION).set(1)
        self.surveys = Counter("pantau_agent_surveys", "Surveys, by cadence in seconds.", ["every"], registry=made)
        self.survey_seconds = Gauge(
            "pantau_agent_survey_duration_seconds", "Wall time of the last survey.", ["every"], registry=made
        )
        self.survey_at = Gauge("pantau_agent_last_survey_timestamp_seconds", "Time of the last survey.", registry=made)
        self.lost = Counter(
            "pantau_agent_surveys_lost", "Surveys that could not be kept, because the disk is full.", registry=made
        )
        self.failed = Counter("pantau_agent_surveys_failed", "Surveys that ended in an error.", registry=made)
        self._acknowledged = Counter("pantau_agent_reports_acknowledged", "Reports the collector has.", registry=made)
        self._refused = Counter(
            "pantau_agent_reports_refused", "Reports the collector refused for good.", registry=made
        )
        self._push_failures = Counter("pantau_agent_push_failures", "Pushes without an answer.", registry=made)
        self._pushed_at = Gauge(
            "pantau_agent_last_push_timestamp_seconds", "Time of the last acknowledged push.", registry=made
        )
        size = spool.size
        reports = Gauge("pantau_agent_spool_reports", "Reports waiting in the spool.", registry=made)
        reports.set_function(lambda: size().reports)
        total = Gauge("pantau_agent_spool_bytes", "Bytes waiting in the spool.", registry=made)
        total.set_function(lambda: size().bytes)
        oldest = Gauge(
            "pantau_agent_spool_oldest_timestamp_seconds",
            "Time of the oldest report in the spool; 0 if empty.",
            registry=made,
        )
        oldest.set_function(lambda: size().oldest)

    def pushed(self, pushed: Pushed, at: float) -> None:
        """Count one push."""
        self._acknowledged.inc(pushed.acknowledged)
        self._refused.inc(pushed.refused)
        if pushed.acknowledged:
            self._pushed_at.set(at)
        elif pushed.wait:
            self._push_failures.inc()

    def reached(self) -> Gauge:
        """A further metric, for a host that is surveyed over SSH."""
        return Gauge("pantau_agent_relay_reached", "Whether the last survey reached the host.", registry=self.registry)

    def probing(self, prober: str, instances: Callable[[], int]) -> Counter:
        """Further metrics, of the prober of this name: how many `instances` it reads, and the turns it missed."""
        gauge = Gauge(
            "pantau_agent_prober_instances", "Instances this prober reads.", ["prober"], registry=self.registry
        )
        gauge.labels(prober).set_function(instances)
        return Counter(
            "pantau_agent_prober_turns_missed",
            "Surveys of an instance that did not begin, because the one before was still under way or no thread was free.",
            registry=self.registry,
        )

    def beside(self, relay: str, metrics: AgentMetrics) -> None:
        """Show those of the host called `relay` too."""
        self._relays[relay] = metrics.registry

    def shown(self) -> CollectorRegistry:
        """What is served: those of this server and of all relays."""
        made = CollectorRegistry()
        made.register(_Together(self.registry, self._relays))
        return made

    def serve(self, address: str) -> None:
        """Serve on `address` (host:port). A port that is taken is reported and does not stop the agent."""
        host, _, port = address.rpartition(":")
        try:
            start_http_server(int(port), host or "127.0.0.1", registry=self.shown())
        except (OSError, ValueError) as error:
            log.error("event=metrics_not_served address=%s error=%r", address, str(error))


class _Together(Collector):
    """Families of several registries under one name each, as the text format wants them."""

    def __init__(self, own: CollectorRegistry, relays: Mapping[str, CollectorRegistry]) -> None:
        self._own = own
        self._relays = relays

    def collect(self) -> Iterable[Metric]:
        """All families; samples of relays bear their label."""
        families: dict[str, Metric] = {}
        for relay, registry in [("", self._own), *self._relays.items()]:
            for one in registry.collect():
                if relay and one.name == "pantau_agent_build_info":
                    continue  # it is the same agent
                into = families.setdefault(one.name, Metric(one.name, one.documentation, one.type, one.unit))
                label = {"relay": relay} if relay else {}
                into.samples += [sample._replace(labels={**sample.labels, **label}) for sample in one.samples]
        return families.values()
