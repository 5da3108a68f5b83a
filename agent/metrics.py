"""The agent's own metrics, in a registry of its own, on loopback."""

from __future__ import annotations

import logging

from prometheus_client import CollectorRegistry, Counter, Gauge, start_http_server

from agent.push import Pushed
from agent.spool import Spool
from checks import VERSION

log = logging.getLogger(__name__)


class AgentMetrics:
    """What the daemon counts."""

    def __init__(self, spool: Spool) -> None:
        self.registry = CollectorRegistry()
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

    def serve(self, address: str) -> None:
        """Serve on `address` (host:port). A port that is taken is reported and does not stop the agent."""
        host, _, port = address.rpartition(":")
        try:
            start_http_server(int(port), host or "127.0.0.1", registry=self.registry)
        except (OSError, ValueError) as error:
            log.error("event=metrics_not_served address=%s error=%r", address, str(error))
