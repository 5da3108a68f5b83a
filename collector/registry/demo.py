"""A demonstration institution with a provider and an instance, so that a newcomer sees something at once."""

from __future__ import annotations

from collector.registry.models import Instance, Institution, Provider

SLUG = "lpse-demo"


def make() -> Provider:
    """The demonstration provider; made if it is not there yet."""
    institution, _ = Institution.objects.get_or_create(
        name="Kabupaten Contoh", defaults={"kind": Institution.Kind.REGENCY}
    )
    provider, _ = Provider.objects.get_or_create(
        slug=SLUG, defaults={"name": "LPSE Kabupaten Contoh", "institution": institution}
    )
    Instance.objects.get_or_create(
        provider=provider, name="SPSE Kabupaten Contoh", defaults={"public_url": "https://spse.example.go.id/contoh"}
    )
    return provider
