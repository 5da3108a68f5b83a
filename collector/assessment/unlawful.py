"""What acts of the machines here raise, and what they say. Pure."""

from __future__ import annotations

from datetime import datetime

from checks.calendar import told
from checks.text import Text


class Unlawful(Exception):
    """An act that a law forbids. `why` says which, and what to do, in both languages."""

    def __init__(self, indonesian: str, english: str) -> None:
        super().__init__(english)
        self.why = Text(indonesian, english)


class Overtaken(Exception):
    """Somebody else acted after the page was shown: `who` did `what` at `at`. Nothing was written."""

    def __init__(self, who: str, what: str, at: datetime) -> None:
        self.who, self.what, self.at = who, what, at
        self.why = Text(
            f"{who} lebih dahulu bertindak ({what}, {told(at)}). Tindakan Anda tidak dicatat; muat ulang halaman.",
            f"{who} acted first ({what}, {told(at)}). Your act was not recorded; load the page again.",
        )
        super().__init__(self.why.en)
