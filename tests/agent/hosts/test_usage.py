from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import psutil
import pytest

from agent.hosts import usage
from agent.hosts.local import LocalHost
from checks.fact import Absent, Missing, Unread
from checks.facts.boot import Boot
from checks.facts.filesystems import DiskActivity, Filesystems
from checks.facts.link_use import LinkSpeed, LinkSpeeds
from checks.facts.listeners import Listeners
from checks.facts.memory import Memory
from checks.facts.processes import ProcessTable
from checks.facts.processor import Processor
from checks.source import Usage
from tests.agent.as_nobody import as_nobody


@pytest.mark.parametrize("kind", [*usage._READERS, *usage._RATES], ids=lambda kind: kind.__name__)
def test_every_reading_is_of_its_own_kind_and_can_be_encoded(kind: type[object]) -> None:
    try:
        reading = usage.read(kind)
    except Absent:
        return
    assert isinstance(reading, kind)
    msgspec.json.encode(reading)


@pytest.mark.parametrize("kind", [*usage._READERS, *usage._RATES], ids=lambda kind: kind.__name__)
def test_every_reading_without_privilege_is_a_reading_or_a_reason(kind: type[object]) -> None:
    def work() -> str:
        try:
            return type(usage.read(kind)).__name__
        except Unread as error:
            return f"reason {error}"

    said = as_nobody(work)
    assert said == kind.__name__ or len(said) > len("reason ")


def test_a_kind_nobody_reads_is_missing() -> None:
    with pytest.raises(Missing, match="no reading Path"):
        usage.read(Path)


def test_the_processor_is_busy_between_none_and_all_and_so_is_its_waiting() -> None:
    reading = usage.read(Processor)
    assert isinstance(reading, Processor)
    assert reading.cores == os.cpu_count()
    assert 0 <= reading.busy <= 1
    assert 0 <= reading.iowait <= 1
    assert reading.window >= usage.WINDOW


def test_the_first_reading_of_a_rate_is_a_short_sample_and_the_next_reaches_back_to_it() -> None:
    counters = usage.Counters()
    first = usage.read(Processor, counters)
    time.sleep(1.2)
    start = time.monotonic()
    second = usage.read(Processor, counters)

    assert isinstance(first, Processor)
    assert isinstance(second, Processor)
    assert first.window < 1 < second.window
    assert time.monotonic() - start < usage.WINDOW  # nothing is left to wait for


def test_a_peak_between_two_readings_counts_although_neither_saw_it() -> None:
    counters = usage.Counters()
    usage.read(Processor, counters)
    workers = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(os.cpu_count() or 1)]
    time.sleep(1.5)
    for worker in workers:
        worker.kill()
        worker.wait()
    time.sleep(0.3)
    reading = usage.read(Processor, counters)

    assert isinstance(reading, Processor)
    assert reading.busy > 0.5


def test_readings_that_follow_at_once_wait_for_their_window() -> None:
    counters = usage.Counters()
    usage.read(Processor, counters)
    reading = usage.read(Processor, counters)

    assert isinstance(reading, Processor)
    assert reading.window >= usage.WINDOW


def test_one_host_keeps_its_counters_from_survey_to_survey() -> None:
    host = LocalHost()
    host.read(Usage(Processor))
    time.sleep(1.2)

    assert host.read(Usage(Processor)).window > 1
    assert LocalHost().read(Usage(Processor)).window < 1


def test_memory_and_boot_agree_with_the_kernel() -> None:
    memory, boot = usage.read(Memory), usage.read(Boot)
    assert isinstance(memory, Memory)
    assert isinstance(boot, Boot)
    total = next(line for line in Path("/proc/meminfo").read_text().splitlines() if line.startswith("MemTotal"))
    assert memory.total == int(total.split()[1]) * 1024
    assert 0 < memory.available <= memory.total
    assert boot.at < datetime.now(UTC)
    assert boot.kernel == os.uname().release


def test_the_file_system_of_the_root_is_seen_once_and_pseudo_ones_are_not() -> None:
    reading = usage.read(Filesystems)
    assert isinstance(reading, Filesystems)
    mounts = [one.mount for one in reading.filesystems]
    assert len(mounts) == len(set(mounts))
    assert not {"/proc", "/sys", "/dev"} & set(mounts)


def test_disk_activity_never_counts_backwards() -> None:
    try:
        reading = usage.read(DiskActivity)
    except Absent:
        pytest.skip("the kernel counts no disks here")
    assert isinstance(reading, DiskActivity)
    assert all(0 <= one.busy <= 1 and one.wait >= 0 and one.operations >= 0 for one in reading.disks)


def test_loopback_is_up_and_has_no_speed_of_its_own() -> None:
    reading = usage.read(LinkSpeeds)
    assert isinstance(reading, LinkSpeeds)
    assert LinkSpeed("lo", True, 0) in reading.links


def test_a_listening_port_is_seen_with_its_process() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        reading = usage.read(Listeners)
        assert isinstance(reading, Listeners)
        port = server.getsockname()[1]
        mine = [one for one in reading.listeners if one.port == port and one.protocol == "tcp"]
    assert [(one.address, one.process) for one in mine] == [("127.0.0.1", psutil.Process().name())]


def test_a_process_with_a_hostile_name_is_seen_and_can_be_encoded(tmp_path: Path) -> None:
    name = os.fsdecode(b"kworker\xff\xfe")
    (tmp_path / name).symlink_to(sys.executable)
    child = subprocess.Popen([tmp_path / name, "-c", "import time; time.sleep(60)", os.fsdecode(b"\x1b[2J\xff")])
    try:
        time.sleep(0.2)
        reading = usage.read(ProcessTable)
        assert isinstance(reading, ProcessTable)
        seen = next(one for one in reading.processes if one.pid == child.pid)
        assert seen.argv[-1] == "\x1b[2J�"
        msgspec.json.encode(reading)
    finally:
        child.kill()
        child.wait()


def test_a_process_whose_program_was_deleted_is_seen_as_such(tmp_path: Path) -> None:
    copy = tmp_path / "miner"
    copy.write_bytes(Path("/bin/sleep").read_bytes())
    copy.chmod(0o755)
    child = subprocess.Popen([copy, "60"])
    try:
        time.sleep(0.1)
        copy.unlink()
        reading = usage.read(ProcessTable)
        assert isinstance(reading, ProcessTable)
        seen = next(one for one in reading.processes if one.pid == child.pid)
        assert (seen.exe, seen.deleted) == (str(copy), True)
    finally:
        child.kill()
        child.wait()
