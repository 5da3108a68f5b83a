"""Text of the audited host, made harmless for a terminal.

A file name may hold an escape sequence that clears the screen, moves the cursor or types a command for the reader; a
right-to-left mark may show `exe.txt` for `txt.exe`. Nothing of that is interpreted: it is shown as what it is.
"""

from __future__ import annotations

import re

UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff\ud800-\udfff]")
KEPT = {"\n": " ", "\t": " ", "\r": " "}


def plain(text: str) -> str:
    """`text` in one line, with every character that a terminal would obey or hide spelt out."""
    return UNSAFE.sub(lambda found: KEPT.get(found[0]) or spelt(found), text)


def spelt(found: re.Match[str]) -> str:
    """One character as an escape of JSON and Python (backslash, u, four digits)."""
    return f"\\u{ord(found[0]):04x}"
