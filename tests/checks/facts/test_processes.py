from __future__ import annotations

import os
import resource
import subprocess
import time
from pathlib import Path

import pytest

from agent.hosts.local import LocalHost
from checks.catalogue import catalogue
from checks.fact import Missing, recipes
from checks.facts.processes import PROCESSES


def test_this_process_is_in_the_table_with_its_parent_and_command_line() -> None:
    me = next(one for one in LocalHost().read(PROCESSES).processes if one.pid == os.getpid())

    assert me.parent == os.getppid()
    assert me.exe == os.path.realpath("/proc/self/exe")
    assert list(me.argv) == Path("/proc/self/cmdline").read_text().split("\0")[:-1]
    assert not me.deleted
    assert me.started <= time.time()


def test_open_files_are_counted_of_services_only(tmp_path: Path) -> None:
    java = tmp_path / "java"
    java.write_bytes(Path("/bin/sleep").read_bytes())
    java.chmod(0o755)
    child = subprocess.Popen([java, "60"])
    try:
        time.sleep(0.1)
        seen = {one.pid: one for one in LocalHost().read(PROCESSES).processes}
    finally:
        child.kill()
        child.wait()

    assert (seen[child.pid].files or 0) >= 3
    assert seen[child.pid].file_limit == resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    assert (seen[os.getpid()].files, seen[os.getpid()].file_limit) == (None, None)


def test_a_mounted_image_has_no_processes(tmp_path: Path) -> None:
    with pytest.raises(Missing):
        LocalHost(str(tmp_path)).read(PROCESSES)


def test_the_table_is_raw_material_and_never_a_fact_that_is_sent() -> None:
    assert all(fact.__module__ != "checks.facts.processes" for fact in catalogue().facts.values())
    takers = {
        recipe.fact.__name__ for fact in catalogue().facts.values() for recipe in recipes(fact) if PROCESSES in recipe.sources
    }  # fmt: skip
    assert {"SpseProcesses", "SuspiciousProcesses", "OpenFiles", "ReverseProxy"} <= takers
