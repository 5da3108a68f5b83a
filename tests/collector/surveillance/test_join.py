"""Joined checks: what a host lists against what a person approved, in whatever order they arrive."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from checks.baseline import Approved, Listed, drift, listed
from checks.catalogue import Catalogue
from checks.check import HIGH, INTEGRITY, MINUTE, check
from checks.fact import Fact, Snapshot, name_of, reads
from checks.policy import Policy, rulebook
from checks.source import File, Register
from checks.text import Text, words
from checks.verdict import Status, Verdict
from collector.surveillance.join import MOST, hold
from collector.surveillance.judge import Arrival, Bench, fold
from collector.surveillance.settlement import Closed, Opened, Transition
from collector.surveillance.state import State, decode, encode
from evidence.report import Report
from tests.collector.surveillance.story import CATALOGUE

BEGIN = datetime(2026, 11, 23, tzinfo=UTC)
CODE = "K-TST-01"
TEXT = Text("uji", "test")


class Doors(Listed, frozen=True):
    """Doors of a house."""


class ApprovedDoors(Approved, frozen=True):
    """Doors that somebody approved."""


@reads(File("/doors"))
def doors(text: str) -> Doors:
    return listed(Doors, text.split())


@reads(Register("doors", ApprovedDoors))
def approved_doors(entered: ApprovedDoors) -> ApprovedDoors:
    return entered


@check(CODE, severity=HIGH, aspect=INTEGRITY, every=MINUTE, source="test", title=TEXT, why=TEXT, remedy=TEXT)
def no_new_doors(now: Doors, approved: ApprovedDoors | None) -> Verdict:
    return drift(now, approved)


BOOK = rulebook(Catalogue({CODE: no_new_doors, **CATALOGUE.checks}), Policy())
TOLD: dict[str, type[Fact]] = {"doors": Doors}
REGISTERED: dict[str, type[Fact]] = {"approved_doors": ApprovedDoors}


class House:
    """One server, told of by its agent and by the registrar."""

    def __init__(self) -> None:
        self.state = State()
        self.entries = 0
        self.sequences = {True: 0, False: 0}
        self.previous = {True: "", False: ""}
        self.said: list[Transition] = []

    def tells(self, at: int, *items: str, vantage: str = "local", **facts: Fact) -> None:
        """The agent reports its doors."""
        self._arrive(at, {"doors": listed(Doors, items), **facts}, registered=False, vantage=vantage)

    def approves(self, at: int, *items: str) -> None:
        """A person approves doors."""
        held = listed(Doors, items)
        approved = ApprovedDoors(held.items, held.count, held.digest, BEGIN)
        self._arrive(at, {"approved_doors": approved}, registered=True, vantage="register")

    def _arrive(self, at: int, facts: dict[str, Fact], *, registered: bool, vantage: str) -> None:
        self.entries += 1
        self.sequences[registered] += 1
        moment = BEGIN + timedelta(seconds=at)
        raw = {name: msgspec.Raw(msgspec.json.encode(fact)) for name, fact in facts.items()}
        report = Report(
            target="srv", stream="ff" if registered else "aa", sequence=self.sequences[registered],
            previous=self.previous[registered], taken_at=moment,
            boot_id="b", software="pantau", policy="", every=60, vantage=vantage, facts=raw,
        )  # fmt: skip
        self.previous[registered] = f"{self.entries:064}"
        arrival = Arrival(self.entries, "srv", "agent", self.previous[registered], moment, report, registered)
        state, said = fold(self.state, arrival, Bench(BOOK, None, REGISTERED if registered else TOLD))
        self.state = decode(encode(state))
        self.said += said

    @property
    def status(self) -> Status:
        return self.state.current[CODE][""].status


def test_a_joined_check_has_no_vantage_of_its_own() -> None:
    assert no_new_doors.vantages == frozenset()
    assert [one.code for one in BOOK.catalogue.joined] == [CODE]
    assert no_new_doors in BOOK.catalogue.surveyed
    assert no_new_doors not in BOOK.catalogue.answerable


def test_nothing_approved_is_undetermined_and_no_finding() -> None:
    house = House()
    house.tells(0, "front")
    assert house.status is Status.UNKNOWN
    assert not house.said


def test_what_is_approved_later_is_judged_at_once_and_what_appears_afterwards_is_a_finding() -> None:
    house = House()
    house.tells(0, "front")
    house.approves(30, "front")
    assert house.status is Status.PASS
    house.tells(60, "front", "window")
    opened = [one for one in house.said if isinstance(one, Opened)]
    assert [(one.check.code, one.entry) for one in opened] == [(CODE, 3)]
    assert "window" in str(opened[0].measured)
    house.approves(90, "front", "window")
    assert isinstance(house.said[-1], Closed)
    assert house.status is Status.PASS


def test_an_approval_before_the_first_report_waits_for_it() -> None:
    house = House()
    house.approves(0, "front")
    assert CODE not in house.state.current
    house.tells(60, "front")
    assert house.status is Status.PASS


def test_an_agent_cannot_approve_its_own_doors() -> None:
    house = House()
    house.tells(0, "front", "back")
    held = listed(Doors, ["front", "back"])
    forged = ApprovedDoors(held.items, held.count, held.digest, BEGIN)
    house.tells(60, "front", "back", vantage="register", approved_doors=forged)
    assert house.status is Status.UNKNOWN


def test_a_change_of_a_register_is_no_sign_of_life() -> None:
    house = House()
    house.tells(0, "front")
    heard, chain = house.state.heard_at, house.state.chain
    house.approves(3600, "front")
    assert (house.state.heard_at, house.state.chain) == (heard, chain)


def test_an_older_report_that_arrives_late_does_not_bring_back_what_was_there_before() -> None:
    house = House()
    house.tells(0, "front", "window")
    house.approves(10, "front")
    house.tells(60, "front")
    assert house.status is Status.PASS
    report = Report(
        target="srv", stream="aa", sequence=2, previous="", taken_at=BEGIN, boot_id="b", software="pantau",
        policy="", every=60, facts={"doors": msgspec.Raw(msgspec.json.encode(listed(Doors, ["front", "window"])))},
    )  # fmt: skip
    arrival = Arrival(9, "srv", "agent", "9", BEGIN + timedelta(seconds=70), report)
    state, said = fold(house.state, arrival, Bench(BOOK, None, TOLD))
    assert state.current[CODE][""].status is Status.PASS
    assert not [one for one in said if isinstance(one, Opened) and one.check.code == CODE]


@pytest.mark.parametrize("name", ["doors", "approved_doors"])
def test_what_an_earlier_release_held_and_this_one_cannot_read_is_undetermined(name: str) -> None:
    house = House()
    house.tells(0, "front")
    house.approves(10, "front")
    held = {**house.state.held, name: msgspec.structs.replace(house.state.held[name], raw=b'{"old":1}')}
    house.state = msgspec.structs.replace(house.state, held=held)
    other = "approved_doors" if name == "doors" else "doors"
    assert name_of(Doors) == "doors"
    if other == "doors":
        house.tells(20, "front")
    else:
        house.approves(20, "front")
    assert house.status is Status.UNKNOWN


def test_a_fact_that_is_too_large_is_not_held_but_one_of_our_own_is() -> None:
    large = tuple(f"{number:0300}" for number in range(MOST // 300))
    theirs, ours = Doors(large, len(large), ""), ApprovedDoors(large, len(large), "", BEGIN)
    told = hold({}, Snapshot({Doors: theirs, ApprovedDoors: ours}), (Doors, ApprovedDoors), BEGIN, 1)
    assert not told[name_of(Doors)].raw
    assert "at the most" in words(told[name_of(Doors)].missing, "en")
    assert len(told[name_of(ApprovedDoors)].raw) > MOST
