from __future__ import annotations

from datetime import timedelta

from collector.surveillance.chain import MOST_OLD_STREAMS, advance
from collector.surveillance.state import MOST_HOLES, Chain, Hole
from evidence.report import Gap, Report
from tests.collector.surveillance.story import Story, after, gap

CHAIN = "Q-AGT-04"


def report(
    sequence: int, *, stream: str = "aa", previous: str | None = None, at: float = 0, gaps: tuple[Gap, ...] = ()
) -> Report:
    before = f"d{stream}{sequence - 1}" if sequence > 1 else ""
    return Report(
        target="srv", stream=stream, sequence=sequence, previous=before if previous is None else previous,
        taken_at=after(at or sequence * 60), boot_id="b", software="s", policy="", every=60, gaps=gaps,
    )  # fmt: skip


def told(*reports: Report, agent: str = "one", chain: Chain | None = None, start: float = 0) -> Chain:
    chain = chain or Chain()
    for number, one in enumerate(reports):
        chain = advance(chain, agent, f"d{one.stream}{one.sequence}", one, after(start + number * 60))
    return chain


def missing(chain: Chain) -> list[int]:
    return [n for hole in chain.holes if not hole.reason for n in range(hole.first, hole.last + 1)]


def lost(chain: Chain) -> list[int]:
    return [n for hole in chain.holes if hole.reason for n in range(hole.first, hole.last + 1)]


def test_reports_in_order_are_an_unbroken_chain() -> None:
    chain = told(*(report(n) for n in range(1, 20)))
    assert (chain.sequence, chain.holes, chain.broken_at, chain.restarted_at) == (19, (), None, None)


def test_a_skipped_report_is_a_hole_until_it_arrives() -> None:
    chain = told(report(1), report(5))
    assert missing(chain) == [2, 3, 4]
    chain = told(report(3), chain=chain)
    assert missing(chain) == [2, 4]
    chain = told(report(2), report(4), chain=chain)
    assert chain.holes == ()
    assert chain.sequence == 5


def test_a_chain_that_does_not_begin_at_one_has_a_hole_before_it() -> None:
    assert missing(told(report(4))) == [1, 2, 3]


def test_a_declared_gap_is_lost_and_not_missing_whether_declared_at_once_or_later() -> None:
    assert lost(told(report(1), report(4, gaps=(gap(2, 3),)))) == [2, 3]
    later = told(report(1), report(5), report(6, gaps=(gap(2, 3),)))
    assert (missing(later), lost(later)) == ([4], [2, 3])
    assert later.holes[0].at == after(120)


def test_a_gap_that_is_larger_than_the_hole_declares_no_more_than_the_hole() -> None:
    chain = told(report(1), report(4, gaps=(gap(1, 2**62),)))
    assert lost(chain) == [2, 3]


def test_a_gap_without_a_reason_is_declared_all_the_same() -> None:
    assert lost(told(report(1), report(3, gaps=(gap(2, 2, ""),)))) == [2]


def test_what_was_declared_lost_and_arrives_after_all_is_no_hole() -> None:
    assert told(report(1), report(3, gaps=(gap(2, 2),)), report(2)).holes == ()


def test_a_declared_loss_is_forgotten_after_a_week_and_an_undeclared_one_never() -> None:
    chain = told(report(1), report(5, gaps=(gap(2, 3),)))
    week = timedelta(days=8).total_seconds()
    chain = told(report(6), chain=chain, start=week)
    assert (missing(chain), lost(chain)) == ([4], [])


def test_a_report_that_names_another_predecessor_breaks_the_chain() -> None:
    chain = told(report(1), report(2, previous="f" * 64))
    assert chain.broken_at == after(60)
    assert told(report(3), chain=chain).broken_at == after(60)


def test_a_new_stream_is_a_restart_and_the_late_end_of_the_old_one_is_not_a_clone() -> None:
    chain = told(report(1), report(2), report(1, stream="bb", at=500))
    assert chain.restarted_at == after(120)
    assert chain.old_streams == ("aa",)
    late = told(report(3, at=100), chain=chain, start=600)
    assert late.cloned_at is None
    assert (late.stream, late.sequence) == ("bb", 1)


def test_what_was_missing_when_a_stream_ended_stays_counted() -> None:
    chain = told(report(1), report(5, gaps=(gap(2, 3),)), report(1, stream="bb", at=500))
    assert (chain.holes, chain.abandoned) == ((), 3)
    assert told(report(1, stream="cc", at=600), chain=chain, start=500).abandoned == 3


def test_an_old_stream_that_goes_on_after_a_new_one_began_is_a_clone() -> None:
    chain = told(report(1), report(1, stream="bb", at=200), report(2, at=300), start=100)
    assert chain.cloned_at == after(220)


def test_a_new_agent_of_the_same_server_is_no_restart_and_brings_no_holes() -> None:
    chain = told(report(1), report(2), report(7))
    chain = advance(chain, "two", "x", report(1, stream="cc", at=500), after(500))
    assert (chain.agent, chain.restarted_at, chain.holes, chain.cloned_at) == ("two", None, (), None)


def test_what_the_replaced_agent_sent_before_arrives_late_and_is_no_alarm() -> None:
    chain = told(report(1), report(2))
    chain = advance(chain, "two", "x", report(1, stream="cc", at=500), after(500))
    chain = advance(chain, "one", "daa3", report(3, at=180), after(510))
    assert (chain.agent, chain.stream, chain.holes, chain.cloned_at) == ("two", "cc", (), None)
    chain = advance(chain, "two", "y", report(2, stream="cc", previous="x", at=560), after(560))
    assert (chain.sequence, chain.holes, chain.broken_at) == (2, (), None)


def test_a_replaced_agent_that_goes_on_reporting_is_a_clone() -> None:
    chain = told(report(1), report(2))
    chain = advance(chain, "two", "x", report(1, stream="cc", at=500), after(500))
    chain = advance(chain, "one", "daa3", report(3, at=600), after(600))
    assert chain.cloned_at == after(600)


def test_an_equivocation_is_remembered_with_its_time() -> None:
    assert advance(told(report(1)), "one", "other", None, after(90)).equivocation_at == after(90)


def test_holes_and_old_streams_are_bounded() -> None:
    chain = told(*(report(n) for n in range(2, 3 * MOST_HOLES, 2)))
    assert len(chain.holes) <= MOST_HOLES
    chain = told(*(report(1, stream=f"{n:x}") for n in range(3 * MOST_OLD_STREAMS)))
    assert len(chain.old_streams) == MOST_OLD_STREAMS


def test_the_largest_sequence_is_a_hole_like_any_other() -> None:
    chain = told(report(1), report(2**63 - 1, at=120))
    assert chain.holes == (Hole(2, 2**63 - 2),)
    story = Story()
    story.report(0, sequence=1)
    story.report(60, sequence=2**63 - 1)
    assert (CHAIN, "") in story.open


def test_the_finding_on_the_chain_closes_when_the_hole_is_filled_or_declared() -> None:
    story = Story()
    story.report(0, sequence=1)
    first = story.previous
    story.report(60, sequence=3)
    third = story.previous
    assert (CHAIN, "") in story.open
    story.report(30, sequence=2, previous=first, received=70)
    assert story.of(CHAIN) == [(60, 60, 70)]
    story.report(120, sequence=6, previous=third)
    story.report(180, sequence=7, gaps=(gap(4, 5),))
    assert story.of(CHAIN)[-1] == (120, 120, 180)


def test_the_finding_on_an_equivocation_closes_a_week_after_the_last_one() -> None:
    story = Story()
    story.report(0)
    story.arrive(None, "other", 60)
    assert (CHAIN, "") in story.open
    week = timedelta(days=7).total_seconds()
    story.report(week - 60)
    assert (CHAIN, "") in story.open
    story.report(week + 120)
    assert (CHAIN, "") not in story.open
