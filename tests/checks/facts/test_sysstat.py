from __future__ import annotations

import os
import subprocess
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.hosts import commands
from checks.fact import Absent, Missing
from checks.facts.sysstat import (
    FOLDERS,
    SPACE,
    TRAFFIC,
    SysstatArchives,
    space,
    sysstat_archives,
    traffic,
)
from checks.source import Command, FileStat
from tests.checks.facts.fuzzing import mixed
from tests.checks.real import real

SADC = "/usr/lib/sysstat/sadc"
NOW = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
NETWORK = "# hostname;interval;timestamp;IFACE;rxpck/s;txpck/s;rxkB/s;txkB/s;rxcmp/s;txcmp/s;rxmcst/s;%ifutil\n"


def test_used_bytes_of_each_device_on_debian_12() -> None:
    found = space(real("debian12/sadf-filesystems.txt"), NOW)
    assert set(found) == {"/dev/vda", "/dev/loop0"}
    assert [used / (1 << 20) for _, used in found["/dev/vda"]] == [30862, 30872, 30875, 30876]
    assert found["/dev/vda"][0][0] == datetime(2026, 11, 23, 16, 22, 23, tzinfo=UTC).timestamp()


def test_traffic_of_each_interface_on_debian_12_and_on_el() -> None:
    assert set(traffic(real("debian12/sadf-network.txt"), NOW)) == {"lo", "ifb0", "ifb1", "eth0"}
    at = datetime(2016, 2, 8, 15, 20, 1, tzinfo=UTC)
    found = traffic(real("el/sadf-network.txt"), at + timedelta(hours=1))
    assert found["eth0"] == [(at.timestamp(), 595, pytest.approx(0.46 * 8192), pytest.approx(2.06 * 8192))]


def test_restarts_and_other_sections_are_passed_over() -> None:
    text = (
        NETWORK + "vm;-1;2026-11-23 16:00:01 UTC;LINUX-RESTART\t(2 CPU)\nvm;-1;2026-11-23 16:00:02 UTC;COM a note\n"
        "# hostname;interval;timestamp;CPU;%user\nvm;600;2026-11-23 16:10:01 UTC;-1;0.60\n"
        + NETWORK + "vm;600;2026-11-23 16:10:01 UTC;eth0;1.00;1.00;2.00;4.00;0.00;0.00;0.00;0.00\n"
    )  # fmt: skip
    ((_, length, came, went),) = traffic(text, NOW)["eth0"]
    assert (length, came, went) == (600, 16384.0, 32768.0)


def test_archives_that_ended_days_ago_say_nothing_of_today() -> None:
    with pytest.raises(Missing, match="ended some days ago"):
        space(real("debian12/sadf-filesystems.txt"), NOW + timedelta(days=3))


def test_records_of_a_time_to_come_say_nothing() -> None:
    with pytest.raises(Missing, match="does not record"):
        space(real("debian12/sadf-filesystems.txt"), NOW - timedelta(days=3))


def test_without_file_systems_in_it_the_remedy_is_said() -> None:
    with pytest.raises(Missing, match="XDISK"):
        space("# hostname;interval;timestamp;FILESYSTEM;MBfsfree;MBfsused;%fsused;%ufsused;Ifree;Iused;%Iused\n", NOW)


@pytest.mark.parametrize("numbers", ["1;1;nan;1", "1;1;-3.00;1", "1", "1;1;1e9;1"])
def test_numbers_that_make_no_sense_are_missing(numbers: str) -> None:
    with pytest.raises(Missing):
        traffic(f"{NETWORK}vm;600;2026-11-23 16:10:01 UTC;eth0;{numbers}\n", NOW)


@given(
    mixed(NETWORK, "\n", "vm;600;", "2026-11-23 16:10:01 UTC;", "eth0;", "1.00;", "9" * 30 + ";"),
    st.datetimes(datetime(1971, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),
)
def test_any_text_gives_records_or_a_reason(printed: str, now: datetime) -> None:
    for read in (space, traffic):
        with suppress(Missing):
            assert read(printed, now)


def test_where_there_is_no_folder_of_it_sysstat_is_absent() -> None:
    def stat(kind: str) -> FileStat:
        return FileStat(FOLDERS[1], kind, 0o755, 0, 0, 0, 0.0)

    assert sysstat_archives((stat("directory"),)) == SysstatArchives((FOLDERS[1],))
    with pytest.raises(Absent):
        sysstat_archives((stat("file"),))


@pytest.mark.skipif(not os.access(SADC, os.X_OK), reason="sysstat is not installed")
def test_real_archives_are_read_and_old_strange_and_packed_ones_passed_over(tmp_path: Path) -> None:
    subprocess.run([SADC, "-F", "1", "3", str(tmp_path / "sa23")], check=True, env={"LC_ALL": "C"})
    (tmp_path / "sa22").write_bytes(b"not an archive\n" * 100)
    (tmp_path / "sa21.xz").write_bytes(b"x")
    (tmp_path / "sa01").write_bytes((tmp_path / "sa23").read_bytes())
    os.utime(tmp_path / "sa01", (0, time.time() - 40 * 86400))
    made = TRAFFIC.make(SysstatArchives((str(tmp_path), str(tmp_path / "gone"))))
    assert isinstance(made, Command)

    found = traffic(commands.run(made), datetime.now(UTC))

    assert len(found["lo"]) == 2
    assert {length for _, length, _, _ in found["lo"]} == {1}
    room = SPACE.make(SysstatArchives((str(tmp_path),)))
    assert isinstance(room, Command)
    with pytest.raises(Missing, match="XDISK"):  # what sysstat records unless it is told to record more
        space(commands.run(room), datetime.now(UTC))
