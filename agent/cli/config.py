"""`pantau-agent config check`: are the settings well formed, and what do they amount to?"""

from __future__ import annotations

import argparse
from typing import Any

import msgspec

from agent.settings import without_password


def add(commands: Any) -> None:
    """Add this command."""
    parser = commands.add_parser("config", help="periksa pengaturan / check the settings")
    parser.add_argument(
        "action", choices=("check",), help="check: baca semua berkas, cetak hasilnya / read all files, print the result"
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print the settings in force. That they are well formed was found before this ran (exit 2 otherwise)."""
    shown = msgspec.structs.replace(options.settings, proxy=without_password(options.settings.proxy))
    for name, value in msgspec.structs.asdict(shown).items():  # numbers and strings, which TOML writes as JSON does
        print(f"{name} = {msgspec.json.encode(value).decode()}")
    return 0
