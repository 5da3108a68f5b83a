"""The enrolled keys and what each may speak of, in memory: looked up for every report, refreshed from the registry.

A revocation made by any process takes effect everywhere within `REFRESH` seconds, and so does an instance that is registered or
retired; an enrolment at the first report, because a key is called unknown only after the registry was read again (at most
once per `AGAIN` seconds, for all who wait).

An agent speaks of its server; a prober of every instance that is probed.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field

from collector.ingest.admit import Known
from collector.registry.instances import probed
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
            instances = frozenset(probed().values_list("pk", flat=True))
            known: dict[str, Known] = {}
            for key_id, raw, server, name, revoked_at in Agent.objects.at_the_door().values_list(
                "key_id", "public_key", "server_id", "hostname", "revoked_at"
            ):
                before = self.known.get(key_id)
                key = before.key if before else PublicKey.from_raw(bytes(raw))
                targets, prober = (frozenset((server,)), "") if server else (instances, name)
                if before is not None and before.targets == targets:
                    targets = before.targets  # one set for as long as nothing changes
                known[key_id] = Known(key, targets, revoked_at is not None, prober)
            self.known = known
            self._read_at = began
