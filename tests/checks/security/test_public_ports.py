from __future__ import annotations

from checks.facts.public_ports import PublicPorts
from checks.security.public_ports import declared, ssh
from checks.verdict import Status

WEB = PublicPorts(100, (80, 443), 2, (), 98)


def test_only_the_declared_ports_may_be_open() -> None:
    assert declared(WEB).status is Status.PASS
    said = declared(PublicPorts(100, (80, 443, 5432, 9090), 4, (), 0))
    assert (said.status, said.measured, said.value) == (Status.FAIL, "5432, 9090", 2)
    assert declared(PublicPorts(100, (80, 443, 8443), 3, (), 0), allowed=(80, 443, 8443)).status is Status.PASS


def test_ssh_is_found_on_its_port_and_on_any_other() -> None:
    assert ssh(WEB).status is Status.PASS
    assert ssh(PublicPorts(100, (22, 80), 2, (), 0)).status is Status.FAIL
    said = ssh(PublicPorts(100, (80, 2222), 2, (2222,), 0))
    assert (said.status, said.measured) == (Status.FAIL, "SSH 2222")


def test_a_device_that_answers_for_every_port_leaves_it_open_what_stands_behind() -> None:
    everything = PublicPorts(100, tuple(range(1, 41)), 100, (), 0)
    assert declared(everything).status is Status.UNKNOWN
    assert ssh(everything).status is Status.UNKNOWN
    assert ssh(PublicPorts(100, (2222,), 100, (2222,), 0)).status is Status.FAIL
