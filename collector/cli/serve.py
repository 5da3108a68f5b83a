"""`pantau-collector serve`: run the collector."""

from __future__ import annotations

import argparse
import os
import socket
import sys
from pathlib import Path
from typing import Any


def add(commands: Any) -> None:
    """Add this command."""
    parser = commands.add_parser("serve", help="run the collector")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Serve until told to stop."""
    from django.conf import settings

    from collector.keys import NoKey, collector_key
    from collector.server import serve

    config = settings.CONFIG
    try:
        collector_key()
    except NoKey as error:
        print(error, file=sys.stderr)
        return 1
    if (
        not config.tls_certificate
        and config.address[0] not in {"127.0.0.1", "::1", "localhost"}
        and not config.behind_proxy
    ):
        print(
            f"refusing to speak plain HTTP on {config.listen}: set tls_certificate and tls_key, listen on 127.0.0.1, or set "
            "behind_proxy = true when a reverse proxy on this host terminates TLS",
            file=sys.stderr,
        )
        return 2
    for path in filter(None, (config.tls_certificate, config.tls_key)):
        try:
            Path(path).read_bytes()
        except OSError as error:
            print(f"{path}: {error.strerror}; it is named by tls_certificate or tls_key", file=sys.stderr)
            return 1
    with socket.socket(socket.AF_INET6 if ":" in config.address[0] else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(config.address)
        except OSError as error:
            print(f"cannot listen on {config.listen}: {error.strerror}; set another `listen`", file=sys.stderr)
            return 1
    serve(config, ready=lambda: _notify(config.url))
    return 0


def _notify(url: str) -> None:
    """Say that the port is open: to people, and to systemd if it asked (sd_notify(3): one datagram)."""
    print(f"Pantau collector: {url}", flush=True)
    if path := os.environ.get("NOTIFY_SOCKET"):
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notify:
            notify.connect("\0" + path[1:] if path.startswith("@") else path)
            notify.sendall(b"READY=1")
