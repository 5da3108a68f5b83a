from __future__ import annotations

import pytest

from checks.fact import Absent, Missing
from checks.facts.open_files import open_files
from checks.facts.processes import Process, ProcessTable

INIT = Process(1, 0, "systemd", "root", "/usr/lib/systemd/systemd", False, ("/sbin/init",), 0.0, 50, 1024)


def process(pid: int, name: str, files: int | None, limit: int | None) -> Process:
    return Process(pid, 1, name, "appserv", f"/usr/bin/{name}", False, (name,), 0.0, files, limit)


def test_each_service_is_told_by_its_process_nearest_to_the_limit() -> None:
    table = ProcessTable(
        (INIT, process(2, "postgres", 20, 1024), process(3, "postgres", 900, 1024), process(4, "java", 5, -1))
    )

    java, postgres = open_files(table).services

    assert (java.service, java.limit, java.share) == ("java", 0, 0.0)
    assert (postgres.service, postgres.processes, postgres.files) == ("postgresql", 2, 900)


def test_what_an_ordinary_user_may_not_see_is_missing() -> None:
    with pytest.raises(Missing, match="root"):
        open_files(ProcessTable((INIT, process(2, "java", None, None))))


def test_one_that_ended_meanwhile_does_not_hide_the_others_of_its_service_from_root() -> None:
    seen, gone = process(2, "postgres", 20, 1024), process(3, "postgres", None, None)

    (postgres,) = open_files(ProcessTable((INIT, seen, gone), root=True)).services
    assert (postgres.processes, postgres.files) == (1, 20)
    with pytest.raises(Missing, match="java cannot be seen"):
        open_files(ProcessTable((INIT, seen, process(4, "java", None, None)), root=True))
    with pytest.raises(Missing, match="postgres cannot be seen"):
        open_files(ProcessTable((INIT, seen, gone)))


def test_a_process_table_without_process_1_is_missing() -> None:
    with pytest.raises(Missing, match="hidden"):
        open_files(ProcessTable((process(2, "bash", 4, 1024),)))


def test_a_host_without_java_and_postgres_is_absent() -> None:
    with pytest.raises(Absent):
        open_files(ProcessTable((INIT,)))


def test_root_is_not_told_to_become_root() -> None:
    hidden = (INIT, process(2, "java", None, None))

    with pytest.raises(Missing, match="run as root"):
        open_files(ProcessTable(hidden))
    with pytest.raises(Missing, match="not even root sees it"):
        open_files(ProcessTable(hidden, root=True))
