"""`pantau-collector init`: state directory, secrets, database, first administrator. Safe to run again."""

from __future__ import annotations

import argparse
import os
import secrets
import sys
from pathlib import Path
from typing import Any


def add(commands: Any) -> None:
    """Add this command."""
    parser = commands.add_parser("init", help="make the state directory, keys, database and an administrator")
    parser.add_argument("--administrator", metavar="NAME", default="admin", help="user name (default: admin)")
    parser.add_argument(
        "--password-file",
        metavar="FILE",
        help="file with the administrator's password; made with a random one if missing",
    )
    parser.add_argument(
        "--demo", action="store_true", help="also make a demonstration institution, provider and instance"
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Initialise what is not there yet; never overwrites a secret or an account."""
    from django.conf import settings

    from collector.accounts.models import Account, Role
    from collector.cli.schema import AnotherVersion, bring_up
    from collector.keys import write_secret
    from evidence.key import PrivateKey

    state = Path(settings.CONFIG.state)
    try:
        state.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        print(f"{state}: {error.strerror}; choose another directory with --state", file=sys.stderr)
        return 1
    write_secret(state / "secret_key", secrets.token_urlsafe(48).encode())
    write_secret(state / "metrics_token", secrets.token_urlsafe(24).encode())
    write_secret(state / "collector_key.pem", PrivateKey.generate().pem())
    os.umask(0o077)  # the database is a secret too
    try:
        bring_up(verbosity=0)
    except AnotherVersion as error:
        print(error, file=sys.stderr)
        return 1
    if not Account.objects.filter(username=options.administrator).exists():
        path = Path(options.password_file) if options.password_file else state / "administrator_password"
        try:
            write_secret(path, secrets.token_urlsafe(12).encode() + b"\n")
            password = path.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeError) as error:
            print(f"{path}: {error}; name another --password-file", file=sys.stderr)
            return 1
        if not password:
            print(f"{path}: is empty; put the administrator's password into it, or delete it", file=sys.stderr)
            return 1
        Account.objects.create_user(options.administrator, password=password, role=Role.ADMINISTRATOR)
        print(f"administrator: {options.administrator}, password in {path}")
    if options.demo:
        from collector.registry.demo import make

        make()
    print(f"state: {state}")
    return 0
