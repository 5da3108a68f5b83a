"""A small world for the pure judge: two facts, three checks and one server whose story is told report by report.

story = Story()
story.report(0, lamps={"red": "fail"})           # taken and received 0 s after the beginning
assert story.open == {("G-TST-01", "red")}
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from checks.catalogue import Catalogue, catalogue
from checks.check import AVAILABILITY, HIGH, MINUTE, check
from checks.fact import Fact, Snapshot
from checks.policy import Policy, Rulebook, rulebook
from checks.text import Text
from checks.verdict import Result, Status, Verdict, at_most
from collector.surveillance.judge import Arrival, Bench, fold, tick
from collector.surveillance.own_facts import OWN
from collector.surveillance.settlement import Closed, Opened, Transition
from collector.surveillance.state import State, decode, encode
from evidence.report import Gap, Report, pack

BEGIN = datetime(2026, 11, 23, tzinfo=UTC)
SERVER = "srv-0001"
GRACE, RECOVERY = 300, 600
TEXT = Text("uji", "test")
ABOUT: dict[str, Any] = {
    "severity": HIGH, "aspect": AVAILABILITY, "every": MINUTE, "source": "test", "title": TEXT, "why": TEXT, "remedy": TEXT,
}  # fmt: skip


class Lamps(Fact, frozen=True):
    """Subjects and the status each of them shall have."""

    lamps: dict[str, str]


class Gauge(Fact, frozen=True):
    """A number."""

    value: float


@check("G-TST-01", **ABOUT)
def lamps(lamps: Lamps) -> Iterator[Verdict]:
    for subject, status in lamps.lamps.items():
        yield Verdict(Status(status), subject=subject)


@check("G-TST-02", **ABOUT, grace=GRACE, recovery=RECOVERY)
def patient_lamps(lamps: Lamps) -> Iterator[Verdict]:
    for subject, status in lamps.lamps.items():
        yield Verdict(Status(status), subject=subject)


@check("G-TST-03", **ABOUT)
def gauge(gauge: Gauge, *, maximum: float = 10.0) -> Verdict:
    return at_most(gauge.value, warn=maximum, fail=maximum, unit="")


REAL = catalogue()
CATALOGUE = Catalogue(
    {check.code: check for check in (lamps, patient_lamps, gauge, *(REAL.checks[code] for code in OWN))}
)
BOOK = rulebook(CATALOGUE, Policy())
FACTS: dict[str, type[Fact]] = {"lamps": Lamps, "gauge": Gauge}


def book(**policy: Any) -> Rulebook:
    """The catalogue under another policy."""
    return rulebook(CATALOGUE, Policy(**policy))


def after(seconds: float) -> datetime:
    """So long after the beginning."""
    return BEGIN + timedelta(seconds=seconds)


@dataclass
class Story:
    """What happens to one server, and what the judge says of it. `findings`: opened, with when it closed."""

    state: State = field(default_factory=State)
    rulebook: Rulebook = BOOK
    agents: Rulebook | None = BOOK
    before: Rulebook | None = None
    stream: str = "aa"
    agent: str = "agent-1"
    sequence: int = 0
    previous: str = ""
    entries: int = 0
    findings: dict[str, tuple[Opened, datetime | None]] = field(default_factory=dict)

    @property
    def open(self) -> set[tuple[str, str]]:
        """Check and subject of each open finding, but of coverage: it is low in so small a world."""
        found = {(one.check.code, one.subject) for one, closed in self.findings.values() if closed is None}
        return {what for what in found if what[0] != "Q-AGT-02"}

    def of(self, code: str, subject: str = "") -> list[tuple[float, float, float | None]]:
        """Since, opened and closed of each finding, in seconds after the beginning, in order."""

        def seconds(moment: datetime) -> float:
            return (moment - BEGIN).total_seconds()

        found = [(one, at) for one, at in self.findings.values() if (one.check.code, one.subject) == (code, subject)]
        return sorted((seconds(one.since), seconds(one.at), at and seconds(at)) for one, at in found)

    def status(self, code: str, subject: str = "") -> Status:
        """The latest verdict."""
        return self.state.current[code][subject].status

    def report(
        self,
        at: float,
        *,
        lamps: Mapping[str, str] | None = None,
        gauge: float | None = None,
        received: float | None = None,
        missing: Iterable[type[Fact]] = (),
        absent: Iterable[type[Fact]] = (),
        results: tuple[Result, ...] | None = None,
        sequence: int | None = None,
        **members: Any,
    ) -> list[Transition]:
        """The next report, taken at `at` and received then too, unless `received` says otherwise."""
        facts: dict[type[Fact], Fact] = {}
        if lamps is not None:
            facts[Lamps] = Lamps(dict(lamps))
        if gauge is not None:
            facts[Gauge] = Gauge(gauge)
        snapshot = Snapshot(facts, dict.fromkeys(missing, "not read"), dict.fromkeys(absent, "not there"))
        if results is None:
            told = [one for one in CATALOGUE if all(snapshot.covers(fact) for fact in one.facts)]
            results = tuple(r for one in told for r in (self.agents or BOOK).evaluate(one, snapshot, after(at)))
        read, unread, gone = pack(snapshot)
        self.sequence = self.sequence + 1 if sequence is None else sequence
        base = {
            "target": SERVER, "stream": self.stream, "sequence": self.sequence, "previous": self.previous, "taken_at": after(at),
            "boot_id": "b", "software": "pantau", "policy": (self.agents or BOOK).digest, "every": 60,
            "facts": read, "missing": unread, "absent": gone, "results": results,
        }  # fmt: skip
        report = Report(**{**base, **members})
        self.previous = hashlib.sha256(report.encode()).hexdigest()
        return self.arrive(report, self.previous, at if received is None else received)

    def arrive(self, report: Report | None, digest: str, received: float) -> list[Transition]:
        """An entry of the ledger; None: an equivocation."""
        self.entries += 1
        arrival = Arrival(self.entries, SERVER, self.agent, digest, after(received), report)
        return self._note(*fold(self.state, arrival, Bench(self.rulebook, self.agents, FACTS, self.before)))

    def sweep(self, at: float) -> list[Transition]:
        """Look for silence, after the last report and before the policy changes."""
        return self._note(*tick(SERVER, self.state, after(at), self.rulebook))

    def _note(self, state: State, said: list[Transition]) -> list[Transition]:
        self.state = decode(encode(state))  # as it is stored
        for one in said:
            match one:
                case Opened():
                    held = self.findings.get(one.id)
                    assert held is None or held[1] is not None, "opened while open"
                    assert one.since <= one.at
                    self.findings[one.id] = (one, None)
                case Closed():
                    opened, closed = self.findings[one.id]
                    assert closed is None, "closed twice"
                    assert opened.at <= one.at, "closed before it opened"
                    self.findings[one.id] = (opened, one.at)
        keys = [(one.check.code, one.subject) for one, closed in self.findings.values() if closed is None]
        assert len(keys) == len(set(keys)), "two open findings of one thing"
        held_open = {current.finding for _, _, current in state.verdicts() if current.finding}
        assert held_open == {id_ for id_, (_, closed) in self.findings.items() if closed is None}
        return said


def gap(first: int, last: int, reason: str = "evicted") -> Gap:
    """A declared gap."""
    return msgspec.convert({"first": first, "last": last, "reason": reason}, Gap)
