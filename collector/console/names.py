"""How servers are told apart where two of one provider have the same name."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count

from collector.registry.models import Target


def tell_apart(targets: Iterable[Target]) -> None:
    """Set `twin` on each of `targets` whose name another one of its provider has, in one query."""
    rows = list(targets)
    shared = (
        Target.objects.filter(provider__in={row.provider_id for row in rows}, name__in={row.name for row in rows})
        .order_by()
        .values_list("provider_id", "name")
        .annotate(count=Count("*"))
        .filter(count__gt=1)
    )
    twins = {(provider, name) for provider, name, _ in shared} if rows else set()
    for row in rows:
        row.twin = (row.provider_id, row.name) in twins
