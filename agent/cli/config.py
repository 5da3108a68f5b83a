"""`pantau-agent config check`: are the settings well formed, and what do they amount to?"""

from __future__ import annotations

import argparse
import os
from typing import Any

import msgspec

from agent.settings import FILE, Settings, files, variables, without_password
from checks.text import Text


def add(commands: Any) -> None:
    """Add this command."""
    parser = commands.add_parser("config", help="periksa pengaturan / check the settings")
    parser.add_argument(
        "action", choices=("check",), help="check: baca semua berkas, cetak hasilnya / read all files, print the result"
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print the settings in force, as TOML. That they are well formed was found before this ran (exit 2 otherwise)."""
    read = [
        *map(str, files(options.config, os.environ)),
        *variables(os.environ),
        *(["--state"] if options.state else []),
    ]
    usual = Text(f"tidak ada; {FILE} tidak ada", f"nothing; {FILE} does not exist").in_(options.lang)
    said = Text("Pengaturan benar. Dibaca dari", "The settings are well formed. Read from").in_(options.lang)
    print(f"# {said}: {', '.join(read) or usual}")
    shown = msgspec.structs.replace(options.settings, proxy=without_password(options.settings.proxy))
    default = Text("bawaan", "default").in_(options.lang)
    for name, value in msgspec.structs.asdict(shown).items():  # numbers and strings, which TOML writes as JSON does
        if name in {"relay", "prober"}:
            continue
        mark = f"  # {default}" if value == getattr(Settings(), name) else ""
        print(f"{name} = {msgspec.json.encode(value).decode()}{mark}")
    tables = [("[[relay]]", relay) for relay in shown.relay]
    for head, table in [*tables, *([("[prober]", shown.prober)] if shown.prober else [])]:
        print(f"\n{head}")
        for name, value in msgspec.structs.asdict(table).items():
            print(f"{name} = {msgspec.json.encode(value).decode()}")
    return 0
