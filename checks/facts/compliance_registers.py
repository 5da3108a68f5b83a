"""Compliance (standard 16): the master policy book, the agreement with LKPP, where servers and backups stand; tests of security."""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar

from checks.fact import reads
from checks.register import Choice, Registered, Row, column
from checks.source import Register
from checks.target import Target
from checks.text import Text


class RuleKind(Choice):
    """What kind of rule."""

    LAW = "law", "Peraturan", "Law or regulation"
    DECREE = "decree", "Surat keputusan", "Decree (SK)"
    PROCEDURE = "procedure", "SOP", "Procedure (SOP)"
    POLICY = "policy", "Kebijakan", "Policy"
    AGREEMENT = "agreement", "Perjanjian", "Agreement"


class Rule(Row, frozen=True):
    """One rule of the master policy book. `valid_until` empty: until it is replaced. `replaced_by`: it holds no more."""

    number: Annotated[str, column("Nomor", "Number")]
    title: Annotated[str, column("Tentang", "About")]
    kind: Annotated[RuleKind, column("Jenis", "Kind")]
    valid_from: Annotated[date, column("Berlaku", "In force from")]
    valid_until: Annotated[date | None, column("Berakhir", "In force until")] = None
    issued_by: Annotated[str, column("Ditetapkan oleh", "Issued by")] = ""
    standard: Annotated[str, column("Standar (a-q)", "Standard (a-q)")] = ""
    replaced_by: Annotated[str, column("Dicabut atau diganti oleh", "Revoked or replaced by")] = ""
    document: Annotated[str, column("Berkas atau tautan", "File or link")] = ""


class PolicyRegister(Registered, frozen=True):
    """The master policy book (Buku Induk Kebijakan) of a provider. Absent: nobody keeps it yet."""

    about: ClassVar[Target] = Target.PROVIDER
    title: ClassVar[Text] = Text("Buku induk kebijakan", "Master policy book")
    most_rows: ClassVar[int] = 1000

    rows: tuple[Rule, ...] = ()


class Agreement(Row, frozen=True):
    """One service level agreement with LKPP. `signed` empty: not signed yet. `availability` in %, where it names one."""

    number: Annotated[str, column("Nomor", "Number")]
    valid_from: Annotated[date, column("Berlaku", "In force from")]
    valid_until: Annotated[date, column("Berakhir", "In force until")]
    signed: Annotated[date | None, column("Ditandatangani", "Signed on")] = None
    signed_by: Annotated[str, column("Penanda tangan", "Signed by")] = ""
    availability: Annotated[
        float | None, column("Ketersediaan yang disepakati (%)", "Agreed availability (%)", least=0, most=100)
    ] = None
    instance: Annotated[str, column("Instans (kosong: semua)", "Instance (empty: all)")] = ""
    document: Annotated[str, column("Berkas atau tautan", "File or link")] = ""


class SlaRegister(Registered, frozen=True):
    """Service level agreements with LKPP. Absent: nobody keeps the register yet."""

    about: ClassVar[Target] = Target.PROVIDER
    title: ClassVar[Text] = Text("Register SLA dengan LKPP", "Register of agreements with LKPP")

    rows: tuple[Agreement, ...] = ()


class Located(Choice):
    """What stands somewhere."""

    SERVER = "server", "Server", "Server of SPSE"
    BACKUP = "backup", "Cadangan", "Backup"


class DataLocation(Row, frozen=True):
    """Where a server or a backup stands. `country`: two letters (ISO 3166), or its name."""

    what: Annotated[Located, column("Yang ditempatkan", "What stands there")]
    name: Annotated[str, column("Nama host atau cadangan", "Host name or backup")]
    place: Annotated[str, column("Gedung dan kota", "Building and town")]
    country: Annotated[str, column("Negara", "Country")]
    operator: Annotated[str, column("Pengelola tempat", "Operator of the place")] = ""
    document: Annotated[str, column("Bukti", "Evidence")] = ""


class DataLocations(Registered, frozen=True):
    """Where servers and backups stand, as declared. Absent: nobody declared it yet."""

    about: ClassVar[Target] = Target.PROVIDER
    title: ClassVar[Text] = Text("Register lokasi server dan cadangan", "Register of places of servers and backups")

    rows: tuple[DataLocation, ...] = ()


class SecurityTestKind(Choice):
    """What kind of test of security."""

    SCAN = "scan", "Pemindaian kerentanan", "Vulnerability scan"
    PENTEST = "pentest", "Uji penetrasi", "Penetration test"


class SecurityTest(Row, frozen=True):
    """One test of security that was held. `serious`: findings of high or critical severity that are still open."""

    held: Annotated[date, column("Tanggal", "Date")]
    kind: Annotated[SecurityTestKind, column("Jenis", "Kind")]
    scope: Annotated[str, column("Lingkup", "Scope")]
    tester: Annotated[str, column("Penguji", "Tester")]
    number: Annotated[str, column("Nomor laporan", "Report number")] = ""
    serious: Annotated[
        int | None, column("Temuan tinggi yang terbuka", "Open high findings", least=0, most=100_000)
    ] = None
    document: Annotated[str, column("Berkas atau tautan", "File or link")] = ""


class SecurityTests(Registered, frozen=True):
    """Vulnerability scans and penetration tests. Absent: nobody keeps the register yet."""

    about: ClassVar[Target] = Target.PROVIDER
    title: ClassVar[Text] = Text("Register uji keamanan", "Register of security tests")

    rows: tuple[SecurityTest, ...] = ()


@reads(Register("policy_register", PolicyRegister))
def policy_register(entered: PolicyRegister) -> PolicyRegister:
    return entered


@reads(Register("sla_register", SlaRegister))
def sla_register(entered: SlaRegister) -> SlaRegister:
    return entered


@reads(Register("data_locations", DataLocations))
def data_locations(entered: DataLocations) -> DataLocations:
    return entered


@reads(Register("security_tests", SecurityTests))
def security_tests(entered: SecurityTests) -> SecurityTests:
    return entered
