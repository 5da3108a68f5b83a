from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.hosts import usage
from agent.hosts.ssh import SshHost
from agent.hosts.ssh_files import FarFiles
from agent.hosts.ssh_sys import link_speeds, sensors
from agent.hosts.ssh_usage import READERS
from checks.fact import Missing
from checks.facts.boot import Boot
from checks.facts.filesystems import DiskActivity, Filesystems
from checks.facts.link_use import LinkSpeeds
from checks.facts.listeners import Listener, Listeners
from checks.facts.memory import Memory
from checks.facts.processes import ProcessTable
from checks.facts.processor import Processor
from checks.facts.sensors import Sensors, Temperature
from checks.source import Glob, Usage
from tests.agent.sshd import sshd


@pytest.fixture(scope="module")
def far(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SshHost]:
    with sshd(tmp_path_factory.mktemp("sshd")) as server:
        host = server.host()
        yield host
        host.connection.close()


def test_whatever_psutil_reads_locally_is_read_over_ssh() -> None:
    assert set(READERS) == set(usage._READERS) | set(usage._RATES)


def test_a_reading_that_nobody_knows_is_missing(far: SshHost) -> None:
    with pytest.raises(Missing, match="int: not over SSH"):
        far.read(Usage(int))


def test_what_does_not_change_is_the_same(far: SshHost) -> None:
    assert far.read(Usage(Boot)) == usage.read(Boot)
    assert far.read(Usage(LinkSpeeds)) == usage.read(LinkSpeeds)
    here, there = usage.read(Filesystems), far.read(Usage(Filesystems))
    assert isinstance(here, Filesystems)
    assert [(one.mount, one.device, one.kind, one.size, one.inodes, one.options) for one in there.filesystems] == [
        (one.mount, one.device, one.kind, one.size, one.inodes, one.options) for one in here.filesystems
    ]


def test_what_changes_is_near(far: SshHost) -> None:
    memory, here = far.read(Usage(Memory)), usage.read(Memory)
    assert isinstance(here, Memory)
    assert (memory.total, memory.swap_total) == (here.total, here.swap_total)
    assert abs(memory.available - here.available) < memory.total / 4
    processor = far.read(Usage(Processor))
    assert processor.cores == os.cpu_count()
    assert 0 <= processor.busy <= 1
    assert 0.1 < processor.window < 30
    activity = far.read(Usage(DiskActivity))
    assert all(0 <= disk.busy <= 1 for disk in activity.disks)


def test_processes_are_the_same_field_by_field(far: SshHost, tmp_path: Path) -> None:
    names = ["sleep", "a (b) c\nd"]
    for name in names[1:]:
        (tmp_path / name).symlink_to("/bin/sleep")
    started = [
        subprocess.Popen([tmp_path / names[1], "60"]), subprocess.Popen(["sleep", "60"]),
    ]  # fmt: skip
    try:
        here, there = usage.read(ProcessTable), far.read(Usage(ProcessTable))
        assert isinstance(here, ProcessTable)
        assert there.root == here.root
        ours = {process.pid for process in started}
        seen = {one.pid: one for one in there.processes}
        for one in here.processes:
            if one.pid in ours:
                assert seen[one.pid] == one
        assert ours <= set(seen)
        kept = [
            one for one in here.processes if one.pid in seen and one.parent != 2 and not one.name.startswith("sshd")
        ]
        assert sum(seen[one.pid].argv == one.argv and seen[one.pid].user == one.user for one in kept) >= 0.9 * len(kept)
    finally:
        for process in started:
            process.kill()
            process.wait()


def test_listeners_are_the_same_with_their_processes(far: SshHost) -> None:
    import socket

    with socket.socket(socket.AF_INET6) as six, socket.socket() as four, socket.socket(type=socket.SOCK_DGRAM) as udp:
        six.bind(("::1", 0))
        six.listen()
        four.bind(("127.0.0.1", 0))
        four.listen()
        udp.bind(("127.0.0.1", 0))
        here, there = usage.read(Listeners), far.read(Usage(Listeners))
        assert isinstance(here, Listeners)
        ours = {one.getsockname()[1] for one in (six, four, udp)}

        def mine(seen: Listeners) -> list[Listener]:
            return [one for one in seen.listeners if one.port in ours]

        assert mine(there) == mine(here)
        assert len(mine(there)) == 3


class Below(FarFiles):
    """The files below a tree instead of /, for what this machine has not."""

    def __init__(self, host: SshHost, root: Path) -> None:
        super().__init__(host.connection)
        object.__setattr__(self, "root", str(root))

    def matching(self, patterns: object, source: object) -> dict[str, bytes]:
        root: str = self.root  # type: ignore[attr-defined]
        found = super().matching([root + pattern for pattern in patterns], source)  # type: ignore[arg-type,attr-defined]
        return {path.removeprefix(root): content for path, content in found.items()}


def planted(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = root / name.lstrip("/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text + "\n")


def test_sensors_are_read_from_hwmon(far: SshHost, tmp_path: Path) -> None:
    """Values as the kernel's hwmon documentation has them; written by hand, for virtual machines have none."""
    chip, other = "/sys/class/hwmon/hwmon0", "/sys/class/hwmon/hwmon1/device"
    planted(
        tmp_path,
        {
            f"{chip}/name": "coretemp", f"{chip}/temp1_input": "45000", f"{chip}/temp1_max": "80000",
            f"{chip}/temp1_crit": "100000", f"{chip}/temp2_input": "61000", f"{chip}/temp2_crit": "100000",
            f"{chip}/temp3_input": "-128000", f"{other}/name": "nct6775", f"{other}/temp1_input": "30500",
            f"{other}/fan1_input": "900", f"{other}/fan2_input": "0",
        },
    )  # fmt: skip
    assert sensors(Below(far, tmp_path), Glob("/sys")) == Sensors(
        (Temperature("coretemp", 61.0, 100.0, 100.0), Temperature("nct6775", 30.5)), 2, 1
    )


def test_a_network_interface_without_a_speed_has_none(far: SshHost, tmp_path: Path) -> None:
    planted(
        tmp_path,
        {f"/sys/class/net/{name}": text for name, text in (
            ("eth0/flags", "0x1003"), ("eth0/operstate", "up"), ("eth0/speed", "1000"),
            ("eth1/flags", "0x1002"), ("eth1/operstate", "down"), ("eth1/speed", "-1"),
        )},
    )  # fmt: skip
    assert [(one.name, one.up, one.speed) for one in link_speeds(Below(far, tmp_path), Glob("/sys")).links] == [
        ("eth0", True, 1000), ("eth1", False, 0),
    ]  # fmt: skip
