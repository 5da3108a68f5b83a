"""What the memory of a process that runs for months needs to be told.

glibc gives each thread an arena of its own, up to eight a core, and none of them gives back what one survey left in it.
The daemon's threads wait; they have no need of it.
"""

from __future__ import annotations

import ctypes

M_ARENA_MAX = -8  # mallopt(3)


def one_arena() -> bool:
    """Let all threads share one arena, from now on. False where the C library knows no such thing (musl has one anyway)."""
    try:
        return bool(ctypes.CDLL(None).mallopt(M_ARENA_MAX, 1))
    except (OSError, AttributeError):
        return False
