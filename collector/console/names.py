"""How servers are told apart where two of one provider have the same name."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count

from collector.registry.models import Server


def tell_apart(servers: Iterable[Server]) -> None:
    """Set `twin` on each of `servers` whose name another server of its provider has, in one query."""
    rows = list(servers)
    shared = (
        Server.objects.filter(
            provider__in={row.provider_id for row in rows}, hostname__in={row.hostname for row in rows}
        )
        .order_by()
        .values_list("provider_id", "hostname")
        .annotate(count=Count("*"))
        .filter(count__gt=1)
    )
    twins = {(provider, hostname) for provider, hostname, _ in shared} if rows else set()
    for row in rows:
        row.twin = (row.provider_id, row.hostname) in twins
