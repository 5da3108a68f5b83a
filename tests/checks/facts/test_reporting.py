from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import pytest

from checks.catalogue import catalogue
from checks.fact import Fact, recipes
from checks.facts.reporting import Agreement, Coverage, Heartbeat, ReportChain

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
EACH: tuple[Fact, ...] = (
    Heartbeat(NOW, 600), ReportChain(), ReportChain(3, 2, NOW, NOW, NOW, NOW), Agreement(), Agreement(("K-SSH-01",)),
    Coverage(90, 100),
)  # fmt: skip


@pytest.mark.parametrize("fact", EACH, ids=lambda fact: type(fact).__name__)
def test_what_the_collector_saw_comes_back_from_json(fact: Fact) -> None:
    assert msgspec.json.decode(msgspec.json.encode(fact), type=type(fact)) == fact


@pytest.mark.parametrize("kind", {type(fact) for fact in EACH}, ids=lambda kind: kind.__name__)
def test_no_host_can_say_it_of_itself(kind: type[Fact]) -> None:
    assert recipes(kind) == ()
    takers = [check for check in catalogue() if kind in check.facts]
    assert takers
    assert all(check not in catalogue().answerable for check in takers)


def test_a_chain_of_which_nothing_is_known_claims_nothing() -> None:
    chain = ReportChain()
    assert (chain.missing, chain.lost) == (0, 0)
    assert {chain.broken_at, chain.restarted_at, chain.equivocation_at, chain.cloned_at} == {None}
