from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

import pytest

from checks.availability import services
from checks.facts.boot import Boot
from checks.facts.boot_history import BootHistory, Start, recorded
from checks.facts.processes import ProcessTable
from checks.facts.rc_local import RcLocal
from checks.facts.reverse_proxy import ReverseProxy
from checks.facts.service_units import ServiceUnits, Unit, service_units
from checks.facts.spse_process import SpseProcess, SpseProcesses
from checks.text import words
from checks.verdict import Status, Verdict
from tests.checks.real import NOW, real

SPSE = SpseProcesses((SpseProcess(5, "appserv", "/home/appserv/spse/webapp"),))
MONTH = Boot(NOW - timedelta(days=30), "6.1.0")


def one(said: Verdict | Iterable[Verdict]) -> Verdict:
    assert isinstance(said, Verdict)
    return said


def statuses(verdicts: Verdict | Iterable[Verdict]) -> dict[str, Status]:
    assert not isinstance(verdicts, Verdict)
    return {verdict.subject: verdict.status for verdict in verdicts}


def unit(name: str, file_state: str = "enabled", **more: object) -> Unit:
    return Unit(name, "active", "running", file_state, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("proxy", "status"),
    [
        (ReverseProxy(("nginx",)), Status.PASS),
        (ReverseProxy((), ("httpd",)), Status.FAIL),
        (ReverseProxy((), (), ("nginx",)), Status.NOT_APPLICABLE),
    ],
)
def test_a_proxy_that_should_run_must(proxy: ReverseProxy, status: Status) -> None:
    assert one(services.reverse_proxy(proxy)).status is status


@pytest.mark.parametrize(
    ("hours", "clean", "status"),
    [
        (2, False, Status.FAIL),
        (2, True, Status.PASS),
        (2, None, Status.WARN),
        (48, False, Status.PASS),
        (48, True, Status.PASS),
    ],
)
def test_only_a_recent_start_without_a_shutdown_fails(hours: int, clean: bool | None, status: Status) -> None:
    at = NOW - timedelta(hours=hours)

    assert one(services.reboot(BootHistory((Start(at, clean),)), Boot(at, "6.1.0"), NOW)).status is status


def test_one_start_that_nobody_explains_beside_a_clean_one_warns() -> None:
    starts = (Start(NOW - timedelta(hours=1), clean=True), Start(NOW - timedelta(hours=3)))

    assert one(services.reboot(BootHistory(starts), Boot(starts[0].at, "6.1"), NOW)).status is Status.WARN


def test_a_container_is_judged_by_its_own_start() -> None:
    machine, own = Boot(NOW - timedelta(days=40), "6.1"), NOW - timedelta(hours=2)
    young = one(services.reboot(BootHistory((Start(own),), own), machine, NOW))
    old = one(services.reboot(BootHistory((Start(NOW - timedelta(days=30)),), NOW - timedelta(days=30)), machine, NOW))

    assert (young.status, young.value, old.status) == (Status.WARN, 2.0, Status.PASS)
    assert words(young.measured, "en") == "this container was started 2 hours ago"


def test_the_crash_of_a_real_host_fails() -> None:
    history = recorded(real("debian12/last-crash.txt"), ProcessTable(()))
    verdict = one(
        services.reboot(history, Boot(history.starts[0].at, "6.1"), history.starts[0].at + timedelta(hours=1))
    )

    assert verdict.status is Status.FAIL


def test_debian_12_as_installed_starts_everything_at_boot() -> None:
    units = service_units(real("debian12/systemctl-show-units.txt"))

    assert set(statuses(services.start_at_boot(units, None, SPSE)).values()) == {Status.PASS}


def test_a_service_that_was_only_started_by_hand_fails() -> None:
    units = service_units(
        real("debian12/systemctl-show-units.txt").replace("UnitFileState=enabled\n", "UnitFileState=disabled\n")
    )

    found = statuses(services.start_at_boot(units, None, None))

    assert found["nginx.service"] is Status.FAIL
    assert found["postgresql.service"] is Status.FAIL
    assert "nftables.service" not in found  # it does not run


def test_ssh_started_by_its_socket_and_a_proxy_started_by_rc_local_pass() -> None:
    units = ServiceUnits((unit("httpd.service", "disabled"), unit("ssh.service", "disabled"), unit("ssh.socket")))

    assert set(statuses(services.start_at_boot(units, RcLocal(True, ("proxy",)), None)).values()) == {Status.PASS}
    assert statuses(services.start_at_boot(units, None, None))["httpd.service"] is Status.FAIL


@pytest.mark.parametrize(
    ("local", "status"),
    [
        (RcLocal(True, ("spse",)), Status.PASS),
        (RcLocal(False, ("spse",)), Status.FAIL),
        (RcLocal(True, ()), Status.WARN),
        (None, Status.WARN),
    ],
)
def test_spse_that_runs_must_come_back(local: RcLocal | None, status: Status) -> None:
    assert statuses(services.start_at_boot(None, local, SPSE)) == {"SPSE": status}


def test_a_process_that_anyone_could_have_started_need_not_come_back() -> None:
    fake = SpseProcesses((SpseProcess(66, "nobody", "/tmp/evil", "/usr/bin/java", confirmed=False),))

    assert statuses(services.start_at_boot(None, None, fake)) == {"SPSE": Status.UNKNOWN}


def test_a_host_of_something_else_is_not_judged() -> None:
    assert statuses(services.start_at_boot(None, None, None)) == {"": Status.NOT_APPLICABLE}
    assert statuses(services.restarts(ServiceUnits((Unit("a", "inactive"),)), MONTH, NOW)) == {
        "": Status.NOT_APPLICABLE
    }


@pytest.mark.parametrize(
    ("seen", "status"),
    [
        (unit("spse.service", restarts=0, active_since=100.0), Status.PASS),
        (unit("spse.service", restarts=10, active_since=30 * 86400 - 60.0), Status.FAIL),
        (unit("spse.service", restarts=10, active_since=30 * 86400 - 7200.0), Status.WARN),
        (unit("spse.service", restarts=1, active_since=30 * 86400 - 60.0), Status.WARN),
        (unit("spse.service", restarts=10, active_since=100.0), Status.PASS),
        (Unit("spse.service", "failed", "failed", "enabled", 5, "start-limit-hit"), Status.FAIL),
        (Unit("spse.service", "activating", "auto-restart", "enabled", 5, "exit-code"), Status.FAIL),
    ],
)
def test_restarts_count_while_they_are_recent(seen: Unit, status: Status) -> None:
    assert statuses(services.restarts(ServiceUnits((seen,)), MONTH, NOW)) == {"spse.service": status}


def test_a_real_unit_that_dies_every_second_is_found() -> None:
    units = service_units(real("debian12/systemctl-show-restarting.txt"))
    boot = Boot(NOW - timedelta(seconds=1920), "6.18")

    found = statuses(services.restarts(units, boot, NOW))

    assert found.pop("spse.service") is Status.FAIL
    assert set(found.values()) == {Status.PASS}
