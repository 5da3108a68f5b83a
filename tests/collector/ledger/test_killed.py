"""kill -9 of the real server under load, again and again: what was acknowledged is there, exactly once."""

from __future__ import annotations

import http.client
import json
import random
import threading
import time
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from collector.ledger.models import Kind
from evidence.envelope import Envelope
from tests.collector.process import BATCH, ENVELOPE, POSTGRESQL, Collector
from tests.collector.world import Sensor, sshd

ROUNDS = 10 if POSTGRESQL else 30
SEED = 152_2022
CONNECTIONS = 4


@dataclass
class Pusher:
    """What an agent does: keeps a report until it is acknowledged, and sends the same bytes again until then."""

    sensor: Sensor
    port: int
    acknowledged: list[str] = field(default_factory=list)
    spool: deque[Envelope] = field(default_factory=deque)

    def push(self, stop: threading.Event) -> None:
        """Push over one keep-alive connection until it breaks."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            while not stop.is_set():
                while len(self.spool) < 8:
                    self.spool.append(self.sensor.report(sshd()))
                batch = list(self.spool)[: random.choice((1, 1, 1, 8))]
                headers = ENVELOPE if len(batch) == 1 else BATCH
                connection.request("POST", "/v1/reports", b"\n".join(one.encode() for one in batch), headers)
                answer = connection.getresponse()
                said = json.loads(answer.read())["entries"]
                assert answer.status == 200, said
                for envelope, entry in zip(batch, said, strict=True):
                    assert entry["status"] in {"accepted", "known"}, entry
                    self.acknowledged.append(envelope.digest)
                    self.spool.popleft()
        except (OSError, http.client.HTTPException, json.JSONDecodeError):
            return  # it was killed
        finally:
            connection.close()


def test_kill_9_under_load_loses_and_doubles_nothing(tmp_path: Path) -> None:
    chance = random.Random(SEED)
    random.seed(SEED)
    with Collector.initialised(tmp_path) as collector:
        collector.start()
        pushers = [Pusher(collector.enrol(), collector.port) for _ in range(CONNECTIONS)]
        for number in range(ROUNDS):
            if number:
                collector.start()
            stop = threading.Event()
            with ThreadPoolExecutor(CONNECTIONS) as pool:
                pushing = [pool.submit(pusher.push, stop) for pusher in pushers]
                time.sleep(chance.uniform(0.1, 0.8))
                collector.kill()
                stop.set()
            for one in pushing:
                one.result()
        with collector.serving():
            collector.wait_judged()
        acknowledged = [digest for pusher in pushers for digest in pusher.acknowledged]
        assert len(acknowledged) > ROUNDS * CONNECTIONS
        rows = collector.query("SELECT digest FROM ledger_entry WHERE kind = %s", Kind.REPORT)
        stored = [digest for (digest,) in rows]
        assert len(stored) == len(set(stored))
        assert set(acknowledged) <= set(stored)
        assert collector.query("SELECT count(*) FROM ledger_entry WHERE kind = %s", Kind.EQUIVOCATION) == [(0,)]
        own = [stream for (stream,) in collector.query("SELECT stream FROM ledger_entry WHERE kind <> %s", Kind.REPORT)]
        verified = json.loads(collector.run("verify").splitlines()[-1])
        counts = {"entries": len(stored) + len(own), "streams": CONNECTIONS + len(set(own)), "gaps": 0, "problems": 0}
        assert {
            name: verified[name] for name in counts
        } == counts  # the collector surveys, too, and is killed with them
        assert json.loads(collector.run("rejudge", "--check").splitlines()[-1])["differences"] == []
        if not POSTGRESQL:
            assert collector.query("PRAGMA integrity_check") == [("ok",)]
            assert collector.query("PRAGMA foreign_key_check") == []
