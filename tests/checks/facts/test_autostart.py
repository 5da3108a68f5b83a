from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given

from agent.hosts.local import LocalHost
from agent.survey import Survey
from checks.fact import Missing
from checks.facts.autostart import (
    VENDOR,
    AutostartPlaces,
    VendorUnits,
    autostart_places,
    find,
    vendor_units,
    with_dpkg,
    with_rpm,
)
from checks.facts.items import digest
from checks.source import Command, FileStat
from tests.checks.facts.fuzzing import gives_or_says_why, mixed
from tests.checks.real import real
from tests.checks.trees import plant

FOUND, DPKG = real("debian12/find-autostart.txt"), real("debian12/dpkg-lists-systemd.txt")
UNIT = "/usr/lib/systemd/system/miner.service"
SUM = "ab" * 32


def test_entries_stand_with_digest_or_target_and_packaged_units_are_left_out() -> None:
    found = with_dpkg(FOUND, DPKG)

    assert "/etc/crontab sha256:2da6929c30925df6d73cfc92293952ba" in found.items
    assert "/etc/systemd/system/multi-user.target.wants/cron.service -> /lib/systemd/system/cron.service" in found.items
    assert not [line for line in found.items if line.startswith(VENDOR[0])]
    assert FOUND.count(VENDOR[0]) > 300
    assert found.count == 74


@pytest.mark.parametrize(
    "line",
    [
        f"{SUM}  /etc/cron.d/system-update",
        f"{SUM}  /var/spool/cron/crontabs/www-data",
        f"{SUM}  {UNIT}",
        "link /etc/systemd/system/multi-user.target.wants/miner.service///usr/lib/systemd/system/miner.service",
        f"link {VENDOR[0]}/multi-user.target.wants/miner.service//../miner.service",
        f"link {VENDOR[0]}/cron.service -> x//y",
        "large 4194304 2026-11-23+03:00:00 /etc/rc.local",
    ],
)
def test_one_entry_more_is_one_item_more(line: str) -> None:
    before, after = with_dpkg(FOUND, DPKG), with_dpkg(FOUND + line + "\n", DPKG)

    (new,) = set(after.items) - set(before.items)
    path = next(word for word in line.split(" ") if word.startswith("/")).partition("//")[0]
    assert new.startswith(path)


def test_a_packaged_unit_counts_whether_the_list_writes_lib_or_usr_lib() -> None:
    lists = f"/lib/systemd/system/a.service\n{VENDOR[0]}/b.service\n"
    found = with_dpkg(f"{SUM}  {VENDOR[0]}/a.service\n{SUM}  /lib/systemd/system/b.service\n{SUM}  {UNIT}\n", lists)

    assert [line.split()[0] for line in found.items] == [UNIT]


def test_rpm_says_which_units_no_package_owns() -> None:
    printed = f"{SUM}  /etc/crontab\n{SUM}  {UNIT}\n{SUM}  {VENDOR[0]}/crond.service\n"
    owners = real("linux/rpm-qf.txt") + f"file {UNIT} is not owned by any package\n"

    assert [line.split()[0] for line in with_rpm(printed, owners).items] == ["/etc/crontab", UNIT]


@pytest.mark.parametrize("owners", ["", "command not found", f"file {UNIT} is not owned by any package\n"])
def test_rpm_that_knows_nothing_is_missing(owners: str) -> None:
    with pytest.raises(Missing):
        with_rpm(FOUND, owners)


@pytest.mark.parametrize(("found", "lists"), [("", DPKG), ("nonsense\n", DPKG), (FOUND, ""), (FOUND, "/etc/systemd/x")])
def test_what_makes_no_sense_is_missing(found: str, lists: str) -> None:
    with pytest.raises(Missing):
        with_dpkg(found, lists)


def test_find_reads_real_folders_two_deep_and_opens_no_fifo(tmp_path: Path) -> None:
    job, drop_in = "* * * * * root /bin/true\n", "[Service]\n"
    plant(tmp_path, "/cron.d/job", job)
    plant(tmp_path, "/cron.d/.placeholder", "x")
    plant(tmp_path, "/system/a.service.d/b.conf", drop_in)
    (tmp_path / "system/masked.service").symlink_to("/dev/null")
    os.mkfifo(tmp_path / "system/pipe")
    source = find(AutostartPlaces((str(tmp_path / "cron.d"), str(tmp_path / "system"))))
    assert isinstance(source, Command)

    found = with_dpkg(LocalHost().read(source), DPKG)

    assert [line.removeprefix(f"{tmp_path}/") for line in found.items] == [
        f"cron.d/job {digest(job)}",
        f"system/a.service.d/b.conf {digest(drop_in)}",
        "system/masked.service -> /dev/null",
    ]


def test_places_are_found_below_a_root_and_a_linked_vendor_folder_counts_once(tmp_path: Path) -> None:
    for path in ("/etc/crontab", "/etc/systemd/system/x", "/usr/lib/systemd/system/cron.service",
                 "/home/andi/.config/systemd/user/x.service"):  # fmt: skip
        plant(tmp_path, path)
    (tmp_path / "lib").symlink_to("usr/lib")
    seen = Survey(LocalHost(str(tmp_path))).outcome(AutostartPlaces)

    assert isinstance(seen.fact, AutostartPlaces)
    assert set(seen.fact.paths) == {"/etc/crontab", "/etc/systemd/system", VENDOR[0], "/home/andi/.config/systemd/user"}


def test_where_nothing_is_a_file_or_folder_find_is_not_asked() -> None:
    odd = (FileStat("/etc/crontab", "other", 0, 0, 0, 0, 0.0),)
    with pytest.raises(Missing):
        find(autostart_places(odd))
    assert vendor_units(odd) == VendorUnits(())


@given(mixed(f"{SUM}  /etc/crontab\n", "link /a//", "large 1 2 /b", "\n", "\\"))
def test_any_text_gives_the_fact_or_says_why_not(text: str) -> None:
    gives_or_says_why(with_dpkg, text, DPKG)
    gives_or_says_why(with_dpkg, FOUND, text)
    gives_or_says_why(with_rpm, text, "a-1-1.noarch\n")
    gives_or_says_why(with_rpm, FOUND, text)
