from __future__ import annotations

from checks.capacity.deadlines import deadline_load
from checks.facts.bid_deadlines import BidDeadlines
from checks.text import words
from checks.verdict import Status, Verdict

MIB = 1 << 20
BUSY = BidDeadlines(deadlines=12, peak=90, past=600, growth=400.0 * MIB)  # 20 MiB a bid; 90 in an hour are 4.2 Mbit/s


def judged(bids: BidDeadlines = BUSY, **thresholds: float) -> Verdict:
    said = deadline_load(bids, **thresholds)
    assert isinstance(said, Verdict)
    return said


def test_the_busiest_hour_is_compared_with_what_was_tested() -> None:
    assert judged(capacity_mbit=10.0).status is Status.PASS
    assert judged(capacity_mbit=5.0).status is Status.FAIL
    assert "4.19 dari 5 Mbit/s (84 %)" in words(judged(capacity_mbit=5.0).measured, "id")
    assert judged(capacity_mbit=5.0, percent=90.0).status is Status.PASS


def test_without_deadlines_there_is_no_load() -> None:
    assert judged(BidDeadlines(0, 0, 600)).status is Status.PASS


def test_without_a_tested_capacity_or_a_known_size_it_is_undetermined() -> None:
    assert judged().status is Status.UNKNOWN
    assert "capacity_mbit" in words(judged().measured, "id")
    for bids in (BidDeadlines(12, 90, 600), BidDeadlines(12, 90, 0, 1e6), BidDeadlines(12, 90, 600, -1e6)):
        assert judged(bids, capacity_mbit=10.0).status is Status.UNKNOWN


def test_policy_may_say_how_large_a_bid_is() -> None:
    assert judged(BidDeadlines(12, 90, 600), capacity_mbit=5.0, bid_mib=20.0).status is Status.FAIL


def test_where_the_view_is_not_installed_nothing_is_judged() -> None:
    assert deadline_load.absent is Status.NOT_APPLICABLE
