from __future__ import annotations

from datetime import date

import pytest

from checks.fact import Fact
from checks.facts.observed_incidents import (
    MOST,
    OpenFinding,
    OpenFindings,
    Outage,
    Outages,
    Recurrence,
    Recurrences,
)
from tests.checks.facts.observations import AT, NAME, hold

LARGEST = (
    OpenFindings((OpenFinding(NAME, "K-TLS-01", "critical", AT, "x" * 60),) * MOST, 900, 900),
    Outages((Outage(NAME, AT, AT, 86400, 3, servers=("db1", "web1")),) * MOST, 900, 9, days_off=(date(2026, 12, 25),)),
    Recurrences((Recurrence(NAME, "L-AVL-01", 30, AT),) * MOST, 900),
)


@pytest.mark.parametrize("fact", LARGEST, ids=lambda fact: type(fact).__name__)
def test_only_the_collector_knows_it_and_it_stays_small(fact: Fact) -> None:
    hold(fact)
