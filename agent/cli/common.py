"""What several commands share."""

from __future__ import annotations

import difflib
import logging
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from agent import last_push, policy
from agent.identity import BrokenIdentity, NotEnrolled
from agent.identity import load as load_identity
from agent.present.plain import plain
from agent.problem import Problem
from agent.settings import Settings
from agent.spool import Spool
from checks.catalogue import Catalogue, catalogue
from checks.policy import Rulebook
from checks.text import Language, Text, Words, joined, words

if TYPE_CHECKING:  # who only audits does not pay for HTTPS
    from agent.push import Pushed, Pusher

log = logging.getLogger(__name__)


class WrongUse(Problem):
    """The person asked for something that cannot be; nothing was done."""


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
    except NotEnrolled as error:
        if isinstance(error, BrokenIdentity):
            log.warning("event=identity_not_used error=%r; judging under the default policy", str(error))
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


def directory(named: str) -> Path:
    """The directory that was named. Raises WrongUse."""
    root = Path(named).resolve()
    if not root.is_dir():
        raise WrongUse(Text(f"{root} bukan direktori", f"{root} is not a directory"))
    return root


def drain(settings: Settings, pusher: Pusher) -> Pushed:
    """Push all that waits, and keep for `status` what came of it. Raises Problem with the numbers where not all went well."""
    drained = pusher.drain()
    last_push.note(settings, drained, datetime.now(UTC))
    if drained.problem:
        done, refused, wait = drained.acknowledged, drained.refused, pusher.spool.size().reports
        counts = Text(
            f"({done} terkirim, {refused} ditolak, {wait} menunggu di spool)",
            f"({done} pushed, {refused} refused, {wait} wait in the spool)",
        )
        raise Problem(joined([drained.problem, counts], " "))
    return drained


def known_code(said: str, found: Catalogue) -> str:
    """The code of the check that was meant. Raises WrongUse naming those that are near."""
    code = said.upper()
    if code in found.checks:
        return code
    near = ", ".join(
        [other for other in found.checks if other[:5] == code[:5]]
        or difflib.get_close_matches(code, found.checks, 5, 0.4)
        or [*list(found.checks)[:5], "…"]
    )
    raise WrongUse(Text(f"tidak ada pemeriksaan {code}; yang mirip: {near}", f"there is no check {code}; near: {near}"))


def moment(at: datetime) -> str:
    """A moment by the clock of this server: what its other logs say."""
    return f"{at.astimezone():%Y-%m-%d %H:%M:%S %Z}"


def room(size: int) -> str:
    """Bytes as a person reads them."""
    return f"{size} B" if size < 1024 else f"{size / 1024:.1f} KiB" if size < 1 << 20 else f"{size / (1 << 20):.1f} MiB"


def say(message: Words, language: Language) -> None:
    """Say something on stdout, in one line."""
    print(plain(words(message, language)))


def fail(message: Words, language: Language, code: int = 1) -> int:
    """Say what went wrong on stderr, in one line; returns `code`."""
    print(f"pantau-agent: {plain(words(message, language))}", file=sys.stderr)
    return code
