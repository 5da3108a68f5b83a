from __future__ import annotations

from datetime import timedelta

import pytest

from checks.facts.preload import ForeignModules, Preload
from checks.facts.rootkit_scan import RootkitScan
from checks.facts.suspicious_processes import SuspiciousProcesses
from checks.security import intrusion
from checks.verdict import Status, Verdict
from tests.checks.real import NOW


def status(said: object) -> Status:
    assert isinstance(said, Verdict)
    return said.status


@pytest.mark.parametrize(
    ("processes", "expected"),
    [
        (SuspiciousProcesses(90), Status.PASS),
        (SuspiciousProcesses(90, outdated=("nginx (/usr/sbin/nginx)",)), Status.WARN),
        (SuspiciousProcesses(90, scripts=("perl (/tmp/a.pl)",)), Status.WARN),
        (SuspiciousProcesses(90, volatile=("x (/tmp/x)",)), Status.FAIL),
        (SuspiciousProcesses(90, hidden=40), Status.UNKNOWN),
        (SuspiciousProcesses(90, hidden=40, outdated=("nginx (/usr/sbin/nginx)",)), Status.UNKNOWN),
        (SuspiciousProcesses(90, hidden=40, volatile=("x (/tmp/x)",)), Status.FAIL),
    ],
)
def test_processes(processes: SuspiciousProcesses, expected: Status) -> None:
    assert status(intrusion.no_suspicious_process(processes)) is expected


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
