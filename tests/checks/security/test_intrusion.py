from __future__ import annotations

from datetime import timedelta

import pytest

from checks.facts.preload import ForeignModules, Preload
from checks.facts.rootkit_scan import RootkitScan
from checks.facts.suspicious_processes import Suspect, SuspiciousProcesses
from checks.security import intrusion
from checks.text import words
from checks.verdict import Status, Verdict
from tests.checks.real import NOW

MINER = Suspect(812, "spse", "/tmp/x", NOW - timedelta(hours=3), deleted=True, processes=4)
SCRIPT = Suspect(813, "www-data", "/tmp/a.pl", NOW - timedelta(minutes=5))
NGINX = Suspect(814, "root", "/usr/sbin/nginx", NOW - timedelta(days=40), deleted=True)
MEMORY = Suspect(815, "root", "/memfd:sealed", NOW - timedelta(seconds=30), deleted=True)


def status(said: object) -> Status:
    assert isinstance(said, Verdict)
    return said.status


@pytest.mark.parametrize(
    ("processes", "expected"),
    [
        (SuspiciousProcesses(90), Status.PASS),
        (SuspiciousProcesses(90, outdated=(NGINX,)), Status.WARN),
        (SuspiciousProcesses(90, scripts=(SCRIPT,)), Status.WARN),
        (SuspiciousProcesses(90, volatile=(MINER,)), Status.FAIL),
        (SuspiciousProcesses(90, hidden=40), Status.UNKNOWN),
        (SuspiciousProcesses(90, hidden=40, outdated=(NGINX,)), Status.UNKNOWN),
        (SuspiciousProcesses(90, hidden=40, volatile=(MINER,)), Status.FAIL),
    ],
)
def test_processes(processes: SuspiciousProcesses, expected: Status) -> None:
    assert status(intrusion.no_suspicious_process(processes, NOW)) is expected


@pytest.mark.parametrize(
    ("processes", "told"),
    [
        (SuspiciousProcesses(9, volatile=(MINER,)), "PID 812 (and 3 others) of spse, running for 3 h: /tmp/x, deleted"),
        (SuspiciousProcesses(9, volatile=(MEMORY,)), "PID 815 of root, running for 30 s: a program that exists in memory"),
        (SuspiciousProcesses(9, scripts=(SCRIPT,)), "PID 813 of www-data, running for 5 min: /tmp/a.pl"),
        (SuspiciousProcesses(9, outdated=(NGINX,)), "PID 814 of root, running for 40 days: /usr/sbin/nginx"),
        (SuspiciousProcesses(9, hidden=2), "run as root"),
        (SuspiciousProcesses(9, hidden=2, root=True), "not even root sees it"),
    ],
)  # fmt: skip
def test_what_was_found_is_named_with_process_user_and_age(processes: SuspiciousProcesses, told: str) -> None:
    said = intrusion.no_suspicious_process(processes, NOW)

    assert isinstance(said, Verdict)
    assert told in words(said.measured, "en")


def test_a_long_list_says_how_many_are_left_out() -> None:
    said = intrusion.no_suspicious_process(
        SuspiciousProcesses(9, volatile=tuple(Suspect(n, "a", f"/tmp/{n}", NOW) for n in range(8))), NOW
    )

    assert isinstance(said, Verdict)
    assert words(said.measured, "id").endswith("dan 3 lainnya")


def test_a_preloaded_library_fails_and_a_foreign_module_warns() -> None:
    nothing = ForeignModules()
    hide = ForeignModules(("hide (OE)",))

    assert status(intrusion.nothing_preloaded(Preload(), nothing)) is Status.PASS
    assert status(intrusion.nothing_preloaded(Preload(), None)) is Status.PASS
    assert status(intrusion.nothing_preloaded(Preload(("/lib/x.so",)), nothing)) is Status.FAIL
    assert status(intrusion.nothing_preloaded(Preload(), hide)) is Status.WARN


def test_policy_may_list_libraries_and_modules_that_are_known() -> None:
    preload, modules = Preload(("/lib/x.so",)), ForeignModules(("vmw (OE)",))

    assert (
        status(intrusion.nothing_preloaded(preload, modules, libraries=("/lib/x.so",), known_modules=("vmw",)))
        is Status.PASS
    )


@pytest.mark.parametrize(
    ("days", "rootkits", "warnings", "expected"),
    [
        (1, 0, 0, Status.PASS),
        (1, 0, 3, Status.WARN),
        (1, 1, 0, Status.FAIL),
        (8, 0, 0, Status.FAIL),
    ],
)
def test_a_scan_must_be_recent_and_clean(days: int, rootkits: int, warnings: int, expected: Status) -> None:
    scan = RootkitScan("rkhunter", NOW - timedelta(days=days), rootkits, warnings)

    assert status(intrusion.rootkit_scan(scan, NOW)) is expected
