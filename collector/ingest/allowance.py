"""How many reports one agent may send of one target: a token bucket for each, so that one stolen key cannot fill the ledger.
Pure.

Law: an honest agent never meets it. It begins with enough for the longest outage whose reports are accepted at all, and what it
sends each minute is less than what flows back.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Allowance:
    """`most` reports at once, `per_minute` in the long run, of each target. Used in the event loop only. One entry per enrolled
    key, of a prober's one per instance.
    """

    most: int
    per_minute: int
    # (key id, target) -> reports left, when that was so
    _left: dict[tuple[str, str], tuple[float, float]] = field(default_factory=dict)

    def take(self, agent: str, now: float, target: str = "") -> bool:
        """May `agent` send one more of `target` at `now` (seconds of a monotonic clock)?"""
        left, at = self._left.get((agent, target), (float(self.most), now))
        left = min(self.most, left + (now - at) / 60 * self.per_minute)
        if left < 1:
            self._left[agent, target] = (left, now)
            return False
        self._left[agent, target] = (left - 1, now)
        return True
