"""The six asset registers of standard 3: information, people, physical, software, service and intangible assets.

Their columns are those of the forms that LPSEs fill in. What a form leaves open may be left open here too: that something
lacks an owner or a value is a finding of C-CIA-01, not a reason to refuse the row.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar

from checks.fact import reads
from checks.register import Choice, Registered, Row, column
from checks.source import Register
from checks.target import Target
from checks.text import Text


class Asset(Row, frozen=True, kw_only=True):
    """One asset. Confidentiality, integrity and availability are each worth 1 (low) to 3 (high)."""

    code: Annotated[str, column("Kode", "Code")]
    name: Annotated[str, column("Nama", "Name")]
    sub_class: Annotated[str, column("Sub klasifikasi", "Sub-class")] = ""
    owner: Annotated[str, column("Pemilik", "Owner")] = ""
    vendor: Annotated[str, column("Penyedia", "Supplier")] = ""
    holder: Annotated[str, column("Pemegang", "Holder")] = ""
    location: Annotated[str, column("Lokasi", "Location")] = ""
    contract: Annotated[str, column("No. kontrak/SLA", "Contract or SLA number")] = ""
    valid_until: Annotated[date | None, column("Masa berlaku sampai", "Valid until")] = None
    confidentiality: Annotated[int | None, column("Kerahasiaan (1-3)", "Confidentiality (1-3)", least=1, most=3)] = None
    integrity: Annotated[int | None, column("Integritas (1-3)", "Integrity (1-3)", least=1, most=3)] = None
    availability: Annotated[int | None, column("Ketersediaan (1-3)", "Availability (1-3)", least=1, most=3)] = None

    @property
    def value(self) -> float | None:
        """The form's "nilai": the mean of the three, None while one is lacking."""
        three = [self.confidentiality, self.integrity, self.availability]
        known = [one for one in three if one is not None]
        return round(sum(known) / 3, 2) if len(known) == len(three) else None


class AssetRegister(Registered, frozen=True):
    """One of the six. Absent: nobody keeps it yet."""

    about: ClassVar[Target] = Target.PROVIDER

    rows: tuple[Asset, ...] = ()


class InformationAsset(Asset, frozen=True, kw_only=True):
    """A database, archive or document."""

    disposal: Annotated[str, column("Metode penghapusan", "Method of disposal")] = ""


class InformationAssets(AssetRegister, frozen=True):
    """Information assets. Absent: nobody keeps the register yet."""

    title: ClassVar[Text] = Text("Register aset informasi", "Register of information assets")
    most_rows: ClassVar[int] = 1000

    rows: tuple[InformationAsset, ...] = ()


class PersonnelAsset(Asset, frozen=True, kw_only=True):
    """A person, by function rather than by what is private about them."""

    agreement: Annotated[str, column("No. perjanjian kerahasiaan", "Number of the confidentiality agreement")] = ""


class PersonnelAssets(AssetRegister, frozen=True):
    """Personnel (SDM). Absent: nobody keeps the register yet."""

    title: ClassVar[Text] = Text("Register aset SDM", "Register of personnel")

    rows: tuple[PersonnelAsset, ...] = ()


class PhysicalAsset(Asset, frozen=True, kw_only=True):
    """A device. `host` is the server's host name where it is one; several devices may belong to one host."""

    host: Annotated[str, column("Nama host server", "Host name of the server")] = ""
    serial: Annotated[str, column("Nomor seri", "Serial number")] = ""
    cores: Annotated[int | None, column("Jumlah inti prosesor", "Processor cores", least=1, most=10_000)] = None
    memory: Annotated[float | None, column("Memori (GiB)", "Memory (GiB)", least=0, most=1_000_000)] = None
    disks: Annotated[int | None, column("Jumlah disk", "Disks", least=0, most=1000)] = None


class PhysicalAssets(AssetRegister, frozen=True):
    """Physical assets (Aset Fisik). Absent: nobody keeps the register yet."""

    title: ClassVar[Text] = Text("Register aset fisik", "Register of physical assets")
    most_rows: ClassVar[int] = 2000

    rows: tuple[PhysicalAsset, ...] = ()


class Licence(Choice):
    """What permits the use of a software."""

    OPEN = "open", "Sumber terbuka", "Open source"
    BOUGHT = "bought", "Lisensi beli", "Bought licence"
    SUBSCRIPTION = "subscription", "Langganan", "Subscription"
    FREE = "free", "Gratis (freeware)", "Freeware"
    GOVERNMENT = "government", "Milik pemerintah (SPSE, LKPP)", "Of the government (SPSE, LKPP)"
    OWN = "own", "Buatan sendiri", "Made in-house"


PAID = frozenset({Licence.BOUGHT, Licence.SUBSCRIPTION})


class SoftwareAsset(Asset, frozen=True, kw_only=True):
    """A software and its licence, whose end is `valid_until`. `program` is what the collector calls it (postgresql, java)."""

    program: Annotated[str, column("Nama program", "Program")]
    host: Annotated[str, column("Nama host server (atau *)", "Host name of the server (or *)")] = "*"
    version: Annotated[str, column("Versi", "Version")] = ""
    licence: Annotated[Licence | None, column("Jenis lisensi", "Kind of licence")] = None
    licence_number: Annotated[str, column("Nomor lisensi", "Licence number")] = ""
    seats: Annotated[int | None, column("Jumlah lisensi", "Seats", least=1, most=1_000_000)] = None


class SoftwareAssets(AssetRegister, frozen=True):
    """Software assets (standard 3), which is also "Software dan Lisensi" of standard 16. Absent: nobody keeps it yet."""

    title: ClassVar[Text] = Text("Register perangkat lunak dan lisensi", "Register of software and licences")
    most_rows: ClassVar[int] = 2000

    rows: tuple[SoftwareAsset, ...] = ()


class ServiceAsset(Asset, frozen=True, kw_only=True):
    """A service that others give: Internet, hosting, power. `contract` and `valid_until` are those of the contract."""


class ServiceAssets(AssetRegister, frozen=True):
    """Service assets (Aset Layanan). Absent: nobody keeps the register yet."""

    title: ClassVar[Text] = Text("Register aset layanan", "Register of service assets")

    rows: tuple[ServiceAsset, ...] = ()


class IntangibleAsset(Asset, frozen=True, kw_only=True):
    """A reputation, a right, a certificate."""


class IntangibleAssets(AssetRegister, frozen=True):
    """Intangible assets. Absent: nobody keeps the register yet."""

    title: ClassVar[Text] = Text("Register aset tak berwujud", "Register of intangible assets")

    rows: tuple[IntangibleAsset, ...] = ()


@reads(Register("information_assets", InformationAssets))
def information_assets(entered: InformationAssets) -> InformationAssets:
    return entered


@reads(Register("personnel_assets", PersonnelAssets))
def personnel_assets(entered: PersonnelAssets) -> PersonnelAssets:
    return entered


@reads(Register("physical_assets", PhysicalAssets))
def physical_assets(entered: PhysicalAssets) -> PhysicalAssets:
    return entered


@reads(Register("software_assets", SoftwareAssets))
def software_assets(entered: SoftwareAssets) -> SoftwareAssets:
    return entered


@reads(Register("service_assets", ServiceAssets))
def service_assets(entered: ServiceAssets) -> ServiceAssets:
    return entered


@reads(Register("intangible_assets", IntangibleAssets))
def intangible_assets(entered: IntangibleAssets) -> IntangibleAssets:
    return entered
