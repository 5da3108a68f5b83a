from __future__ import annotations

import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar, cast

from agent.collector_client import CollectorClient
from agent.daemon import Daemon
from checks.catalogue import Catalogue
from checks.check import HOUR, LOW, check
from checks.check import INTEGRITY as ASPECT
from checks.fact import Fact, reads
from checks.source import File, Source
from checks.text import Text
from checks.verdict import Status, Verdict
from tests.agent.parts import enrolled, reports, settings, spool
from tests.agent.test_daemon import until

T = TypeVar("T")
WORDS = Text("Kata", "Words")


class Quick(Fact, frozen=True):
    """Read at once."""

    text: str


@reads(File("/quick"))
def quick(text: str) -> Quick:
    return Quick(text)


class Slow(Fact, frozen=True):
    """Read by a walk through all files that does not end."""

    text: str


@reads(File("/slow"))
def slow(text: str) -> Slow:
    return Slow(text)


@check("G-XX-01", severity=LOW, aspect=ASPECT, every=1, source="test", title=WORDS, why=WORDS, remedy=WORDS)
def each_second(fact: Quick) -> Verdict:
    return Verdict(Status.PASS, fact.text)


@check("G-XX-02", severity=LOW, aspect=ASPECT, every=HOUR, source="test", title=WORDS, why=WORDS, remedy=WORDS)
def each_hour(fact: Slow) -> Verdict:
    return Verdict(Status.PASS, fact.text)


@dataclass
class OneSlowHost:
    """Answers at once, except for what is slow: that it holds until `release`."""

    begun: threading.Event = field(default_factory=threading.Event)
    release: threading.Event = field(default_factory=threading.Event)

    def read(self, source: Source[T]) -> T:
        if source == File("/slow"):
            self.begun.set()
            self.release.wait(60)
        return cast(T, "text")


def test_surveys_of_a_minute_go_on_while_one_of_an_hour_takes_long(tmp_path: Path) -> None:
    known, host = settings(tmp_path), OneSlowHost()
    identity = enrolled(known)
    found = Catalogue({one.code: one for one in (each_second, each_hour)})
    kept = spool(tmp_path / "agent")
    daemon = Daemon(known, identity, host, found, kept, CollectorClient(identity.collector, known), "boot-1")
    thread = threading.Thread(target=daemon.run)
    thread.start()
    try:
        until(host.begun.is_set, "the slow survey begins")
        before = kept.size().reports
        until(lambda: kept.size().reports >= before + 3, "surveys beside the slow one")
        assert {report.every for report in reports(kept)} == {1}
    finally:
        host.release.set()
        daemon.stop.set()
        thread.join(30)
    assert not thread.is_alive()
