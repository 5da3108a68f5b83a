from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.hosts.local import LocalHost
from checks.fact import Missing
from checks.facts.listeners import Listener, Listeners
from checks.facts.spse_answers import (
    ask,
    ask_all,
    asked,
    asked_with_curl,
    first_alone,
    not_asked,
    second_alone,
    split,
    url,
)
from checks.facts.spse_instances import SpseInstances
from tests.checks.spse import instance
from tests.spse_stand_in import spse


def test_one_installation_is_asked_without_a_child_process() -> None:
    with spse() as server:
        host, found = LocalHost(), SpseInstances((instance(port=server.port),))

        assert asked(host.read(ask(0).make(found)), host.read(ask(1).make(found))).statuses == (200,)
        server.started = False
        assert asked(host.read(ask(0).make(found)), host.read(ask(1).make(found))).statuses == (503,)


def test_curl_tells_who_answers_and_who_does_not() -> None:
    with spse("/eproc4") as first, spse("") as second:
        found = SpseInstances(
            (instance(port=first.port), instance(port=1), instance(port=second.port, path=""), instance(port=first.port, path="/x"))
        )  # fmt: skip

        assert asked_with_curl(LocalHost().read(ask_all().make(found))).statuses == (200, 0, 200, 404)


def test_a_refused_connection_leads_on_to_the_next_way() -> None:
    with pytest.raises(Missing):
        LocalHost().read(ask(0).make(SpseInstances((instance(port=1),))))
    assert asked_with_curl(LocalHost().read(ask_all().make(SpseInstances((instance(port=1),))))).statuses == (0,)


def test_without_curl_the_one_that_answers_is_told_from_the_other() -> None:
    with spse("/eproc4") as server:
        host, up, down = LocalHost(), instance(port=server.port), instance(port=1)

        assert first_alone(host.read(ask(0, alone=True).make(SpseInstances((up, down))))).statuses == (200, 0)
        assert second_alone(host.read(ask(1, alone=True).make(SpseInstances((down, up))))).statuses == (0, 200)
        nothing = host.read(ask(1, alone=True).make(SpseInstances((up,))))
    with pytest.raises(Missing, match="only one"):
        second_alone(nothing)


def test_without_curl_the_listening_ports_are_kept() -> None:
    reading = Listeners((Listener("0.0.0.0", 9090, "tcp"), Listener("::", 9090, "tcp"), Listener("::", 53, "udp")))

    assert not_asked(reading).listening == (9090,)
    with pytest.raises(Missing):
        not_asked(Listeners(()))


def test_the_address_follows_the_configuration() -> None:
    assert url(instance(port=9090)) == "http://127.0.0.1:9090/eproc4"
    assert url(instance(port=9090, path="", address="::1")) == "http://[::1]:9090/"
    assert url(instance(port=9090, address="127.1.2.3"), "/metrics") == "http://127.1.2.3:9090/eproc4/metrics"
    for everywhere in ("", "0.0.0.0", "::", "localhost"):
        assert url(instance(port=9090, address=everywhere)) == "http://127.0.0.1:9090/eproc4"


@pytest.mark.parametrize(
    "address",
    ["10.0.0.5", "169.254.169.254", "127.0.0.1@10.0.0.5", "::ffff:10.0.0.5", "example.org", "127.1", "127.0.0.1 "],
)
def test_nobody_but_this_host_is_asked(address: str) -> None:
    for source in (ask(0), ask_all()):
        with pytest.raises(Missing, match="loopback"):
            source.make(SpseInstances((instance(address=address),)))


@pytest.mark.parametrize("path", ["@10.0.0.5", ".evil.org", "/a b", "/a\n", "/a?b", "/a#b", "/{a,b}", "/[1-9]", "/é"])
def test_a_path_that_is_no_path_is_not_asked(path: str) -> None:
    with pytest.raises(Missing, match=r"http\.path"):
        url(instance(path=path))


@given(st.text())
def test_any_output_of_curl_gives_statuses_or_missing(printed: str) -> None:
    with contextlib.suppress(Missing):
        assert split(printed)
