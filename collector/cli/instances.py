"""`pantau-collector instances`: list what probers read; register an instance, change it, retire it."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from typing import Any


def add(commands: Any) -> None:
    """Add this command."""
    parser = commands.add_parser("instances", help="list instances; register, change or retire one")
    parser.add_argument("--retired", action="store_true", help="list those that are retired")
    parser.set_defaults(run=_list)
    actions = parser.add_subparsers(metavar="ACTION")
    new = actions.add_parser("add", help="register an instance; probers read it within the hour")
    new.add_argument("--provider", metavar="SLUG", required=True, help="see `pantau-collector provider`")
    new.add_argument("--name", required=True, help="what people call it")
    new.add_argument("--url", required=True, help="its public URL, such as https://spse.example.go.id/eproc4")
    new.add_argument(
        "--server", metavar="ID", action="append", default=[], help="it runs on this server; may be repeated"
    )
    new.add_argument("--ports-consent", action="store_true", help="its provider agreed that its TCP ports are tried")
    new.set_defaults(run=_add)
    changed = actions.add_parser("change", help="change what is given, leave the rest")
    changed.add_argument("id", metavar="ID")
    changed.add_argument("--name")
    changed.add_argument("--url")
    changed.add_argument("--server", metavar="ID", action="append", help="all servers it runs on")
    changed.add_argument(
        "--ports-consent", action=argparse.BooleanOptionalAction, default=None,
        help="its provider agrees, or no longer agrees, that its TCP ports are tried",
    )  # fmt: skip
    changed.set_defaults(run=_change)
    gone = actions.add_parser("retire", help="take an instance out of use, for good: it is neither probed nor counted")
    gone.add_argument("id", metavar="ID")
    gone.add_argument("--reason", required=True, help="why")
    gone.set_defaults(run=_retire)


def _list(options: argparse.Namespace) -> int:
    from collector.registry.models import Instance

    for one in Instance.objects.filter(retired_at__isnull=not options.retired).select_related("provider"):
        state = f"retired {one.retired_at:%Y-%m-%d}: {one.retired_reason}" if one.retired_at else _how(one)
        print(f"{one.pk}\t{one.provider.slug}\t{one.name}\t{one.public_url or '-'}\t{state}")
    return 0


def _how(instance: Any) -> str:
    if not instance.public_url:
        return "not probed: no public URL"
    return "probed, ports too" if instance.ports_may_be_tried else "probed"


def _add(options: argparse.Namespace) -> int:
    from collector.registry.instances import NotRegistered, register
    from collector.registry.models import Provider

    provider = Provider.objects.filter(slug=options.provider).first()
    if provider is None:
        known = ", ".join(Provider.objects.values_list("slug", flat=True)[:20]) or "none yet"
        return _fail(f"there is no provider {options.provider!r}; known: {known}")
    try:
        made = register(
            provider, options.name, options.url, servers=options.server, consent=options.ports_consent,
            by=None, now=datetime.now(UTC),
        )  # fmt: skip
    except NotRegistered as error:
        return _fail(str(error))
    print(f"{made.pk}\t{made.provider.slug}\t{made.name}\t{made.public_url}")
    return 0


def _change(options: argparse.Namespace) -> int:
    from collector.registry.instances import NotRegistered, change

    instance = _known(options.id)
    if instance is None:
        return 1
    try:
        changed = change(
            instance, name=options.name, url=options.url, consent=options.ports_consent, servers=options.server,
            by=None, now=datetime.now(UTC),
        )  # fmt: skip
    except NotRegistered as error:
        return _fail(str(error))
    print(f"{instance.pk} {instance.name}: {'changed' if changed else 'was so already'}")
    return 0


def _retire(options: argparse.Namespace) -> int:
    from checks.standard import load
    from collector.registry.retirement import retire
    from collector.surveillance.standards import roll_up

    instance = _known(options.id)
    if instance is None:
        return 1
    if not options.reason.strip():
        return _fail("say why with --reason")
    standards = load()

    def count(provider: int, now: datetime) -> None:
        roll_up({provider}, standards, now)

    changed = retire(instance, now=datetime.now(UTC), by=None, reason=options.reason.strip(), count=count)
    print(f"{instance.pk} {instance.name}: {'retired' if changed else 'was retired before'}")
    return 0


def _known(key: str) -> Any:
    """The instance with this id, or None, having said so."""
    from collector.registry.models import Instance

    found = Instance.objects.filter(pk=key).select_related("provider").first()
    if found is None:
        _fail(f"there is no instance {key!r}; see `pantau-collector instances`")
    return found


def _fail(said: str) -> int:
    print(f"pantau-collector instances: {said}", file=sys.stderr)
    return 1
