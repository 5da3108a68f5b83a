"""What the door counts, as plain numbers: a report passes here in microseconds, a scrape comes once a minute.

Law: counted in the event loop only; read by whoever scrapes, who may see a report counted in one family and not yet in another.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from collector.ingest.refusal import Refusal

LATE = 120.0  # seconds between survey and receipt from which a report counts as late
AGES = (1.0, 5.0, 15.0, 60.0, 300.0, 3600.0, 21600.0, 86400.0, 604800.0)  # seconds


class IngestMetrics(Collector):
    """Counters of the door; registers itself in `registry`."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._accepted = self._known = self._late = 0
        self._refused = dict.fromkeys(Refusal, 0)
        self._ages = [0] * (len(AGES) + 1)
        self._age_sum = 0.0
        registry.register(self)

    def accepted(self, known: bool, late: float) -> None:
        """Count one acknowledged report, `late` seconds old."""
        if known:
            self._known += 1
            return
        self._accepted += 1
        self._late += late > LATE
        self._ages[bisect_left(AGES, late)] += 1
        self._age_sum += max(0.0, late)

    def refused(self, refusal: Refusal) -> None:
        """Count one refusal."""
        self._refused[refusal] += 1

    def collect(self) -> Iterator[Metric]:
        """All families."""
        yield CounterMetricFamily(
            "pantau_collector_reports_accepted", "Reports verified and durably stored.", self._accepted
        )
        yield CounterMetricFamily(
            "pantau_collector_reports_known",
            "Reports that had been accepted before and were acknowledged again.",
            self._known,
        )
        yield CounterMetricFamily(
            "pantau_collector_reports_late", "Accepted reports older than two minutes.", self._late
        )
        refused = CounterMetricFamily(
            "pantau_collector_reports_refused", "Requests and reports refused, by reason.", labels=["reason"]
        )
        for refusal, count in self._refused.items():
            refused.add_metric([refusal.word], count)
        yield refused
        buckets, below = [], 0
        for bound, count in zip((*map(str, AGES), "+Inf"), self._ages, strict=True):
            below += count
            buckets.append((bound, below))
        yield HistogramMetricFamily(
            "pantau_collector_report_age_seconds",
            "Seconds between survey and receipt.",
            buckets=buckets,
            sum_value=self._age_sum,
        )
