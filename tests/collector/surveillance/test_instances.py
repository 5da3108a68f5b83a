"""The fold of what probers report of one instance: a story of two or three of them, told report by report."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.catalogue import Catalogue, catalogue
from checks.check import AVAILABILITY, DAY, HIGH, check
from checks.fact import Fact, Snapshot, reads
from checks.facts.home_page import HomePage
from checks.outside import HONEST, Page, Visit
from checks.policy import Policy, rulebook
from checks.source import Register
from checks.target import Target
from checks.text import Text, words
from checks.verdict import Status, Verdict, judge
from collector.surveillance.arrival import Arrival, Bench
from collector.surveillance.judge import fold
from collector.surveillance.own_facts import OWN
from collector.surveillance.settlement import Closed, Opened
from collector.surveillance.state import State, decode, encode
from evidence.report import Report, pack

BEGIN = datetime(2026, 11, 23, tzinfo=UTC)
INSTANCE = "ins-0001"
ABOUT: dict[str, Any] = {
    "severity": HIGH, "aspect": AVAILABILITY, "source": "test",
    "title": Text("uji", "test"), "why": Text("uji", "test"), "remedy": Text("uji", "test"),
}  # fmt: skip


class Look(Fact, frozen=True):
    """How the home page looks from outside."""

    look: str


@reads(Page("/look", agent=HONEST))
def look(visit: Visit) -> Look:
    return Look(visit.text)


class Approved(Fact, frozen=True):
    """The look that a person approved."""

    about = Target.INSTANCE
    look: str


@reads(Register("Approved", Approved))
def approved(entered: Approved) -> Approved:
    return entered


@check("G-TST-11", every=DAY, **ABOUT)
def as_approved(look: Look, approved: Approved) -> Verdict:
    return judge(look.look == approved.look, look.look, approved.look)


REAL = catalogue()
HOME, LIST = REAL.checks["L-AVL-01"], REAL.checks["L-AVL-02"]
CATALOGUE = Catalogue({one.code: one for one in (HOME, LIST, as_approved, *(REAL.checks[code] for code in OWN))})
FACTS: dict[str, type[Fact]] = {"home_page": HomePage, "look": Look}


def home(status: int = 200, refusal: str = "", trouble: str = "") -> HomePage:
    return HomePage(status, trouble, refusal, 0.2, "https://x/", (), True, True, "LPSE", ())


UP, DOWN, WAF = home(), home(0, trouble="refused"), home(403, refusal="403")


def after(seconds: float) -> datetime:
    return BEGIN + timedelta(seconds=seconds)


@dataclass
class Eye:
    """One prober's chain of the instance."""

    key: str
    name: str
    stream: str
    sequence: int = 0
    previous: str = ""


@dataclass
class Story:
    """What happens to one instance, and what the judge says of it."""

    state: State = field(default_factory=State)
    policy: Policy = field(default_factory=lambda: Policy(grace={"L-AVL-01": 120}))
    entries: int = 0
    open: dict[str, Opened] = field(default_factory=dict)

    def see(
        self, eye: Eye, at: float, *facts: Fact, received: float | None = None, missing: tuple[type[Fact], ...] = ()
    ) -> None:
        """The next report of `eye`, taken at `at` and received then too, unless `received` says otherwise."""
        self.arrive(eye, self.write(eye, at, *facts, missing=missing), at if received is None else received)

    def write(self, eye: Eye, at: float, *facts: Fact, missing: tuple[type[Fact], ...] = ()) -> Report:
        """The next report of `eye`, which may arrive later."""
        eye.sequence += 1
        read, unread, gone = pack(Snapshot({type(one): one for one in facts}, dict.fromkeys(missing, "not read")))
        report = Report(
            target=INSTANCE, stream=eye.stream, sequence=eye.sequence, previous=eye.previous, taken_at=after(at),
            boot_id="b", software="pantau", policy="", every=60, vantage=eye.name, facts=read, missing=unread, absent=gone,
        )  # fmt: skip
        eye.previous = hashlib.sha256(report.encode()).hexdigest()
        return report

    def arrive(self, eye: Eye, report: Report | None, at: float) -> None:
        digest = hashlib.sha256(report.encode()).hexdigest() if report is not None else "0" * 64
        self.fold(Arrival(self.entries + 1, INSTANCE, eye.key, digest, after(at), report, about=Target.INSTANCE), FACTS)

    def enter(self, at: float, fact: Fact) -> None:
        """A person enters `fact` in its register."""
        read, _, _ = pack(Snapshot({type(fact): fact}))
        report = Report(
            target=INSTANCE, stream="cc", sequence=self.entries + 1, previous="", taken_at=after(at), boot_id="",
            software="pantau", policy="", every=DAY, vantage="register", facts=read,
        )  # fmt: skip
        arrival = Arrival(
            self.entries + 1, INSTANCE, "collector", "0" * 64, after(at), report, own=True, about=Target.INSTANCE
        )
        self.fold(arrival, {"approved": Approved})

    def fold(self, arrival: Arrival, facts: dict[str, type[Fact]]) -> None:
        self.entries += 1
        book = rulebook(CATALOGUE, self.policy)
        state, said = fold(self.state, arrival, Bench(book, None, facts))
        self.state = decode(encode(state))  # as it is stored
        for one in said:
            match one:
                case Opened():
                    self.open[one.id] = one
                case Closed():
                    del self.open[one.id]

    def status(self, code: str = "L-AVL-01") -> Status | None:
        current = self.state.current.get(code, {}).get("")
        return current.status if current else None

    def measured(self, code: str = "L-AVL-01") -> str:
        return words(self.state.current[code][""].measured, "en")


def eyes(*names: str) -> Iterator[Eye]:
    for number, name in enumerate(names):
        yield Eye(f"key-{name}-{number}", name, f"{number:02x}")


@pytest.fixture
def story() -> Story:
    return Story()


def test_what_two_see_counts_and_after_its_grace_it_is_a_finding_that_closes_when_both_see_it_mended(
    story: Story,
) -> None:
    jakarta, medan = eyes("jakarta-1", "medan-1")
    story.see(jakarta, 0, UP)
    assert story.status() is Status.UNKNOWN
    story.see(medan, 5, UP)
    assert story.status() is Status.PASS
    story.see(jakarta, 60, DOWN)
    assert (story.status(), story.open) == (Status.UNKNOWN, {})
    story.see(medan, 65, DOWN)
    assert (story.status(), story.open) == (Status.FAIL, {})
    story.see(jakarta, 120, DOWN)
    story.see(medan, 125, DOWN)
    assert story.open == {}  # within its grace
    story.see(jakarta, 186, DOWN)
    (finding,) = story.open.values()
    assert (finding.check.code, finding.since) == ("L-AVL-01", after(65))
    assert "from jakarta-1, medan-1" in story.measured()
    story.see(medan, 190, UP)
    assert len(story.open) == 1  # one alone closes nothing either
    story.see(jakarta, 246, UP)
    assert story.open == {}


def test_only_one_sees_it_fail_and_that_is_unknown_with_what_each_saw(story: Story) -> None:
    jakarta, medan = eyes("jakarta-1", "medan-1")
    for minute in range(10):
        story.see(jakarta, 60 * minute, DOWN)
        story.see(medan, 60 * minute + 5, UP)
    assert (story.status(), story.open) == (Status.UNKNOWN, {})
    assert "jakarta-1: fail" in story.measured()
    assert "medan-1: pass" in story.measured()


def test_a_firewall_that_refuses_the_probers_is_never_an_outage(story: Story) -> None:
    jakarta, medan = eyes("jakarta-1", "medan-1")
    for minute in range(10):
        story.see(jakarta, 60 * minute, WAF)
        story.see(medan, 60 * minute + 5, WAF)
    assert (story.status(), story.open) == (Status.UNKNOWN, {})
    assert "refuses the probe (403)" in story.measured()
    for minute in range(10, 15):  # nor together with one who sees an outage
        story.see(jakarta, 60 * minute, DOWN)
        story.see(medan, 60 * minute + 5, WAF)
    assert (story.status(), story.open) == (Status.UNKNOWN, {})


def test_a_prober_without_a_network_does_not_vote(story: Story) -> None:
    jakarta, medan, bogor = eyes("jakarta-1", "medan-1", "bogor-1")
    story.see(jakarta, 0, missing=(HomePage,))
    story.see(medan, 5, UP)
    assert story.status() is Status.UNKNOWN
    story.see(bogor, 10, UP)
    assert story.status() is Status.PASS


def test_a_prober_that_falls_silent_loses_its_vote_when_its_view_is_stale(story: Story) -> None:
    jakarta, medan = eyes("jakarta-1", "medan-1")
    story.see(jakarta, 0, UP)
    story.see(medan, 5, UP)
    story.see(medan, 895, UP)
    assert story.status() is Status.PASS  # 15 minutes, however short the cadence
    story.see(medan, 905, UP)
    assert story.status() is Status.UNKNOWN
    assert "seen from 1 vantage points, 2 are needed; medan-1: pass" in story.measured()
    story.see(jakarta, 910, UP)
    assert story.status() is Status.PASS


def test_two_keys_of_one_name_are_one_vantage_point_and_the_newer_survey_counts(story: Story) -> None:
    old, new, medan = eyes("jakarta-1", "jakarta-1", "medan-1")
    story.see(old, 0, DOWN)
    story.see(new, 60, DOWN)
    assert story.status() is Status.UNKNOWN  # enrolled again: that makes no two of it
    assert "seen from 1 vantage points" in story.measured()
    story.see(new, 120, UP)
    story.see(medan, 125, UP)
    assert story.status() is Status.PASS


def test_a_late_report_changes_the_chain_and_never_the_view(story: Story) -> None:
    jakarta, medan = eyes("jakarta-1", "medan-1")
    story.see(jakarta, 0, UP)
    late = story.write(jakarta, 60, DOWN)
    story.see(jakarta, 120, UP)
    story.see(medan, 125, UP)
    assert story.state.views[jakarta.key].chain.holes
    story.arrive(jakarta, late, 3000)
    assert story.status() is Status.PASS
    view = story.state.views[jakarta.key]
    assert (view.taken_at, view.chain.holes, view.chain.sequence) == (after(120), (), 3)


def test_reports_that_arrive_late_and_in_order_are_judged_by_when_they_were_taken(story: Story) -> None:
    """A day without the collector: both probers kept what they saw, and it arrives one prober after the other."""
    jakarta, medan = eyes("jakarta-1", "medan-1")
    for minute in range(60):
        story.see(jakarta, 60 * minute, DOWN if 20 <= minute < 30 else UP, received=7200 + minute)
    assert story.status() is Status.UNKNOWN
    for minute in range(60):
        story.see(medan, 60 * minute, DOWN if 20 <= minute < 30 else UP, received=7300 + minute)
    assert story.status() is Status.PASS
    assert story.open == {}


def test_each_prober_has_a_chain_of_its_own_and_a_break_in_one_is_not_the_others(story: Story) -> None:
    jakarta, medan = eyes("jakarta-1", "medan-1")
    for minute in range(3):
        story.see(jakarta, 60 * minute, UP)
        story.see(medan, 60 * minute + 5, UP)
    medan.sequence += 2  # two that never arrive
    story.see(medan, 300, UP)
    story.arrive(jakarta, None, 310)
    chains = {view.name: view.chain for view in story.state.views.values()}
    assert [(hole.first, hole.last) for hole in chains["medan-1"].holes] == [(4, 5)]
    assert chains["jakarta-1"].holes == ()
    assert (chains["jakarta-1"].equivocation_at, chains["medan-1"].equivocation_at) == (after(310), None)
    assert story.state.chain.agent == ""  # of an instance nobody's
    assert story.status() is Status.PASS


def test_a_clock_that_runs_ahead_does_not_make_others_stale_for_ever(story: Story) -> None:
    jakarta, medan, bogor = eyes("jakarta-1", "medan-1", "bogor-1")
    story.see(jakarta, 3000, UP, received=0)  # 50 minutes ahead; the door lets an hour pass
    story.see(medan, 5, UP)
    story.see(bogor, 10, UP)
    assert story.status() is Status.PASS
    assert story.state.views[jakarta.key].taken_at == after(0)


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_who_of_three_reports_first_does_not_matter(order: tuple[int, ...]) -> None:
    story = Story()
    seen = list(zip(eyes("jakarta-1", "medan-1", "bogor-1"), (DOWN, DOWN, UP), strict=True))
    for place in order:
        eye, fact = seen[place]
        story.see(eye, 0, fact, received=10 + place)
    assert story.status() is Status.FAIL
    assert "from jakarta-1, medan-1" in story.measured()


# --- joined with a register: an approved baseline


def test_a_baseline_that_is_approved_is_compared_with_what_every_prober_saw_last(story: Story) -> None:
    jakarta, medan = eyes("jakarta-1", "medan-1")
    story.see(jakarta, 0, Look("blue"))
    story.see(medan, 5, Look("blue"))
    story.enter(100, Approved("green"))
    assert story.status("G-TST-11") is Status.FAIL
    assert len(story.open) == 1
    story.enter(200, Approved("blue"))
    assert story.status("G-TST-11") is Status.PASS
    assert story.open == {}
    story.see(jakarta, 300, Look("red"))
    assert story.status("G-TST-11") is Status.UNKNOWN  # one alone
    story.see(medan, 305, Look("red"))
    assert story.status("G-TST-11") is Status.FAIL


def test_a_baseline_approved_before_anybody_looked_waits_for_them(story: Story) -> None:
    jakarta, medan = eyes("jakarta-1", "medan-1")
    story.enter(0, Approved("blue"))
    assert story.status("G-TST-11") is None
    story.see(jakarta, 100, Look("blue"))
    story.see(medan, 105, Look("blue"))
    assert story.status("G-TST-11") is Status.PASS


def test_a_prober_cannot_approve_what_it_sees(story: Story) -> None:
    jakarta, medan = eyes("jakarta-1", "medan-1")
    story.enter(0, Approved("blue"))
    for eye in (jakarta, medan):
        story.see(eye, 100, Look("red"), Approved("red"))
    assert story.status("G-TST-11") is Status.FAIL


# --- whatever happens

events = st.lists(
    st.tuples(st.integers(0, 2), st.integers(0, 4000), st.sampled_from([UP, DOWN, WAF]), st.integers(0, 900)),
    max_size=25,
)


@settings(max_examples=60, deadline=None)
@given(events, st.integers(1, 3))
def test_in_any_order_the_laws_hold_and_the_same_entries_give_the_same(
    told: list[tuple[int, int, HomePage, int]], quorum: int
) -> None:
    def tell() -> Story:
        story = Story(policy=Policy(quorum=quorum, grace={"L-AVL-01": 120}))
        three = list(eyes("jakarta-1", "medan-1", "bogor-1"))
        views: dict[str, tuple[datetime, HomePage]] = {}
        heard = BEGIN
        for number, (who, at, fact, delay) in enumerate(told):
            eye, received = three[who], number * 10 + delay
            story.see(eye, at, fact, received=received)
            heard = max(heard, after(received))
            moment = min(after(at), heard)
            views[eye.name] = (max(moment, views.get(eye.name, (moment,))[0]), fact)
            newest = max(seen for seen, _ in views.values())
            fresh = [page for seen, page in views.values() if (newest - seen).total_seconds() <= 900]
            failing, meeting = fresh.count(DOWN), fresh.count(UP)
            assert story.state.taken_at == newest
            if failing >= quorum and failing > meeting:
                assert story.status() is Status.FAIL
            elif meeting >= quorum and meeting > failing:
                assert story.status() is Status.PASS
            else:
                assert story.status() is Status.UNKNOWN
        return story

    one, two = tell(), tell()
    assert msgspec.msgpack.encode(one.state) == msgspec.msgpack.encode(two.state)
    assert {opened.id for opened in one.open.values()} == {opened.id for opened in two.open.values()}
