"""How many reports one agent may send: a token bucket per key, so that one stolen key cannot fill the ledger. Pure.

Law: an honest agent never meets it. It begins with enough for the longest outage whose reports are accepted at all, and what it
sends each minute is less than what flows back.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Allowance:
    """`most` reports at once, `per_minute` in the long run. Used in the event loop only. One entry per enrolled key."""

    most: int
    per_minute: int
    _left: dict[str, tuple[float, float]] = field(default_factory=dict)  # key id -> reports left, when that was so

    def take(self, agent: str, now: float) -> bool:
        """May `agent` send one more at `now` (seconds of a monotonic clock)?"""
        left, at = self._left.get(agent, (float(self.most), now))
        left = min(self.most, left + (now - at) / 60 * self.per_minute)
        if left < 1:
            self._left[agent] = (left, now)
            return False
        self._left[agent] = (left - 1, now)
        return True
