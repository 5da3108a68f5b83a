"""Whatever agents send and whenever it arrives: the laws of the judge hold. `Story` checks the ones on findings at each step."""

from __future__ import annotations

import copy
import itertools
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.collector.surveillance.story import BOOK, Lamps, Story, after, book

NEVER = datetime(9999, 1, 1, tzinfo=UTC)
STATUSES = st.sampled_from(["pass", "warn", "fail", "unknown", "not_applicable"])
STRICT = book(silence_after=120, grace={"G-TST-01": 60, "L-AVL-12": 30}, recovery={"G-TST-01": 120, "Q-AGT-04": 60})


@dataclass(frozen=True)
class Event:
    """A report after `wait` seconds, taken `skew` seconds off, perhaps out of its place in the chain; or a sweep."""

    wait: float
    skew: int
    lamps: dict[str, str] | None
    kind: str
    jump: int
    stream: str
    agent: str
    honest: bool


EVENTS = st.lists(
    st.builds(
        Event,
        wait=st.sampled_from([-5, 0, 0.5, 30, 60, 119, 120, 121, 300, 599, 600, 601, 5000, 700_000]),
        skew=st.sampled_from([0, 0, 0, -3600, 3000, -60, 1]),
        lamps=st.none() | st.dictionaries(st.sampled_from(["", "/", "/var"]), STATUSES, max_size=3),
        kind=st.sampled_from(["report", "report", "report", "report", "missing", "equivocation"]),
        jump=st.sampled_from([1, 1, 1, 1, 2, 4, -1, -3]),
        stream=st.sampled_from(["aa", "aa", "aa", "bb"]),
        agent=st.sampled_from(["agent-1", "agent-1", "agent-1", "agent-2"]),
        honest=st.sampled_from([True, True, True, False]),
    ),
    max_size=25,
)
SWEEPS = st.lists(st.booleans(), min_size=26, max_size=26)


def tell(events: list[Event], sweeps: list[bool] | None = None, policies: bool = False) -> Story:
    """The story of `events`. `sweeps`: whether a sweep comes between one and the next."""
    story, now, sequences = Story(), 0.0, {}
    for number, event in enumerate(events):
        if sweeps and sweeps[number] and event.wait > 1:
            story.sweep(now + event.wait / 2)
            story.sweep(now + event.wait)
        now += event.wait
        if policies:
            story.before, story.rulebook = story.rulebook, STRICT if number % 3 == 2 else BOOK
        story.stream, story.agent = event.stream, event.agent
        if event.kind == "equivocation":
            story.arrive(None, f"{number:064x}", now)
            continue
        held = sequences.get((event.agent, event.stream), 0)
        sequence = max(1, held + event.jump)
        sequences[event.agent, event.stream] = max(held, sequence)
        story.report(
            now + event.skew, received=now, lamps=event.lamps, sequence=sequence,
            missing=[Lamps] if event.kind == "missing" and event.lamps is None else [],
            results=None if event.honest else (),
        )  # fmt: skip
    story.sweep(now + 10_000)
    return story


@given(EVENTS)
def test_findings_never_overlap_nor_end_before_they_begin(events: list[Event]) -> None:
    intervals: dict[tuple[str, str], list[tuple[datetime, datetime | None]]] = {}
    for opened, closed in tell(events).findings.values():
        assert opened.since <= opened.at
        assert closed is None or opened.at <= closed
        intervals.setdefault((opened.check.code, opened.subject), []).append((opened.at, closed))
    for found in intervals.values():
        found.sort(key=lambda interval: (interval[0], interval[1] or NEVER))
        for (_, closed), (at, _) in itertools.pairwise(found):
            assert closed is not None
            assert closed <= at


@given(EVENTS, SWEEPS, st.booleans())
def test_sweeping_more_or_less_often_finds_the_same(events: list[Event], sweeps: list[bool], policies: bool) -> None:
    swept, unswept = tell(events, sweeps, policies), tell(events, None, policies)
    assert swept.findings == unswept.findings
    assert swept.state == unswept.state


@given(EVENTS)
def test_telling_the_same_story_again_gives_the_same(events: list[Event]) -> None:
    one, other = tell(events), tell(copy.deepcopy(events))
    assert (one.findings, one.state) == (other.findings, other.state)


@given(EVENTS)
def test_unknown_alone_opens_nothing_and_closes_nothing(events: list[Event]) -> None:
    story = tell(events)
    before = story.open
    now = (story.state.heard_at or after(0)).timestamp() - after(0).timestamp()
    story.stream, story.agent = story.state.chain.stream or "aa", story.state.chain.agent or "agent-1"
    story.report(
        now + 20_000, missing=[Lamps], sequence=story.state.chain.sequence + 1, previous=story.state.chain.digest
    )
    lamps = {what for what in before if what[0].startswith("G-")}
    assert {what for what in story.open if what[0].startswith("G-")} == lamps


@given(EVENTS)
@settings(max_examples=50)
def test_a_month_of_good_reports_closes_everything_that_was_not_lost(events: list[Event]) -> None:
    story = tell([replace(event, agent="agent-1", stream="aa") for event in events])
    now = (story.state.heard_at or after(0)).timestamp() - after(0).timestamp()
    for day in range(30):
        for minutes in (0, 20):
            story.report(
                now + 10_000 + day * 86_400 + minutes * 60, lamps={"": "pass"},
                sequence=story.state.chain.sequence + 1, previous=story.state.chain.digest,
            )  # fmt: skip
    left = {code for code, _ in story.open}  # what is missing for ever stays a finding, and the month has silent hours
    assert left <= {"Q-AGT-04", "L-AVL-12"}
