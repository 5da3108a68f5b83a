from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import pytest

from checks.fact import Fact, name_of, target_of
from checks.facts.config_backup import ConfigBackup
from checks.facts.discovered import Copy, Held, Machine, Program, Release
from checks.facts.document_store import DocumentFolders
from checks.facts.firmware import Firmware
from checks.facts.memory import Memory
from checks.facts.os_release import OsRelease
from checks.facts.postgres_settings import PgSettings
from checks.facts.spse_release import SpseReleases
from checks.target import Target
from collector.surveillance.state import Held as Told
from collector.surveillance.state import State
from collector.surveillance.survey.discovery import SURVEYED, backups, hardware, releases, software

NOW = datetime(2026, 11, 23, tzinfo=UTC)


def state(*facts: Fact, reports: int = 1, **held: Told) -> State:
    told = {name_of(type(fact)): Told(NOW, 1, msgspec.json.encode(fact)) for fact in facts}
    return State(held={**told, **held}, heard_at=NOW, reports=reports)


def test_a_server_that_told_part_of_its_hardware_has_a_row_with_the_rest_unknown() -> None:
    told = hardware({"spse2": State(heard_at=NOW), "spse1": state(Memory(8, 4, 0, 0))})
    assert told is not None
    assert told.rows == (Machine("spse1", memory=8),)


def test_what_no_server_told_is_none_and_never_an_empty_list() -> None:
    mute = {"spse1": State(heard_at=NOW), "spse2": State()}
    assert [one(mute) for one in (hardware, software, backups, releases)] == [None] * 4


def test_each_program_stands_once_for_each_version() -> None:
    facts = OsRelease("debian", "12"), PgSettings({"server_version": "15.4"}), SpseReleases(("4.5", "4.5", ""))
    told = software({"spse1": state(*facts)})
    assert told is not None
    assert told.rows == tuple(
        Program("spse1", *one) for one in (("debian", "12"), ("postgresql", "15.4"), ("spse", "4.5"), ("spse", ""))
    )


def test_a_server_that_says_it_has_no_backups_makes_an_empty_list() -> None:
    told = backups({"spse1": state(DocumentFolders(("/home/file",)), backups=Told(NOW, 1, absent="none"))})
    assert told is not None
    assert (told.rows, told.data) == ((), (Held("spse1", "documents", "/home/file"),))
    assert [one.kind for one in told.told] == ["database", "documents"]


def test_a_server_that_could_not_look_tells_of_no_kind() -> None:
    told = backups({"spse1": state(backups=Told(NOW, 1, missing="no permission"))})
    assert told is not None
    assert told.told == ()


def test_only_servers_that_were_heard_have_a_release_even_one_without_spse() -> None:
    told = releases({"spse1": state(SpseReleases(("", "4.5"))), "spse2": state(), "new": state(reports=0)})
    assert told is not None
    assert told.rows == (Release("spse1", NOW, "4.5"), Release("spse2", NOW))


def test_a_fact_of_an_earlier_release_counts_as_not_told() -> None:
    assert hardware({"spse1": state(memory=Told(NOW, 1, b'{"bytes":1}'))}) is None


@pytest.mark.parametrize("fact", SURVEYED, ids=name_of)
def test_all_that_is_taken_is_told_by_servers(fact: type[Fact]) -> None:
    assert target_of(fact) is Target.SERVER


def test_firmware_brings_the_serial() -> None:
    told = hardware({"spse1": state(Firmware(NOW.date(), virtual=False, serial="ABC123"))})
    assert told is not None
    assert told.rows[0].serial == "ABC123"
    assert Copy("spse1", "database", "epns-#", NOW).kind == "database"


@pytest.mark.parametrize("newest", [1e300, -1e300, 1e18, -1.0])
def test_a_number_that_is_no_time_does_not_end_the_survey(newest: float) -> None:
    told = backups({"spse1": state(ConfigBackup(newest, False, None, None, ""))})
    assert told is not None
    assert len(told.rows) == 1
