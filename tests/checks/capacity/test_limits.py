from __future__ import annotations

from checks.capacity.limits import open_files
from checks.facts.open_files import OpenFiles, ServiceFiles
from checks.verdict import Status


def test_a_service_near_its_limit_fails_and_one_without_limit_passes() -> None:
    files = OpenFiles(
        (ServiceFiles("java", 1, 3400, 4096), ServiceFiles("postgresql", 9, 80, 1024), ServiceFiles("x", 1, 5000, 0))
    )

    assert [verdict.status for verdict in open_files(files)] == [Status.FAIL, Status.PASS, Status.PASS]  # type: ignore[union-attr]
