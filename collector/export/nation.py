"""The families with thousands of series, from the projections: per server, per standard, per provider's findings.

Written as text here, not through prometheus_client: that takes 10 µs a sample, the nation has 57,000 of them, and a scrape
has 300 ms (tests/bench/national.py). Gauges read the same in Prometheus text and in OpenMetrics.

Law: every family stands in the answer, with HELP and TYPE, also while it has no series.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Count

from checks.check import Severity
from collector.surveillance.models import Finding, StandardState, TargetState

Samples = Iterable[tuple[str, float]]  # labels as `labels` writes them, and the value


def labels(**values: str) -> str:
    """Labels as they stand between the braces."""
    return ",".join([f'{name}="{escaped(value)}"' for name, value in values.items()])


def escaped(value: str) -> str:
    """A label's value as the text format wants it."""
    return value.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")


def family(name: str, about: str, samples: Samples) -> str:
    """One family of gauges. `about` is one line without backslashes."""
    lines = [f"{name}{{{where}}} {value}" for where, value in samples]
    return "\n".join((f"# HELP {name} {about}", f"# TYPE {name} gauge", *lines, ""))


def text() -> str:
    """All families."""
    return _servers() + _standards() + _findings()


def _servers() -> str:
    rows = TargetState.objects.filter(target__retired_at__isnull=True).values_list(
        "target__provider__slug", "target_id", "target__name",
        "heard_at", "silent", "coverage", "failing", "undetermined", "passing",
    )  # fmt: skip
    found: list[tuple[Any, ...]] = list(rows)
    where = [labels(provider=row[0], server=row[1], hostname=row[2]) for row in found]

    def column(place: int) -> Samples:
        return zip(where, [row[place] for row in found], strict=True)

    return (
        family(
            "pantau_server_last_report_timestamp_seconds", "When the collector last heard of a server.",
            zip(where, [row[3].timestamp() for row in found], strict=True),
        )
        + family(
            "pantau_server_silent", "1 while a server is silent.", zip(where, [int(row[4]) for row in found], strict=True)
        )
        + family("pantau_server_coverage_ratio", "Share of applicable checks that were determined.", column(5))
        + family("pantau_server_checks_failing", "Checks that fail.", column(6))
        + family("pantau_server_checks_undetermined", "Checks that could not be determined.", column(7))
        + family("pantau_server_checks_passing", "Checks that pass or warn.", column(8))
    )  # fmt: skip


def _standards() -> str:
    rows = StandardState.objects.order_by().values_list("provider__slug", "letter", "standing", "coverage")
    found = [
        (f'provider="{escaped(provider)}",standard="{letter}"', said, share) for provider, letter, said, share in rows
    ]
    return family(
        "pantau_standard_standing", "How a provider stands towards a standard: 1 for the standing that holds.",
        ((f'{where},standing="{said}"', 1) for where, said, _ in found),
    ) + family(
        "pantau_standard_coverage_ratio", "Share of a standard's applicable checks that were determined.",
        ((where, share) for where, _, share in found),
    )  # fmt: skip


def _findings() -> str:
    """By provider and severity; zeros without a provider where nothing is open, so that an alert has something to read."""
    rows = (
        Finding.objects.filter(closed_at__isnull=True, target__retired_at__isnull=True)
        .order_by()
        .values_list("target__provider__slug", "severity")
        .annotate(count=Count("*"))
    )
    samples = [(labels(provider=provider, severity=severity), count) for provider, severity, count in rows]
    nothing = [(labels(provider="", severity=severity.value), 0) for severity in Severity]
    return family("pantau_findings_open", "Open findings, by provider and severity.", samples or nothing)
