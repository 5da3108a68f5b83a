"""`pantau-collector account`: make an account, set its password, or close it."""

from __future__ import annotations

import argparse
import secrets
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any


def add(commands: Any) -> None:
    """Add this command."""
    parser = commands.add_parser("account", help="list accounts; make one, set its password, close it")
    parser.add_argument("name", nargs="?", help="user name; without it all accounts are listed")
    parser.add_argument(
        "--role",
        help="officer, approver, auditor, administrator, provider_admin or provider_head (needed for a new account)",
    )
    parser.add_argument("--provider", metavar="SLUG", help="for the roles of a provider")
    parser.add_argument("--full-name", default="", help="as shown in the console")
    parser.add_argument(
        "--password-file", metavar="FILE", help="file with the password; without it one is made and printed once"
    )
    parser.add_argument("--reset-password", action="store_true", help="set the password of an account that exists")
    parser.add_argument("--close", action="store_true", help="the account may no longer log in; its acts stay")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """List, make, change or close."""
    from collector.accounts.models import Account

    if not options.name:
        for one in Account.objects.select_related("provider").order_by("username"):
            state = "active" if one.is_active else "closed"
            print(f"{one.username}\t{one.role}\t{one.provider.slug if one.provider else '-'}\t{state}")
        return 0
    account = Account.objects.filter(username=options.name).first()
    try:
        if account is None:
            return _make(options)
        return _change(options, account)
    except Wrong as error:
        print(f"pantau-collector account: {error}", file=sys.stderr)
        return 1


class Wrong(Exception):
    """What cannot be done, and what to do instead."""


def _make(options: argparse.Namespace) -> int:
    from collector.accounts.models import PROVIDER, Account, Act, Role
    from collector.registry.models import Provider

    if options.close or options.reset_password:
        raise Wrong(f"there is no account {options.name!r}")
    if options.role not in Role.values:
        raise Wrong(f"a new account needs --role, one of: {', '.join(Role.values)}")
    provider = Provider.objects.filter(slug=options.provider).first() if options.provider else None
    if options.provider and provider is None:
        raise Wrong(f"there is no provider {options.provider!r}; see `pantau-collector provider`")
    if (options.role in PROVIDER) != (provider is not None):
        raise Wrong(f"the role {options.role} {'needs' if options.role in PROVIDER else 'has no'} --provider")
    account = Account(username=options.name, role=options.role, provider=provider, first_name=options.full_name[:150])
    _set_password(account, options.password_file)
    Act.objects.create(
        at=datetime.now(UTC), verb="account.create", subject=options.name, provider=provider, reason=options.role
    )
    print(f"{options.name}: {options.role}{f' of {provider}' if provider else ''}")
    return 0


def _change(options: argparse.Namespace, account: Any) -> int:
    from collector.accounts.models import Act

    if options.close:
        account.is_active = False
        account.save(update_fields=["is_active"])
    elif options.reset_password:
        _set_password(account, options.password_file)
    else:
        raise Wrong(f"{account.username} exists already; use --reset-password or --close")
    verb = "account.close" if options.close else "account.password"
    Act.objects.create(at=datetime.now(UTC), verb=verb, subject=account.username, provider=account.provider)
    print(f"{account.username}: {'closed' if options.close else 'password set'}")
    return 0


def _set_password(account: Any, file: str | None) -> None:
    """Set and save. Raises Wrong where the password is too weak or cannot be read."""
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError

    if file:
        try:
            password = Path(file).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeError) as error:
            raise Wrong(f"{file}: {error}") from error
        try:
            validate_password(password, account)
        except ValidationError as error:
            raise Wrong(" ".join(error.messages)) from error
    else:
        password = secrets.token_urlsafe(12)
        print(f"password (shown once): {password}")
    account.set_password(password)
    account.save()
