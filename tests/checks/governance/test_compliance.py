from __future__ import annotations

from datetime import date, timedelta

import msgspec
import pytest

from checks.evaluate import evaluate
from checks.fact import Snapshot
from checks.facts.asset_registers import Licence, SoftwareAsset, SoftwareAssets
from checks.facts.compliance_registers import (
    Agreement,
    DataLocation,
    DataLocations,
    Located,
    PolicyRegister,
    Rule,
    RuleKind,
    SlaRegister,
)
from checks.facts.discovered import DiscoveredSoftware, Program
from checks.facts.enrolled_agents import EnrolledAgents, RegisteredServer
from checks.governance.compliance import agreement_with_lkpp, licences, located_in_the_country, policies
from checks.text import words
from checks.verdict import Status, Verdict
from tests.checks.real import NOW

TODAY = date(2026, 11, 23)


def day(days: int) -> date:
    return TODAY + timedelta(days=days)


# Licences

POSTGRES = SoftwareAsset(code="PL-1", name="PostgreSQL", program="postgresql", version="16", licence=Licence.OPEN)
BOUGHT = SoftwareAsset(
    code="PL-2",
    name="Antivirus",
    program="antivirus",
    licence=Licence.SUBSCRIPTION,
    licence_number="A-1",
    valid_until=TODAY,
)
FOUND = (Program("lpse01", "postgresql", "16.3"),)


def licensed(*rows: SoftwareAsset, found: tuple[Program, ...] = FOUND) -> Verdict:
    said = licences(SoftwareAssets(rows), DiscoveredSoftware(found), NOW)
    assert isinstance(said, Verdict)
    return said


def test_registered_software_with_licences_in_force_passes() -> None:
    assert licensed(POSTGRES, BOUGHT).status is Status.PASS


@pytest.mark.parametrize(
    ("row", "measured"),
    [
        ({"program": "mysql"}, "postgresql 16.3 (lpse01) is not registered"),
        ({"host": "lpse02"}, "postgresql 16.3 (lpse01) is not registered"),
        ({"version": "1"}, "postgresql 16.3 (lpse01) is registered as version 1"),
        ({"version": "16.4"}, "postgresql 16.3 (lpse01) is registered as version 16.4"),
        ({"licence": None}, "PL-1 PostgreSQL names no kind of licence"),
        ({"licence": Licence.BOUGHT}, "PL-1 PostgreSQL has no licence number"),
        ({"valid_until": day(-1)}, "PL-1 PostgreSQL licence ended 2026-11-22"),
    ],
)
def test_software_that_is_not_registered_or_not_licensed_fails(row: dict[str, object], measured: str) -> None:
    said = licensed(msgspec.structs.replace(POSTGRES, **row))
    assert (said.status, said.value) == (Status.FAIL, 1)
    assert words(said.measured, "en") == measured


@pytest.mark.parametrize("row", [{"host": "LPSE01.kota.go.id"}, {"host": ""}, {"version": ""}, {"version": "16.3"},
                                 {"program": "PostgreSQL"}])  # fmt: skip
def test_a_row_may_be_as_exact_as_people_like(row: dict[str, object]) -> None:
    assert licensed(msgspec.structs.replace(POSTGRES, **row)).status is Status.PASS


def test_a_version_that_no_server_tells_is_not_compared() -> None:
    assert licensed(POSTGRES, found=(Program("lpse01", "postgresql"),)).status is Status.PASS


def test_licences_without_software_without_rows_and_without_register() -> None:
    assert licensed(POSTGRES, found=()).status is Status.UNKNOWN
    assert licensed().status is Status.FAIL
    said = licences(None, DiscoveredSoftware(FOUND), NOW)
    assert isinstance(said, Verdict)
    assert said.status is Status.UNKNOWN


# Policies


def rule(until: date | None, replaced_by: str = "") -> Rule:
    return Rule("188/12", "Tim LPSE", RuleKind.DECREE, date(2025, 1, 2), until, replaced_by=replaced_by)


def held(*rows: Rule) -> Verdict:
    said = policies(PolicyRegister(rows), NOW)
    assert isinstance(said, Verdict)
    return said


def test_rules_hold_until_their_last_day_or_for_ever_and_warn_before() -> None:
    assert held(rule(None), rule(day(30))).status is Status.PASS
    assert held(rule(None), rule(day(29))).status is Status.WARN
    assert held(rule(TODAY)).status is Status.WARN
    said = held(rule(None), rule(day(-1)), rule(day(3)))
    assert (said.status, said.value) == (Status.FAIL, 1)
    assert words(said.measured, "en") == "188/12 ended 2026-11-22"


def test_a_rule_that_was_replaced_may_have_ended() -> None:
    assert held(rule(day(-1), "188/13"), rule(None)).status is Status.PASS


def test_a_book_in_which_nothing_holds_fails_and_without_book_nobody_knows() -> None:
    assert held().status is Status.FAIL
    assert held(rule(day(-1), "188/13")).status is Status.FAIL
    said = policies(None, NOW)
    assert isinstance(said, Verdict)
    assert said.status is Status.UNKNOWN


# The agreement with LKPP


def sla(since: int, until: int, signed: int | None = -400) -> Agreement:
    return Agreement("SLA-1", day(since), day(until), None if signed is None else day(signed))


@pytest.mark.parametrize(
    ("rows", "status", "left"),
    [
        ((sla(-300, 60),), Status.PASS, 60),
        ((sla(-300, 59),), Status.WARN, 59),
        ((sla(-300, 0),), Status.WARN, 0),
        ((sla(-300, -1),), Status.FAIL, None),
        ((sla(1, 300),), Status.FAIL, None),
        ((sla(-300, 300, None),), Status.FAIL, None),
        ((sla(-300, 300, 1),), Status.FAIL, None),
        ((sla(-300, 10), sla(11, 375)), Status.PASS, 375),
        ((sla(11, 375), sla(-300, 10)), Status.PASS, 375),
        ((sla(-300, 10), sla(12, 375)), Status.WARN, 10),
        ((sla(-300, 10), sla(11, 375, None)), Status.WARN, 10),
        ((sla(-700, -400), sla(-300, 90)), Status.PASS, 90),
        ((), Status.FAIL, 0),
    ],
)
def test_an_agreement_is_in_force_while_it_is_signed_and_its_days_last(
    rows: tuple[Agreement, ...], status: Status, left: int | None
) -> None:
    said = agreement_with_lkpp(SlaRegister(rows), NOW)
    assert isinstance(said, Verdict)
    assert (said.status, said.value) == (status, left)


def test_an_agreement_that_is_not_signed_says_so() -> None:
    said = agreement_with_lkpp(SlaRegister((sla(-300, 300, None),)), NOW)
    assert isinstance(said, Verdict)
    assert words(said.measured, "id").endswith("belum ditandatangani")


def test_that_nobody_entered_an_agreement_is_undetermined() -> None:
    said = agreement_with_lkpp(None, NOW)
    assert isinstance(said, Verdict)
    assert said.status is Status.UNKNOWN


# Places

SERVERS = EnrolledAgents((RegisteredServer("lpse01", NOW, NOW), RegisteredServer("old", NOW, None, retired=True)), 1)
SERVER = DataLocation(Located.SERVER, "lpse01", "Kominfo, Batam", "ID")
BACKUP = DataLocation(Located.BACKUP, "nas01", "Bappeda, Batam", " indonesia")


def located(*rows: DataLocation, servers: EnrolledAgents = SERVERS, country: str = "ID") -> Verdict:
    said = located_in_the_country(DataLocations(rows), servers, country=country)
    assert isinstance(said, Verdict)
    return said


def test_servers_and_backups_in_indonesia_pass_and_retired_servers_need_no_place() -> None:
    assert located(SERVER, BACKUP).status is Status.PASS


@pytest.mark.parametrize(
    ("rows", "measured"),
    [
        ((BACKUP,), "lpse01: its place is not declared"),
        ((SERVER,), "no place of a backup is declared"),
        ((SERVER, BACKUP, DataLocation(Located.BACKUP, "s3", "Singapura", "SG")), "s3: SG"),
    ],
)
def test_what_is_abroad_or_not_declared_fails(rows: tuple[DataLocation, ...], measured: str) -> None:
    said = located(*rows)
    assert said.status is Status.FAIL
    assert words(said.measured, "en") == measured


def test_an_empty_register_fails_and_policy_may_name_another_country() -> None:
    assert located().status is Status.FAIL
    assert located(SERVER, BACKUP, country="SG").status is Status.FAIL


def test_places_without_register_with_a_cut_list_and_of_a_service_provider() -> None:
    said = located_in_the_country(None, SERVERS)
    assert isinstance(said, Verdict)
    assert said.status is Status.UNKNOWN
    assert located(SERVER, BACKUP, servers=EnrolledAgents(SERVERS.servers, 201)).status is Status.UNKNOWN
    snapshot = Snapshot({DataLocations: DataLocations((SERVER,))}, absent={EnrolledAgents: "a service provider"})
    (result,) = evaluate(located_in_the_country, located_in_the_country.thresholds, snapshot, NOW)
    assert result.status is Status.NOT_APPLICABLE
