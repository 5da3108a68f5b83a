from __future__ import annotations

import pytest

from checks.fact import Missing
from checks.facts.public_ports import PORTS, scanned
from checks.outside import Port


def test_open_ports_and_those_that_greet_as_ssh_are_told() -> None:
    found = scanned(
        (Port(2222, "open", "SSH-2.0-OpenSSH_9.2"), Port(80, "open"), Port(25, "closed"), Port(5432, "filtered"))
    )
    assert (found.tried, found.open, found.ssh, found.filtered) == (4, (80, 2222), (2222,), 1)


def test_where_no_port_answers_at_all_nothing_was_learnt() -> None:
    with pytest.raises(Missing):
        scanned((Port(22, "filtered"), Port(80, "filtered")))
    with pytest.raises(Missing):
        scanned(())


def test_about_a_hundred_ports_each_once() -> None:
    assert len(PORTS) == len(set(PORTS))
    assert 90 <= len(PORTS) <= 110
    assert {22, 80, 443, 5432, 9009, 9090, 9909} <= set(PORTS)
