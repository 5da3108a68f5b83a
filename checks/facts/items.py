"""The items of a baseline: one line each, that a person can read and that no two different things share."""

from __future__ import annotations

import hashlib
import re

from checks.baseline import MOST_LENGTH

SUMMED = re.compile(r"\\?([0-9a-f]{64})  (/.*)")
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
DIGITS = 32  # of a SHA-256 in hex: 128 bits, which nobody can hit by trying


def digest(text: str) -> str:
    """The digest of `text` as it stands in an item."""
    return short(hashlib.sha256(text.encode("utf-8", "replace")).hexdigest())


def short(sha256: str) -> str:
    """A whole SHA-256 (hex) as it stands in an item."""
    return f"sha256:{sha256[:DIGITS]}"


def item(*words: str) -> str:
    """`words` as one line. What is too long ends with a digest of all of it, so that nothing hides behind the cut."""
    line = CONTROL.sub(lambda found: f"\\x{ord(found[0]):02x}", " ".join(word for word in words if word))
    if len(line) <= MOST_LENGTH:
        return line
    ending = f"… {digest(line)}"
    return line[: MOST_LENGTH - len(ending)] + ending


def summed(line: str) -> tuple[str, str] | None:
    """(path, digest) of a line of sha256sum, None if it is none. A line that begins with a backslash has an escaped name."""
    found = SUMMED.fullmatch(line)
    if found is None:
        return None
    path = found[2]
    if line.startswith("\\"):
        path = re.sub(r"\\(.)", lambda one: "\n" if one[1] == "n" else one[1], path)
    return path, short(found[1])
