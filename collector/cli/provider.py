"""`pantau-collector provider`: list providers; register an institution with its provider and instance."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from typing import Any


def add(commands: Any) -> None:
    """Add this command."""
    parser = commands.add_parser("provider", help="list providers; register one")
    parser.add_argument(
        "slug", nargs="?", help="short name in addresses, such as lpse-kab-contoh; without it all are listed"
    )
    parser.add_argument("--name", help="name of the LPSE")
    parser.add_argument("--institution", help="name of the ministry, agency or government; made if it is not there yet")
    parser.add_argument("--institution-kind", default="regency", help="ministry, agency, province, regency or city")
    parser.add_argument("--kind", default="system", help="system (has servers of its own) or service")
    parser.add_argument("--instance", metavar="URL", action="append", default=[], help="public URL of an SPSE instance")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """List or register."""
    from collector.registry.models import Institution, Provider

    if not options.slug:
        for one in Provider.objects.select_related("institution"):
            print(f"{one.slug}\t{one.name}\t{one.institution}\t{one.kind}")
        return 0
    wrong = ""
    if not options.name or not options.institution:
        wrong = "a new provider needs --name and --institution"
    elif Provider.objects.filter(slug=options.slug).exists() or Provider.objects.filter(name=options.name).exists():
        wrong = f"{options.slug} or {options.name!r} is registered already; see `pantau-collector provider`"
    elif options.kind not in Provider.Kind.values:
        wrong = f"--kind is one of: {', '.join(Provider.Kind.values)}"
    elif options.institution_kind not in Institution.Kind.values:
        wrong = f"--institution-kind is one of: {', '.join(Institution.Kind.values)}"
    elif options.slug != _slug(options.slug):
        wrong = f"a slug has only small letters, digits and hyphens, such as {_slug(options.slug) or 'lpse-kab-contoh'}"
    if wrong:
        print(f"pantau-collector provider: {wrong}", file=sys.stderr)
        return 1
    return _register(options)


def _slug(said: str) -> str:
    from django.utils.text import slugify

    return slugify(said)[:80]


def _register(options: argparse.Namespace) -> int:
    from django.db import transaction

    from collector.accounts.models import Act
    from collector.registry.models import Instance, Institution, Provider

    with transaction.atomic():
        institution, _ = Institution.objects.get_or_create(
            name=options.institution, defaults={"kind": options.institution_kind}
        )
        provider = Provider.objects.create(
            slug=options.slug, name=options.name, institution=institution, kind=options.kind
        )
        for url in options.instance:
            Instance.objects.create(provider=provider, name=f"SPSE {institution}", public_url=url)
        Act.objects.create(at=datetime.now(UTC), provider=provider, verb="provider.register", subject=options.name)
    print(f"{provider.slug}: {provider}; next: pantau-collector token {provider.slug}")
    return 0
