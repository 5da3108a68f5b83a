"""`/metrics`: what changes slowly, built at scrape time from the projections; plus the counters of this process.

Cardinality: 17 series per provider, 6 per server, a dozen for the collector. Nothing per check and server: results live
in the console; time series of samples leave by remote write.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from datetime import UTC, datetime

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db.models import Count, Max
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector

import collector
from collector.export import nation
from collector.ledger.models import Cursor, Entry
from collector.registry.models import Agent

END = b"# EOF\n"  # ends OpenMetrics, and nothing may follow it


class Ledger(Collector):
    """Gauges of the collector itself, read from the database when scraped."""

    def collect(self) -> Iterator[Metric]:
        """All families."""
        yield InfoMetricFamily("pantau_collector_build", "Version of this collector.", {"version": collector.VERSION})
        yield from _ledger()


def _ledger() -> Iterator[Metric]:
    last = Entry.objects.aggregate(last=Max("id"))["last"] or 0
    yield GaugeMetricFamily("pantau_collector_ledger_entries", "Position of the newest entry of the ledger.", last)
    cursor = Cursor.objects.filter(consumer="judge").first() or Cursor(consumer="judge")
    position = cursor.position
    yield GaugeMetricFamily("pantau_collector_judge_lag_entries", "Entries not judged yet.", last - position)
    lag = 0.0
    if last > position:
        oldest = Entry.objects.filter(id__gt=position).order_by("id").values_list("received_at", flat=True).first()
        lag = (datetime.now(UTC) - oldest).total_seconds() if oldest else 0.0
    yield GaugeMetricFamily("pantau_collector_judge_lag_seconds", "Age of the oldest entry not judged yet.", lag)
    yield GaugeMetricFamily(
        "pantau_collector_unjudged_entries",
        "Entries that broke the judge and were passed over; see the log, then `pantau-collector rejudge`.",
        cursor.passed_over,
    )
    agents = GaugeMetricFamily(
        "pantau_collector_agents", "Enrolled agents, by software.", labels=["software", "revoked"]
    )
    for revoked in (False, True):
        found = Agent.objects.of_servers().filter(revoked_at__isnull=not revoked)
        for software, count in found.values_list("software").annotate(n=Count("key_id")).order_by():
            agents.add_metric([software, "true" if revoked else "false"], count)
    yield agents


def registry() -> CollectorRegistry:
    """A registry with the gauges of the collector itself. The server adds its own counters."""
    made = CollectorRegistry()
    made.register(Ledger())
    return made


def _may_read(request: HttpRequest) -> bool:
    """Loopback, unless that is only the reverse proxy; or whoever knows the token that `init` wrote."""
    config = settings.CONFIG
    kind, _, said = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() == "bearer":
        try:
            token = config.path("metrics_token").read_bytes().strip()
        except OSError:
            return False
        return bool(token) and hmac.compare_digest(said.strip().encode(), token)
    return not config.behind_proxy and request.META.get("REMOTE_ADDR") in {"127.0.0.1", "::1"}


@login_not_required
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """All metrics, as Prometheus text or OpenMetrics, as the scraper asks."""
    if not _may_read(request):
        return HttpResponse(
            "metrics are for loopback, or for `Authorization: Bearer` with the content of metrics_token\n",
            status=403, content_type="text/plain; charset=utf-8",
        )  # fmt: skip
    source: CollectorRegistry = request.environ.get("pantau.registry") or registry()  # type: ignore[attr-defined]
    encode, content_type = choose_encoder(request.headers.get("Accept", ""))
    own, end, _ = encode(source).partition(END)
    return HttpResponse((own, nation.text().encode(), end), content_type=content_type)
