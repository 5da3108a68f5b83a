"""The families with thousands of series, from the projections: per server, per standard, per provider's findings.

Written as text here, not through prometheus_client: that takes 10 µs a sample, the nation has 57,000 of them, and a scrape
has 300 ms (tests/bench/national.py). Gauges read the same in Prometheus text and in OpenMetrics.

Law: every family stands in the answer, with HELP and TYPE, also while it has no series.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from django.db.models import Count

from checks.check import Severity
from collector.registry.models import Server
from collector.surveillance.models import Finding, ServerState, StandardState

ESCAPES = str.maketrans({"\\": r"\\", '"': r"\"", "\n": r"\n"})


def labels(**values: str) -> str:
    """Labels as they stand between the braces."""
    return ",".join(f'{name}="{value.translate(ESCAPES)}"' for name, value in values.items())


@dataclass(frozen=True)
class Gauge:
    """One family: `name` and `help` (one line, no backslash), and its lines so far."""

    name: str
    help: str
    lines: list[str] = field(default_factory=list)

    def add(self, where: str, value: float) -> None:
        """One sample, with labels made by `labels`."""
        self.lines.append(f"{self.name}{{{where}}} {float(value)}")

    def text(self) -> str:
        """The family as Prometheus reads it."""
        return "\n".join((f"# HELP {self.name} {self.help}", f"# TYPE {self.name} gauge", *self.lines, ""))


def text() -> str:
    """All families."""
    return "".join(gauge.text() for gauge in (*_servers(), *_standards(), _findings()))


def _servers() -> tuple[Gauge, ...]:
    families = (
        heard := Gauge("pantau_server_last_report_timestamp_seconds", "When the collector last heard of a server."),
        silent := Gauge("pantau_server_silent", "1 while a server is silent."),
        coverage := Gauge("pantau_server_coverage_ratio", "Share of applicable checks that were determined."),
        failing := Gauge("pantau_server_checks_failing", "Checks that fail."),
        undetermined := Gauge("pantau_server_checks_undetermined", "Checks that could not be determined."),
        passing := Gauge("pantau_server_checks_passing", "Checks that pass or warn."),
    )
    rows = ServerState.objects.filter(server__retired_at__isnull=True).values_list(
        "server__provider__slug", "server_id", "server__hostname",
        "heard_at", "silent", "coverage", "failing", "undetermined", "passing",
    )  # fmt: skip
    for provider, server, hostname, heard_at, *values in rows.iterator(chunk_size=2000):
        where = labels(provider=provider, server=server, hostname=hostname)
        heard.add(where, heard_at.timestamp())
        for family, value in zip((silent, coverage, failing, undetermined, passing), values, strict=True):
            family.add(where, value)
    return families


def _standards() -> tuple[Gauge, Gauge]:
    standing = Gauge(
        "pantau_standard_standing", "How a provider stands towards a standard: 1 for the standing that holds."
    )
    coverage = Gauge("pantau_standard_coverage_ratio", "Share of a standard's applicable checks that were determined.")
    rows = StandardState.objects.order_by().values_list("provider__slug", "letter", "standing", "coverage")
    for provider, letter, said, share in rows.iterator(chunk_size=5000):
        where = labels(provider=provider, standard=letter)
        standing.add(f'{where},standing="{said}"', 1)
        coverage.add(where, share)
    return standing, coverage


def _findings() -> Gauge:
    """By provider and severity; a total of zero where nothing is open, so that an alert has something to read."""
    family = Gauge("pantau_findings_open", "Open findings, by provider and severity.")
    provider_of = dict(Server.objects.filter(retired_at__isnull=True).values_list("pk", "provider__slug"))
    rows = (
        Finding.objects.filter(closed_at__isnull=True)
        .order_by()
        .values_list("server_id", "severity")
        .annotate(count=Count("*"))
    )
    counts: Counter[tuple[str, str]] = Counter()
    for server, severity, count in rows.iterator(chunk_size=5000):
        if server in provider_of:
            counts[provider_of[server], severity] += count
    for (provider, severity), count in sorted(counts.items()):
        family.add(labels(provider=provider, severity=severity), count)
    if not counts:
        for severity in Severity:
            family.add(labels(provider="", severity=severity.value), 0)
    return family
