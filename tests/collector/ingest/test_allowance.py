from __future__ import annotations

from collector.ingest.allowance import Allowance


def taken(allowance: Allowance, agent: str, now: float, tries: int) -> int:
    return sum(allowance.take(agent, now) for _ in range(tries))


def test_an_agent_may_send_its_whole_backlog_at_once_and_then_what_flows_back() -> None:
    allowance = Allowance(100, 10)
    assert taken(allowance, "one", 0.0, 150) == 100
    assert taken(allowance, "one", 60.0, 50) == 10
    assert taken(allowance, "one", 61.0, 50) == 0


def test_a_report_each_minute_never_meets_the_limit() -> None:
    allowance = Allowance(5, 10)
    assert all(allowance.take("one", minute * 60.0) for minute in range(1000))


def test_one_agent_does_not_use_up_what_another_may_send() -> None:
    allowance = Allowance(3, 1)
    assert taken(allowance, "one", 0.0, 5) == 3
    assert taken(allowance, "two", 0.0, 5) == 3


def test_what_flows_back_never_exceeds_the_burst() -> None:
    allowance = Allowance(3, 60)
    assert taken(allowance, "one", 0.0, 3) == 3
    assert taken(allowance, "one", 1e6, 10) == 3


def test_a_prober_may_send_as_much_of_each_instance_as_an_agent_of_its_server() -> None:
    allowance = Allowance(3, 1)
    for instance in range(700):
        assert [allowance.take("prober", 0.0, f"ins-{instance}") for _ in range(4)] == [True] * 3 + [False]
