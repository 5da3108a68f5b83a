"""What kept the last push from getting through: a small file for whoever asks for the state of the agent.

Laws:
- It is there only while the last push had a problem. Reports that get through take it away.
- It serves people: that it cannot be written is logged, and never stops a push.
"""

from __future__ import annotations

import logging
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from agent.files import replace
from agent.settings import Settings
from checks.text import Text, words

if TYPE_CHECKING:  # who only shows what is kept does not pay for HTTPS
    from agent.push import Pushed

log = logging.getLogger(__name__)

FILE = "last_push.json"
LONGEST = 500  # characters: a collector's sentence may be of any length


class LastProblem(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why the push at `at` did not get everything through."""

    at: datetime
    problem: Text


def note(settings: Settings, pushed: Pushed, at: datetime) -> None:
    """Keep the problem of this push, or forget the one before if reports got through. Never raises for the file's sake."""
    try:
        if pushed.problem:
            said = Text(words(pushed.problem, "id")[:LONGEST], words(pushed.problem, "en")[:LONGEST])
            replace(settings.path(FILE), msgspec.json.encode(LastProblem(at, said)))
        elif pushed.acknowledged:
            settings.path(FILE).unlink(missing_ok=True)
    except OSError as error:
        log.warning("event=last_push_not_written file=%s error=%r", FILE, str(error))


def last(settings: Settings) -> LastProblem | None:
    """The problem of the last push; None if it had none, or the file makes no sense. Raises OSError."""
    try:
        return msgspec.json.decode(settings.path(FILE).read_bytes(), type=LastProblem)
    except (FileNotFoundError, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
