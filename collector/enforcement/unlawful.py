"""What a machine answers to an act that its laws do not allow, and what people are told whom somebody overtook."""

from __future__ import annotations

from datetime import datetime

from checks.calendar import told
from checks.text import Text


class Unlawful(Exception):
    """The act breaks a law; nothing was done. `text` says which, to the person who tried."""

    def __init__(self, indonesian: str, english: str) -> None:
        super().__init__(english)
        self.text = Text(indonesian, english)


class Overtaken(Exception):
    """Another person acted on the same thing since the page was shown; nothing was done. `text` says who, when and what."""

    def __init__(self, who: str, when: datetime, act: str) -> None:
        super().__init__(f"{who} {act} {when.isoformat()}")
        self.who, self.when, self.act = who, when, act
        self.text = Text(
            f"{who} sudah lebih dulu bertindak ({act}, {told(when)}). Tindakan Anda tidak dicatat; periksa keadaan terbaru.",
            f"{who} acted first ({act}, {told(when)}). What you did was not recorded; look at what holds now.",
        )


def demand(lawful: bool, indonesian: str, english: str) -> None:
    """Raise Unlawful with both sentences unless `lawful`."""
    if not lawful:
        raise Unlawful(indonesian, english)
