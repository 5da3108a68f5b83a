"""The spools of a prober, one per instance, emptied together as if they were one.

Laws:
- Each instance has its own chain and its own file (`spool`): what happens to one costs no other.
- Who waited longest is asked first, and each gives a share of a batch: after an outage no instance waits for all of another's.
- Together they hold what one may: their bound is divided by their number, but never below `LEAST`.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from agent.spool import Place, Size, Spool, Waiting
from evidence.envelope import Envelope

LEAST = 256 << 10  # bytes
INSTANCES = "instances"  # the folder in the state directory


class Spools:
    """Spools below `folder`, by instance. Safe to use from several threads. Without `repair` nothing is made (see `Spool`).

    It is an `agent.push.Outbox`.
    """

    def __init__(self, folder: Path, *, most_bytes: int, most_days: float, repair: bool = True) -> None:
        self._folder = folder
        self._most_bytes, self._most_days, self._repair = most_bytes, most_days, repair
        self._spools: dict[str, Spool] = {}
        self._aside: list[Spool] = []  # of instances that are listed no more: somebody may be writing to one
        self._filled: dict[str, None] = {}  # in which something may wait, in the order of their turns
        self._whose: dict[str, str] = {}  # digests and streams of the last batch
        self._lock = threading.Lock()

    def keep(self, instances: Iterable[str]) -> None:
        """Have a spool for each of `instances` and for no other; what waits in others stays on the disk."""
        wanted = list(instances)
        share = max(LEAST, self._most_bytes // max(1, len(wanted)))
        for key in wanted:
            if key not in self._spools and (self._repair or self.path(key).exists()):
                made = Spool(self.path(key), most_bytes=share, most_days=self._most_days, repair=self._repair)
                with self._lock:
                    self._spools[key] = made
                    self._filled[key] = None
        with self._lock:
            for key in self._spools.keys() - set(wanted):
                self._aside.append(self._spools.pop(key))
                self._filled.pop(key, None)

    def path(self, instance: str) -> Path:
        """The file of one instance."""
        return self._folder / instance / "spool.db"

    def seal(self, instance: str, make: Callable[[Place], Envelope], *, taken_at: float, every: int) -> str:
        """As `Spool.seal`, in the chain of `instance`. Raises KeyError where there is none, SpoolFull."""
        digest = self._spools[instance].seal(make, taken_at=taken_at, every=every)
        with self._lock:
            if instance in self._spools:
                self._filled.setdefault(instance)
        return digest

    def waiting(self, *, most: int, most_bytes: int) -> list[Waiting]:
        """A share of the oldest reports of each instance, at least one report if there is any, no more than `most_bytes`."""
        with self._lock:
            turns = [(key, self._spools[key]) for key in self._filled]
        share = max(1, most // max(1, len(turns)))
        found: list[Waiting] = []
        self._whose = {}
        room = most_bytes
        for key, spool in turns:
            with self._lock:  # to the end of the queue; before it is looked at, so that what is sealed meanwhile counts
                self._filled.pop(key, None)
            some = spool.waiting(most=min(share, most - len(found)), most_bytes=room)
            size = sum(len(one.envelope) for one in some)
            with self._lock:
                if some and key in self._spools:
                    self._filled[key] = None
            if found and size > room:
                break
            found += some
            room -= size
            self._whose |= {name: key for one in some for name in (one.digest, one.stream)}
            if len(found) >= most or room <= 0:
                break
        return found

    def acknowledge(self, digests: Sequence[str]) -> None:
        """As `Spool.acknowledge`."""
        of: dict[str, list[str]] = {}
        for digest in digests:
            of.setdefault(self._whose.get(digest, ""), []).append(digest)
        for key, some in of.items():
            if key in self._spools:
                self._spools[key].acknowledge(some)

    def refuse(self, digest: str, reason: str) -> None:
        """As `Spool.refuse`."""
        if (spool := self._spools.get(self._whose.get(digest, ""))) is not None:
            spool.refuse(digest, reason)

    def begin_again(self, stream: str) -> None:
        """As `Spool.begin_again`."""
        if (spool := self._spools.get(self._whose.get(stream, ""))) is not None:
            spool.begin_again(stream)

    def size(self) -> Size:
        """How full they are together. `gaps`: of those in which something waits."""
        with self._lock:
            filled = [self._spools[key] for key in self._filled]
        sizes = [spool.size() for spool in filled]
        oldest = min((one.oldest for one in sizes if one.reports), default=0.0)
        return Size(
            sum(one.reports for one in sizes), sum(one.bytes for one in sizes), oldest, sum(one.gaps for one in sizes)
        )

    def close(self) -> None:
        """Release the files."""
        with self._lock:
            spools = [*self._spools.values(), *self._aside]
            self._spools, self._aside, self._filled = {}, [], {}
        for spool in spools:
            spool.close()
