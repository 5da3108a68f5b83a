from __future__ import annotations

from checks.facts.enrolled_agents import MOST, EnrolledAgents, RegisteredServer
from tests.checks.facts.observations import AT, hold


def test_only_the_collector_knows_it_and_it_stays_small() -> None:
    hold(EnrolledAgents((RegisteredServer("server-basis-data-utama", AT, AT),) * MOST, 900))
