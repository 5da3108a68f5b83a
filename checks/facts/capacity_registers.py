"""Capacity management (standard 7): the limits that were set, and the reports that were made."""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar

from checks.fact import reads
from checks.register import Choice, Registered, Row, column
from checks.source import Register
from checks.target import Target
from checks.text import Text


class CapacityItem(Choice):
    """What a limit is about."""

    PROCESSOR = "processor", "Prosesor", "Processor"
    MEMORY = "memory", "Memori", "Memory"
    STORAGE = "storage", "Penyimpanan", "Storage"
    BANDWIDTH = "bandwidth", "Jaringan", "Bandwidth"
    PERSONNEL = "personnel", "Personil", "Personnel"
    CONNECTIONS = "connections", "Koneksi", "Connections"
    OTHER = "other", "Lainnya", "Other"


class CapacityLimit(Row, frozen=True):
    """One item and its limit; present and expected use in the four periods of the form, in its own words."""

    item: Annotated[CapacityItem, column("Item", "Item")]
    what: Annotated[str, column("Uraian", "Description")]
    limit: Annotated[str, column("Batasan", "Limit")] = ""
    watched: Annotated[str, column("Waktu pantau", "Watched how often")] = ""
    actual_1: Annotated[str, column("Kondisi aktual p1", "Actual p1")] = ""
    actual_2: Annotated[str, column("Kondisi aktual p2", "Actual p2")] = ""
    actual_3: Annotated[str, column("Kondisi aktual p3", "Actual p3")] = ""
    actual_4: Annotated[str, column("Kondisi aktual p4", "Actual p4")] = ""
    expected_1: Annotated[str, column("Perkiraan p1", "Expected p1")] = ""
    expected_2: Annotated[str, column("Perkiraan p2", "Expected p2")] = ""
    expected_3: Annotated[str, column("Perkiraan p3", "Expected p3")] = ""
    expected_4: Annotated[str, column("Perkiraan p4", "Expected p4")] = ""
    needs: Annotated[str, column("Perkiraan resource", "Resources needed")] = ""
    follow_up: Annotated[str, column("Tindak lanjut", "Follow-up")] = ""


class CapacityLimits(Registered, frozen=True):
    """Limits of capacity of a provider. Absent: nobody keeps the register yet."""

    about: ClassVar[Target] = Target.PROVIDER
    title: ClassVar[Text] = Text("Register batasan kapasitas", "Register of capacity limits")

    rows: tuple[CapacityLimit, ...] = ()


class CapacityReport(Row, frozen=True):
    """One capacity report."""

    number: Annotated[str, column("Nomor laporan", "Report number")]
    made: Annotated[date, column("Tanggal", "Date")]
    since: Annotated[date | None, column("Periode mulai", "Period from")] = None
    until: Annotated[date | None, column("Periode sampai", "Period until")] = None
    author: Annotated[str, column("Disusun oleh", "Made by")] = ""
    decided_by: Annotated[str, column("Diputuskan oleh", "Decided by")] = ""
    conclusion: Annotated[str, column("Kesimpulan", "Conclusion")] = ""
    document: Annotated[str, column("Berkas atau tautan", "File or link")] = ""


class CapacityReports(Registered, frozen=True):
    """Capacity reports of a provider. Absent: nobody keeps the register yet."""

    about: ClassVar[Target] = Target.PROVIDER
    title: ClassVar[Text] = Text("Register laporan kapasitas", "Register of capacity reports")

    rows: tuple[CapacityReport, ...] = ()


@reads(Register("capacity_limits", CapacityLimits))
def capacity_limits(entered: CapacityLimits) -> CapacityLimits:
    return entered


@reads(Register("capacity_reports", CapacityReports))
def capacity_reports(entered: CapacityReports) -> CapacityReports:
    return entered
