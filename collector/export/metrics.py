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
from checks.check import Severity
from collector.ledger.models import Cursor, Entry
from collector.registry.models import Agent
from collector.surveillance.models import Finding, ServerState, StandardState


class Projections(Collector):
    """Gauges read from the database when scraped."""

    def collect(self) -> Iterator[Metric]:
        """All families."""
        yield InfoMetricFamily("pantau_collector_build", "Version of this collector.", {"version": collector.VERSION})
        yield from _ledger()
        yield from _servers()
        yield from _standards()
        yield _findings()


def _ledger() -> Iterator[Metric]:
    last = Entry.objects.aggregate(last=Max("id"))["last"] or 0
    yield GaugeMetricFamily("pantau_collector_ledger_entries", "Position of the newest entry of the ledger.", last)
    position = Cursor.objects.filter(consumer="judge").values_list("position", flat=True).first() or 0
    yield GaugeMetricFamily("pantau_collector_judge_lag_entries", "Entries not judged yet.", last - position)
    lag = 0.0
    if last > position:
        oldest = Entry.objects.filter(id__gt=position).order_by("id").values_list("received_at", flat=True).first()
        lag = (datetime.now(UTC) - oldest).total_seconds() if oldest else 0.0
    yield GaugeMetricFamily("pantau_collector_judge_lag_seconds", "Age of the oldest entry not judged yet.", lag)
    agents = GaugeMetricFamily(
        "pantau_collector_agents", "Enrolled agents, by software.", labels=["software", "revoked"]
    )
    for revoked in (False, True):
        found = Agent.objects.filter(revoked_at__isnull=not revoked)
        for software, count in found.values_list("software").annotate(n=Count("key_id")).order_by():
            agents.add_metric([software, "true" if revoked else "false"], count)
    yield agents


def _servers() -> Iterator[Metric]:
    labels = ["provider", "server", "hostname"]
    families = {
        "heard_at": GaugeMetricFamily(
            "pantau_server_last_report_timestamp_seconds", "When the collector last heard of a server.", labels=labels
        ),
        "silent": GaugeMetricFamily("pantau_server_silent", "1 while a server is silent.", labels=labels),
        "coverage": GaugeMetricFamily(
            "pantau_server_coverage_ratio", "Share of applicable checks that were determined.", labels=labels
        ),
        "failing": GaugeMetricFamily("pantau_server_checks_failing", "Checks that fail.", labels=labels),
        "undetermined": GaugeMetricFamily(
            "pantau_server_checks_undetermined", "Checks that could not be determined.", labels=labels
        ),
        "passing": GaugeMetricFamily("pantau_server_checks_passing", "Checks that pass or warn.", labels=labels),
    }
    rows = ServerState.objects.filter(server__retired_at__isnull=True).values_list(
        "server__provider__slug", "server_id", "server__hostname", *families
    )
    for provider, server, hostname, heard_at, *values in rows.iterator(chunk_size=2000):
        where = [provider, server, hostname]
        for family, value in zip(families.values(), (heard_at.timestamp(), *values), strict=True):
            family.add_metric(where, float(value))
    yield from families.values()


def _standards() -> Iterator[Metric]:
    standing = GaugeMetricFamily(
        "pantau_standard_standing",
        "How a provider stands towards a standard: 1 for the standing that holds.",
        labels=["provider", "standard", "standing"],
    )
    coverage = GaugeMetricFamily(
        "pantau_standard_coverage_ratio",
        "Share of a standard's applicable checks that were determined.",
        labels=["provider", "standard"],
    )
    rows = StandardState.objects.values_list("provider__slug", "letter", "standing", "coverage")
    for provider, letter, said, share in rows.iterator(chunk_size=5000):
        standing.add_metric([provider, letter, said], 1.0)
        coverage.add_metric([provider, letter], share)
    yield standing
    yield coverage


def _findings() -> Metric:
    family = GaugeMetricFamily(
        "pantau_findings_open", "Open findings, by provider and severity.", labels=["provider", "severity"]
    )
    rows = (
        Finding.objects.filter(closed_at__isnull=True)
        .values_list("server__provider__slug", "severity")
        .annotate(n=Count("id"))
        .order_by()
    )
    for provider, severity, count in rows:
        family.add_metric([provider, severity], count)
    if not family.samples:
        for severity in Severity:
            family.add_metric(["", severity.value], 0)
    return family


def registry() -> CollectorRegistry:
    """A registry with the projections. The server adds its own counters."""
    made = CollectorRegistry()
    made.register(Projections())
    return made


def _may_read(request: HttpRequest) -> bool:
    """Loopback, unless that is only the reverse proxy; or whoever knows the token that `init` wrote."""
    config = settings.CONFIG
    kind, _, said = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() == "bearer":
        try:
            return hmac.compare_digest(said.strip(), config.path("metrics_token").read_text(encoding="ascii").strip())
        except (OSError, UnicodeError):
            return False
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
    return HttpResponse(encode(source), content_type=content_type)
