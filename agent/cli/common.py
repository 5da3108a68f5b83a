"""What several commands share."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

from agent import policy
from agent.identity import NotEnrolled
from agent.identity import load as load_identity
from agent.present.plain import plain
from agent.settings import Settings
from agent.spool import Spool
from checks.catalogue import Catalogue, catalogue
from checks.policy import Rulebook
from checks.text import Language


def language_of(setting: str, environment: Mapping[str, str]) -> Language:
    """The language of the person at this terminal: as set, else English for an English locale, else Indonesian."""
    said = setting or next(
        (environment[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environment.get(name)), ""
    )
    return "en" if said.lower().startswith("en") else "id"


def judging(settings: Settings) -> tuple[Catalogue, Rulebook, str]:
    """Catalogue and rulebook of this host, and the provider's name if it is enrolled ("" if not)."""
    found = catalogue()
    try:
        identity = load_identity(settings)
    except NotEnrolled:
        return found, policy.current(settings, found, None), ""
    return found, policy.current(settings, found, identity.collector_key), identity.provider


def open_spool(settings: Settings, *, repair: bool = False) -> Spool:
    """The spool of this agent. Only the daemon makes or repairs it: whoever looks must not leave a file of their own."""
    return Spool(
        settings.path("spool.db"), most_bytes=settings.spool_bytes, most_days=settings.spool_days, repair=repair
    )


def boot_id() -> str:
    """The kernel's id of this boot."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return ""


def fail(message: str, code: int = 1) -> int:
    """Say what went wrong on stderr; returns `code`."""
    print(f"pantau-agent: {plain(message)}", file=sys.stderr)
    return code
