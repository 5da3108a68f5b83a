from __future__ import annotations

from datetime import date, timedelta

import msgspec
import pytest

from checks.evaluate import evaluate
from checks.fact import Snapshot
from checks.facts.asset_registers import (
    Asset,
    InformationAsset,
    InformationAssets,
    IntangibleAssets,
    PersonnelAssets,
    PhysicalAsset,
    PhysicalAssets,
    ServiceAsset,
    ServiceAssets,
    SoftwareAssets,
)
from checks.facts.discovered import DiscoveredHardware, Machine
from checks.governance.asset_registers import assets_are_valued, hardware_is_registered, service_contracts
from checks.text import words
from checks.verdict import Status, Verdict
from tests.checks.real import NOW

TODAY = date(2026, 11, 23)
SEEN = Machine("lpse01", "7XK2M03", 16, 67_000_000_000, 4)  # 62.4 GiB: the kernel keeps some of 64
ROW = PhysicalAsset(code="F-1", name="Server SPSE", host="lpse01", serial="7xk 2m03", cores=16, memory=64, disks=4)


def hardware(*rows: PhysicalAsset, seen: tuple[Machine, ...] = (SEEN,), **thresholds: float) -> list[Verdict]:
    return list(hardware_is_registered(PhysicalAssets(rows), DiscoveredHardware(seen), **thresholds))  # type: ignore[arg-type]


def changed(**columns: object) -> PhysicalAsset:
    return msgspec.structs.replace(ROW, **columns)


def test_a_server_as_registered_passes_and_says_what_was_compared() -> None:
    (said,) = hardware(ROW)
    assert (said.status, said.subject) == (Status.PASS, "lpse01")
    assert said.measured == "serial 7XK2M03, cores 16, disks 4, GiB 62.4"


@pytest.mark.parametrize(
    ("row", "measured"),
    [
        (changed(serial="7XK2M04"), "serial 7XK2M03, registered as 7XK2M04"),
        (changed(cores=32), "cores 16, registered as 32"),
        (changed(disks=5), "disks 4, registered as 5"),
        (changed(memory=128), "GiB 62.4, registered as 128"),
        (changed(host="lpse02"), "not in the register of physical assets"),
    ],
)
def test_hardware_that_is_not_as_registered_fails_with_both_sides(row: PhysicalAsset, measured: str) -> None:
    said = hardware(row)[0]
    assert said.status is Status.FAIL
    assert words(said.measured, "en") == measured


def test_memory_may_differ_by_what_policy_allows() -> None:
    assert hardware(ROW, tolerance=1.0)[0].status is Status.FAIL


def test_what_either_side_does_not_say_is_not_compared() -> None:
    bare = PhysicalAsset(code="F-1", name="Server", host="lpse01")
    assert hardware(bare)[0].status is Status.UNKNOWN
    assert hardware(ROW, seen=(Machine("lpse01"),))[0].status is Status.UNKNOWN
    assert hardware(ROW, seen=(Machine("lpse01", cores=16),))[0].measured == "cores 16"


def test_several_rows_may_make_up_one_server() -> None:
    chassis = PhysicalAsset(code="F-1", name="Server", host="lpse01", serial="7XK2M03")
    memory = PhysicalAsset(code="F-2", name="Memori", host="lpse01.kota.go.id", memory=64)
    assert hardware(chassis, memory)[0].status is Status.PASS


def test_a_registered_server_that_nobody_hears_is_a_warning_and_other_devices_are_not() -> None:
    said = hardware(ROW, changed(host="lpse09"), PhysicalAsset(code="U-1", name="UPS"))
    assert [(one.status, one.subject) for one in said] == [(Status.PASS, "lpse01"), (Status.WARN, "lpse09")]


def test_a_register_that_is_kept_but_empty_fails_for_each_server() -> None:
    assert [one.status for one in hardware()] == [Status.FAIL]


def test_without_register_undetermined_and_without_servers_not_applicable() -> None:
    (said,) = hardware_is_registered(None, DiscoveredHardware((SEEN,)))  # type: ignore[misc]
    assert said.status is Status.UNKNOWN
    assert "Register aset fisik" in words(said.measured, "id")
    snapshot = Snapshot({PhysicalAssets: PhysicalAssets((ROW,))}, absent={DiscoveredHardware: "a service provider"})
    (result,) = evaluate(hardware_is_registered, {}, snapshot, NOW)
    assert result.status is Status.NOT_APPLICABLE


# Values

WHOLE = InformationAsset(code="I-1", name="Basis data", owner="Kepala", confidentiality=3, integrity=3, availability=3)


def valued(register: InformationAssets | None) -> Verdict:
    """What is said of the first of the six; the other five are kept and whole."""
    rest = (
        kind((WHOLE,)) for kind in (PersonnelAssets, PhysicalAssets, SoftwareAssets, ServiceAssets, IntangibleAssets)
    )  # type: ignore[abstract]
    first, *others = assets_are_valued(register, *rest)  # type: ignore[misc]
    assert {one.status for one in others} == {Status.PASS}
    assert [first.subject, *(one.subject for one in others)] == [
        "information", "personnel", "physical", "software", "service", "intangible",
    ]  # fmt: skip
    return first


def test_assets_with_owner_and_values_pass() -> None:
    assert valued(InformationAssets((WHOLE,))).status is Status.PASS


@pytest.mark.parametrize("column", ["owner", "confidentiality", "integrity", "availability"])
def test_an_asset_that_lacks_one_fails_and_is_named(column: str) -> None:
    lacking = msgspec.structs.replace(WHOLE, **{column: "" if column == "owner" else None})
    said = valued(InformationAssets((WHOLE, lacking)))
    assert (said.status, said.value) == (Status.FAIL, 1)
    assert words(said.measured, "en") == "1 of 2 complete; not: I-1 Basis data"


def test_each_of_the_six_is_undetermined_while_nobody_keeps_it_and_fails_when_it_is_empty() -> None:
    assert valued(None).status is Status.UNKNOWN
    assert valued(InformationAssets()).status is Status.FAIL


def test_of_many_incomplete_assets_five_are_named() -> None:
    bare = tuple(InformationAsset(code=f"I-{n}", name="x") for n in range(1000))
    assert words(valued(InformationAssets(bare)).measured, "en").endswith("I-4 x; … (+995)")


# Contracts


def contract(days: int | None, number: str = "K-7") -> ServiceAsset:
    until = None if days is None else TODAY + timedelta(days=days)
    return ServiceAsset(code="L-1", name="Internet", contract=number, valid_until=until)


def contracts(*rows: ServiceAsset) -> Verdict:
    said = service_contracts(ServiceAssets(rows), NOW)
    assert isinstance(said, Verdict)
    return said


@pytest.mark.parametrize(
    ("row", "status"),
    [
        (contract(30), Status.PASS),
        (contract(29), Status.WARN),
        (contract(0), Status.WARN),
        (contract(-1), Status.FAIL),
        (contract(None), Status.FAIL),
        (contract(300, ""), Status.FAIL),
    ],
)
def test_a_contract_holds_until_its_last_day_and_warns_thirty_days_before(row: Asset, status: Status) -> None:
    assert isinstance(row, ServiceAsset)
    assert contracts(row).status is status


def test_one_that_ended_counts_more_than_one_that_ends_soon() -> None:
    said = contracts(contract(300), contract(3), contract(-3))
    assert (said.status, said.value) == (Status.FAIL, 1)
    assert words(said.measured, "en") == "L-1 Internet: ended 2026-11-20"


def test_without_contracts_a_service_rests_on_nothing_and_without_register_nobody_knows() -> None:
    assert contracts().status is Status.FAIL
    said = service_contracts(None, NOW)
    assert isinstance(said, Verdict)
    assert said.status is Status.UNKNOWN
