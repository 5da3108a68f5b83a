from __future__ import annotations

from collections.abc import Iterable

import pytest

from checks.facts.brute_force import BruteForce
from checks.facts.services import Services, Unit, services
from checks.facts.sysctl import Sysctl
from checks.security import network
from checks.verdict import Status, Verdict
from tests.checks.real import real

PASS, FAIL, UNKNOWN = Status.PASS, Status.FAIL, Status.UNKNOWN
GOOD = {name: wanted for names, wanted in network.HARDENING.values() for name in names}
WITH_IPV6 = {"net.ipv6.conf.all.disable_ipv6": "0"}


def parameters(values: dict[str, str], **thresholds: tuple[str, ...]) -> dict[str, Status]:
    said = network.network_parameters(Sysctl(values), **thresholds)
    assert isinstance(said, Iterable)
    return {verdict.subject: verdict.status for verdict in said}


def one(said: object) -> Verdict:
    assert isinstance(said, Verdict)
    return said


def test_a_hardened_kernel_passes_in_all_eight_groups() -> None:
    said = parameters(GOOD | WITH_IPV6)

    assert len(said) == 8
    assert set(said.values()) == {PASS}


@pytest.mark.parametrize("group", network.HARDENING)
def test_each_group_fails_by_each_of_its_parameters(group: str) -> None:
    names, wanted = network.HARDENING[group]
    for name in names:
        said = parameters(GOOD | WITH_IPV6 | {name: "1" if wanted == "0" else "0"})
        assert [subject for subject, status in said.items() if status is FAIL] == [group]


def test_without_ipv6_its_parameters_do_not_count() -> None:
    values = {name: value for name, value in GOOD.items() if name.startswith("net.ipv4.")}

    assert parameters(values)["accept_ra"] is Status.NOT_APPLICABLE
    assert parameters(values)["accept_redirects"] is PASS


def test_a_parameter_that_cannot_be_read_is_unknown() -> None:
    values = {name: value for name, value in GOOD.items() if not name.endswith("log_martians")}

    assert parameters(values | WITH_IPV6)["log_martians"] is UNKNOWN


def test_policy_may_exempt_a_host_that_runs_docker() -> None:
    assert "ip_forward" not in parameters(GOOD | WITH_IPV6, exempt=("ip_forward",))


def test_services_that_run_or_would_start_are_named() -> None:
    found = services(real("debian12/systemctl-list-units.txt"), real("debian12/systemctl-list-unit-files.txt"))
    said = one(network.unneeded_services(found))

    assert said.status is FAIL
    assert said.measured == "dnsmasq, rpcbind, rpcbind.socket"


@pytest.mark.parametrize(
    ("unit", "status"),
    [
        (Unit("active", "static"), FAIL),
        (Unit("inactive", "enabled"), FAIL),
        (Unit("inactive", "disabled"), PASS),
        (Unit("inactive", "masked"), PASS),
    ],
)
def test_a_service_counts_when_it_runs_or_will(unit: Unit, status: Status) -> None:
    assert one(network.unneeded_services(Services({"cups.service": unit}))).status is status


def test_policy_says_what_is_unneeded() -> None:
    snmpd = Services({"snmpd.service": Unit("active", "enabled")})

    assert one(network.unneeded_services(snmpd)).status is FAIL
    assert one(network.unneeded_services(snmpd, unneeded=("cups",))).status is PASS


@pytest.mark.parametrize(
    ("guard", "status"),
    [
        (BruteForce(jails=("sshd",)), PASS),
        (BruteForce(faillock=True), PASS),
        (BruteForce(guards=("sshguard",)), PASS),
        (BruteForce(), FAIL),
    ],
)
def test_something_must_stop_those_who_guess(guard: BruteForce, status: Status) -> None:
    assert one(network.brute_force(guard)).status is status
