"""What the door counts."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Histogram

from collector.ingest.refusal import Refusal

LATE = 120.0  # seconds between survey and receipt from which a report counts as late


class IngestMetrics:
    """Counters of the door, in a registry of their own."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._accepted = Counter(
            "pantau_collector_reports_accepted", "Reports verified and durably stored.", registry=registry
        )
        self._known = Counter(
            "pantau_collector_reports_known",
            "Reports that had been accepted before and were acknowledged again.",
            registry=registry,
        )
        self._late = Counter(
            "pantau_collector_reports_late", "Accepted reports older than two minutes.", registry=registry
        )
        self._refused = Counter(
            "pantau_collector_reports_refused",
            "Requests and reports refused, by reason.",
            ["reason"],
            registry=registry,
        )
        self._lateness = Histogram(
            "pantau_collector_report_age_seconds", "Seconds between survey and receipt.",
            buckets=(1, 5, 15, 60, 300, 3600, 21600, 86400, 604800), registry=registry,
        )  # fmt: skip
        for refusal in Refusal:
            self._refused.labels(refusal.word)

    def accepted(self, known: bool, late: float) -> None:
        """Count one acknowledged report, `late` seconds old."""
        if known:
            self._known.inc()
            return
        self._accepted.inc()
        self._lateness.observe(max(0.0, late))
        if late > LATE:
            self._late.inc()

    def refused(self, refusal: Refusal) -> None:
        """Count one refusal."""
        self._refused.labels(refusal.word).inc()
