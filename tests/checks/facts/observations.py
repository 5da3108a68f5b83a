"""What holds of every fact that only the collector can know, about a provider."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec

from checks.fact import Fact, recipes, target_of, vantages
from checks.target import Target
from checks.vantage import Vantage

AT = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
NAME = "lpse.kabupaten-panjang-sekali.go.id/eproc4"
MOST_BYTES = 64 * 1024


def hold(fact: Fact) -> None:
    """`fact`, as large as it gets, is the collector's, about a provider, small, and comes back from JSON."""
    kind = type(fact)
    assert recipes(kind) == ()
    assert vantages(kind) == {Vantage.COLLECTOR}
    assert target_of(kind) is Target.PROVIDER
    raw = msgspec.json.encode(fact)
    assert msgspec.json.decode(raw, type=kind) == fact
    assert len(raw) < MOST_BYTES
