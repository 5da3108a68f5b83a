"""Devices over SSH, each a stand-in on loopback (`device_stand_in`) that answers with outputs recorded of real ones."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from agent.audit import audit
from agent.hosts.local import LocalHost
from agent.hosts.ssh_devices import Device, WatchingHost
from agent.survey import Survey
from checks.catalogue import catalogue
from checks.fact import recipes
from checks.facts.network_equipment import Ask, DeviceConfigurations, DeviceFirmware, DeviceUplinks
from checks.policy import Policy, rulebook
from checks.source import File
from checks.text import words
from checks.verdict import Status
from tests.agent.device_stand_in import DeviceStandIn, device
from tests.agent.sshd import free_port
from tests.checks.real import real

CODES = ("K-DEV-01", "K-DEV-02", "L-DEV-01")
FACTS = (DeviceFirmware, DeviceUplinks, DeviceConfigurations)
ASKED = [source for fact in FACTS for recipe in recipes(fact) for source in recipe.sources if isinstance(source, Ask)]


def answers(dialect: str, *names: str) -> dict[str, bytes]:
    """What a device of `dialect` prints for what it is asked for firmware, uplinks and configuration; with CR LF."""
    commands = [one.command for one in ASKED if one.dialect == dialect]
    return {
        command: real(f"network/{name}").replace("\n", "\r\n").encode()
        for command, name in zip(commands, names, strict=True)
    }


@pytest.fixture
def mikrotik(tmp_path: Path) -> Iterator[DeviceStandIn]:
    said = answers("routeros", "routeros7-resource", "routeros-interfaces", "routeros-identity")
    with device(tmp_path / "mikrotik", said) as running:
        yield running


@pytest.fixture
def cisco(tmp_path: Path) -> Iterator[DeviceStandIn]:
    with device(tmp_path / "cisco", answers("ios", "ios12-version", "ios-interfaces", "ios-unsaved")) as running:
        yield running


def judged(*devices: Device) -> dict[str, Status]:
    """The status of each device check and subject."""
    rules = rulebook(catalogue(), Policy())
    chosen = [catalogue().checks[code] for code in CODES]
    host = WatchingHost(LocalHost(), devices) if devices else LocalHost()
    taken = audit(host, rules, chosen, now=lambda: datetime(2025, 11, 23, tzinfo=UTC))
    return {f"{one.check} {one.subject}".strip(): one.status for one in taken.results}


def test_two_dialects_are_asked_and_judged_as_subjects_of_the_server_that_watches_them(
    mikrotik: DeviceStandIn, cisco: DeviceStandIn
) -> None:
    assert judged(
        Device("edge", "routeros", mikrotik.route, ("ether2_UniFi2",)),
        Device("core", "ios", cisco.route, ("GigabitEthernet0/1", "Port-channel1")),
    ) == {
        "K-DEV-01 edge": Status.PASS,
        "K-DEV-01 core": Status.FAIL,
        "K-DEV-02 edge": Status.PASS,
        "K-DEV-02 core": Status.FAIL,
        "L-DEV-01 edge ether2_UniFi2": Status.PASS,
        "L-DEV-01 core GigabitEthernet0/1": Status.PASS,
        "L-DEV-01 core Port-channel1": Status.FAIL,
    }
    assert sorted(mikrotik.asked + cisco.asked) == sorted(one.command for one in ASKED)  # and nothing else
    assert mikrotik.logins == 3


def test_a_server_without_devices_says_that_it_does_not_apply() -> None:
    assert judged() == dict.fromkeys(CODES, Status.NOT_APPLICABLE)


def test_a_device_that_is_gone_strange_or_unknown_is_named_and_the_others_answer(
    mikrotik: DeviceStandIn, cisco: DeviceStandIn, tmp_path: Path
) -> None:
    gone = replace(mikrotik.route, login=replace(mikrotik.route.login, port=free_port()))
    strange = replace(cisco.route, known_hosts=str(mikrotik.known_hosts))
    host = WatchingHost(
        LocalHost(),
        [
            Device("here", "routeros", mikrotik.route),
            Device("gone", "routeros", gone),
            Device("strange", "ios", strange),
            Device("other", "routeros", cisco.route),
        ],
    )
    fact = Survey(host).outcome(DeviceFirmware).fact
    assert isinstance(fact, DeviceFirmware)
    read = {one.device: words(one.unread, "en") for one in fact.devices}
    assert read["here"] == ""
    assert "127.0.0.1" in read["gone"]
    assert "is not known" in read["strange"]  # its host key
    assert read["other"] == "its answer is not understood: % Invalid input detected at '^' marker."
    assert host.read(File("/proc/version"))  # everything else is the server's


def test_a_device_that_hangs_floods_or_says_nothing_is_unread_in_time(tmp_path: Path) -> None:
    command = ASKED[0].command
    with (
        device(tmp_path / "a", {}, delay=30) as hanging,
        device(tmp_path / "b", {command: b"x" * 3_000_000}) as flooding,
        device(tmp_path / "c", {command: b"\r\n"}) as silent,
    ):
        found = [Device(name, "routeros", one.route) for name, one in (("a", hanging), ("b", flooding), ("c", silent))]
        begin = time.monotonic()
        said = WatchingHost(LocalHost(), found).read(Ask("routeros", command, timeout=2.0))
        assert time.monotonic() - begin < 10
    reasons = [words(one.unread, "en") for one in said]
    assert reasons[0] == f"{command} was not answered within 2 s"
    assert "more than 1048576 bytes" in reasons[1]
    assert "it answered nothing" in reasons[2]
