"""The enrolled keys, in memory: looked up for every report, refreshed from the registry.

A revocation made by any process takes effect everywhere within `REFRESH` seconds; an enrolment at the first report,
because a key is called unknown only after the registry was read again (at most once per `AGAIN` seconds, for all who wait).
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field

from collector.ingest.admit import Known
from collector.registry.models import Agent
from evidence.key import PublicKey

REFRESH = 2.0  # seconds between two readings by the server's own task
AGAIN = 0.2  # seconds between two readings because of unknown keys


@dataclass
class EnrolledKeys:
    """Enrolled keys by key id."""

    known: dict[str, Known] = field(default_factory=dict)
    _read_at: float = float("-inf")
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def age(self) -> float:
        """Seconds since the registry was last read, from when that reading began."""
        return time.monotonic() - self._read_at

    def read_since(self, moment: float) -> bool:
        """Was the registry read after `moment` (of the monotonic clock)?"""
        return self._read_at >= moment

    def refresh(self) -> None:
        """Read the registry. Called from a thread; who waited while another read takes what that one found."""
        asked = time.monotonic()
        with self._lock:
            began = time.monotonic()
            if self._read_at > asked:
                return
            known: dict[str, Known] = {}
            for key_id, raw, server, revoked_at in Agent.objects.of_servers().values_list(
                "key_id", "public_key", "server_id", "revoked_at"
            ):
                before = self.known.get(key_id)
                key = before.key if before else PublicKey.from_raw(bytes(raw))
                known[key_id] = Known(key, server, revoked_at is not None)
            self.known = known
            self._read_at = began
