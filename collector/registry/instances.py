"""Instances: their registration, and what probers are told of them.

Laws:
- A public URL is an address of a web site that others can reach by its name: HTTP or HTTPS, without a user or password.
- Ports are tried only of an instance whose provider agreed; that it agreed, or no longer does, is an act.
- What is registered, changed and retired stands in the trail, in the same transaction.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction

from collector.accounts.models import Account, Act
from collector.registry.models import Instance, OfProviderQuerySet, Provider, Server, Target


class NotRegistered(ValueError):
    """Why an instance was not registered or changed, in a sentence."""


def probed() -> OfProviderQuerySet[Target]:
    """The instances that probers read: in use, with a public URL."""
    found: OfProviderQuerySet[Target] = Instance.objects.filter(retired_at__isnull=True).exclude(public_url="")
    return found


def register(
    provider: Provider,
    name: str,
    url: str,
    *,
    servers: Collection[str] = (),
    consent: bool = False,
    by: Account | None,
    now: datetime,
) -> Instance:
    """A new instance of `provider`, which runs on its `servers` (ids). Raises NotRegistered."""
    _check_url(url)
    with transaction.atomic():
        _check_free(url, "")
        made: Instance = Instance.objects.create(
            provider=provider, name=name[:255], public_url=url, ports_may_be_tried=consent, registered_at=now
        )
        _set_servers(made, servers)
        said = f"{url} {_consents(consent)}"
        Act.objects.create(
            at=now, account=by, provider=provider, verb="instance.register", subject=_subject(made), reason=said
        )
    return made


def change(
    instance: Instance,
    *,
    name: str | None = None,
    url: str | None = None,
    consent: bool | None = None,
    servers: Collection[str] | None = None,
    by: Account | None,
    now: datetime,
) -> bool:
    """Change what is given; the rest stays. False if everything was so already. Raises NotRegistered."""
    if url is not None:
        _check_url(url)
    with transaction.atomic():
        held = Instance.objects.select_for_update().get(pk=instance.pk)
        if held.retired_at is not None:
            raise NotRegistered(f"{held.pk} is retired")
        said = []
        if name is not None and name[:255] != held.name:
            said.append(f"{held.name} → {name[:255]}")
            held.name = name[:255]
        if url is not None and url != held.public_url:
            _check_free(url, held.pk)
            said.append(f"{held.public_url} → {url}")
            held.public_url = url
        if consent is not None and consent != held.ports_may_be_tried:
            said.append(_consents(consent))
            held.ports_may_be_tried = consent
        if servers is not None and set(servers) != set(held.servers.values_list("pk", flat=True)):
            said.append(f"servers: {', '.join(sorted(servers)) or '-'}")
            _set_servers(held, servers)
        if not said:
            return False
        held.save()
        Act.objects.create(
            at=now, account=by, provider=held.provider, verb="instance.change", subject=_subject(held),
            reason="; ".join(said),
        )  # fmt: skip
    return True


def _check_url(url: str) -> None:
    """Raises NotRegistered."""
    try:
        URLValidator(schemes=["http", "https"])(url)
        parts = urlsplit(url)
    except (ValidationError, ValueError):
        raise NotRegistered(f"{url!r} is no public URL such as https://spse.example.go.id/eproc4") from None
    if parts.username or parts.password or parts.query or parts.fragment or len(url) > 200:
        raise NotRegistered(f"{url!r}: a public URL has neither a user nor a query, and 200 characters at most")


def _check_free(url: str, holder: str) -> None:
    """Raises NotRegistered where another instance in use has this URL."""
    if Instance.objects.filter(public_url=url, retired_at__isnull=True).exclude(pk=holder).exists():
        raise NotRegistered(f"{url} is registered already; see `pantau-collector instances`")


def _set_servers(instance: Instance, servers: Collection[str]) -> None:
    """Raises NotRegistered."""
    found = list(Server.objects.filter(pk__in=servers, provider=instance.provider_id, retired_at__isnull=True))
    if missing := set(servers) - {one.pk for one in found}:
        raise NotRegistered(f"{instance.provider} has no server {', '.join(sorted(missing))} in use")
    instance.servers.set(found)


def _subject(instance: Instance) -> str:
    return f"{instance.name[:150]} {instance.pk}"


def _consents(consent: bool) -> str:
    return "ports may be tried" if consent else "ports may not be tried"
