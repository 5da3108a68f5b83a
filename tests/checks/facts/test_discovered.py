from __future__ import annotations

import msgspec
import pytest

from checks.fact import Fact, recipes, vantages
from checks.facts.discovered import (
    MOST_ROWS,
    Copy,
    DiscoveredBackups,
    DiscoveredHardware,
    DiscoveredReleases,
    DiscoveredSoftware,
    Held,
    Machine,
    Program,
    Release,
)
from checks.target import Target
from checks.vantage import Vantage
from tests.checks.real import NOW

FULL: tuple[Fact, ...] = (
    DiscoveredHardware((Machine("lpse01", "7XK2M03", 16, 64 << 30, 4),) * MOST_ROWS),
    DiscoveredSoftware((Program("lpse01", "postgresql", "16.3"),) * MOST_ROWS),
    DiscoveredBackups(
        (Copy("lpse01", "database", "/backup/epns_prod-#.dump", NOW),) * (MOST_ROWS // 2),
        (Held("lpse01", "database", "epns_prod"),) * (MOST_ROWS // 2),
    ),
    DiscoveredReleases((Release("lpse01", NOW, "4.5", "1.4-lkpp-20250404"),) * MOST_ROWS),
)


@pytest.mark.parametrize("fact", FULL, ids=lambda fact: type(fact).__name__)
def test_only_the_collector_knows_it_of_a_provider_and_the_longest_fits_into_an_entry(fact: Fact) -> None:
    assert recipes(type(fact)) == ()
    assert vantages(type(fact)) == {Vantage.COLLECTOR}
    assert type(fact).about is Target.PROVIDER
    raw = msgspec.json.encode(fact)
    assert msgspec.json.decode(raw, type=type(fact)) == fact
    assert len(raw) < 300_000
