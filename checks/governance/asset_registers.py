"""The asset registers of standard 3: against what servers tell of themselves, and for themselves.

Laws:
- Only what both sides say is compared; a column that is empty, or a reading that a server could not give, is no mismatch.
- A row may belong to any server of its host name: an LPSE registers a chassis, its disks and its memory as it likes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from checks.calendar import today
from checks.check import AVAILABILITY, DAY, INTEGRITY, LOW, MEDIUM, check
from checks.facts.asset_registers import (
    Asset,
    AssetRegister,
    InformationAssets,
    IntangibleAssets,
    PersonnelAssets,
    PhysicalAsset,
    PhysicalAssets,
    ServiceAssets,
    SoftwareAssets,
)
from checks.facts.discovered import DiscoveredHardware, Machine
from checks.keeping import empty, same_host, some, unkept
from checks.text import Text
from checks.verdict import Status, Verdict, judge, unknown, warned

GIBIBYTE = 1 << 30


@check(
    "C-HW-01", severity=MEDIUM, aspect=INTEGRITY, every=DAY, absent=Status.NOT_APPLICABLE,
    source="LPSE standard 3 form (Aset Fisik); Pantau default (10 % of memory)",
    title=Text("Perangkat keras server sesuai register aset fisik", "Server hardware matches the physical asset register"),
    why=Text(
        "Server yang tidak terdaftar tidak ada yang merawat, dan disk atau memori yang hilang tidak ada yang mencari.",
        "Nobody looks after a server that is not registered, and nobody misses a disk or memory module that is gone.",
    ),
    remedy=Text(
        "Lihat di server: `dmidecode -s system-serial-number`, `nproc`, `free -g`, `lsblk -d`. Lalu betulkan barisnya di "
        "konsol, halaman penyedia, Register aset fisik (kolom `host`, `serial`, `cores`, `memory`, `disks`); bila perangkatnya "
        "yang berubah tanpa catatan, telusuri siapa yang mengubahnya.",
        "Look on the server: `dmidecode -s system-serial-number`, `nproc`, `free -g`, `lsblk -d`. Then correct its row in the "
        "console, on the provider's page, Register of physical assets (columns `host`, `serial`, `cores`, `memory`, `disks`); "
        "if it is the hardware that changed without a record, find out who changed it.",
    ),
)  # fmt: skip
def hardware_is_registered(
    register: PhysicalAssets | None, found: DiscoveredHardware, *, tolerance: float = 10.0
) -> Iterator[Verdict]:
    if register is None:
        yield unkept(PhysicalAssets)
        return
    for one in found.rows:
        yield _machine(one, [row for row in register.rows if same_host(row.host, one.server)], tolerance)
    hosts = dict.fromkeys(row.host for row in register.rows if row.host)
    for host in hosts:
        if not any(same_host(host, one.server) for one in found.rows):
            yield warned(
                Text("terdaftar, tetapi tidak dilaporkan agen mana pun", "registered, but no agent reports it"),
                Text("terdaftar dan terpantau", "registered and watched"),
                subject=host,
            )


def _machine(one: Machine, rows: Sequence[PhysicalAsset], tolerance: float) -> Verdict:
    expected = Text("terdaftar, dan sama dengan yang terdaftar", "registered, and as registered")
    if not rows:
        return judge(
            False,
            Text("tidak ada di register aset fisik", "not in the register of physical assets"),
            expected,
            subject=one.server,
        )
    said, wrong = [], []
    for name, seen, registered, same in _compared(one, rows, tolerance):
        if same:
            said.append(f"{name} {seen}")
        else:
            values = ", ".join(registered)
            wrong.append(Text(f"{name} {seen}, terdaftar {values}", f"{name} {seen}, registered as {values}"))
    if wrong:
        return judge(False, some(wrong), expected, subject=one.server)
    if not said:
        return unknown(
            Text(
                "terdaftar, tetapi tanpa nomor seri, inti, memori, atau disk yang dapat dibandingkan",
                "registered, but with no serial number, cores, memory or disks to compare",
            ),
            subject=one.server,
        )
    return judge(True, ", ".join(said), expected, subject=one.server)


def _compared(
    one: Machine, rows: Sequence[PhysicalAsset], tolerance: float
) -> Iterator[tuple[str, str, list[str], bool]]:
    """What both sides say: its name, what the server has, what is registered, and whether that is the same."""
    if one.serial and (serials := [row.serial for row in rows if row.serial]):
        yield "serial", one.serial, serials, any(_plain(one.serial) == _plain(said) for said in serials)
    if one.cores is not None and (cores := [row.cores for row in rows if row.cores is not None]):
        yield "cores", str(one.cores), list(map(str, cores)), one.cores in cores
    if one.disks is not None and (disks := [row.disks for row in rows if row.disks is not None]):
        yield "disks", str(one.disks), list(map(str, disks)), one.disks in disks
    if one.memory is not None and (sizes := [row.memory for row in rows if row.memory is not None]):
        seen = one.memory / GIBIBYTE
        near = any(abs(seen - said) <= said * tolerance / 100 for said in sizes)
        yield "GiB", f"{seen:.1f}", [f"{said:g}" for said in sizes], near


def _plain(serial: str) -> str:
    return "".join(serial.split()).casefold()


@check(
    "C-CIA-01", severity=LOW, aspect=INTEGRITY, every=DAY,
    source="LPSE standard 3 form (kerahasiaan, integritas, ketersediaan 1-3)",
    title=Text("Setiap aset punya pemilik dan nilai K/I/K", "Every asset has an owner and C/I/A values"),
    why=Text(
        "Tanpa pemilik tidak ada yang menjawab untuk suatu aset, dan tanpa nilai kerahasiaan, integritas, dan ketersediaan "
        "tidak ada dasar untuk menilai risikonya.",
        "Without an owner nobody answers for an asset, and without values for confidentiality, integrity and availability "
        "there is nothing to assess its risk by.",
    ),
    remedy=Text(
        "Isi kolom `owner`, `confidentiality`, `integrity`, dan `availability` (1 sampai 3) di konsol, halaman penyedia, keenam "
        "register aset; untuk banyak aset, ekspor CSV, lengkapi, lalu impor kembali.",
        "Fill the columns `owner`, `confidentiality`, `integrity` and `availability` (1 to 3) in the console, on the provider's "
        "page, in the six asset registers; where there are many assets, export CSV, complete it, and import it again.",
    ),
)  # fmt: skip
def assets_are_valued(
    information: InformationAssets | None, personnel: PersonnelAssets | None, physical: PhysicalAssets | None,
    software: SoftwareAssets | None, service: ServiceAssets | None, intangible: IntangibleAssets | None,
) -> Iterator[Verdict]:  # fmt: skip
    expected = Text("pemilik dan nilai 1-3 pada setiap aset", "an owner and values 1-3 for every asset")
    six: tuple[tuple[type[AssetRegister], AssetRegister | None], ...] = (
        (InformationAssets, information), (PersonnelAssets, personnel), (PhysicalAssets, physical),
        (SoftwareAssets, software), (ServiceAssets, service), (IntangibleAssets, intangible),
    )  # fmt: skip
    for kind, register in six:
        subject = SUBJECTS[kind]
        if register is None:
            said = unkept(kind)
            yield unknown(said.measured, subject=subject)
        elif not register.rows:
            said = empty(kind, expected)
            yield judge(False, said.measured, expected, subject=subject, value=0)
        else:
            lacking = [f"{row.code} {row.name}"[:60] for row in register.rows if _incomplete(row)]
            whole = len(register.rows) - len(lacking)
            measured = Text(
                f"{whole} dari {len(register.rows)} lengkap" + (f"; kurang: {some(lacking).id}" if lacking else ""),
                f"{whole} of {len(register.rows)} complete" + (f"; not: {some(lacking).en}" if lacking else ""),
            )
            yield judge(not lacking, measured, expected, subject=subject, value=len(lacking))


SUBJECTS = {
    InformationAssets: "information", PersonnelAssets: "personnel", PhysicalAssets: "physical",
    SoftwareAssets: "software", ServiceAssets: "service", IntangibleAssets: "intangible",
}  # fmt: skip


def _incomplete(row: Asset) -> bool:
    three = (row.confidentiality, row.integrity, row.availability)
    return not row.owner or not all(value in (1, 2, 3) for value in three)


@check(
    "C-SVC-01", severity=MEDIUM, aspect=AVAILABILITY, every=DAY,
    source="LPSE standard 3 form (Aset Layanan: no. kontrak/SLA, masa berlaku); Pantau default (30 days)",
    title=Text("Kontrak layanan berlaku dan tidak segera berakhir", "Service contracts are in force and do not end soon"),
    why=Text(
        "Internet, hosting, dan listrik diputus ketika kontraknya habis, dan pengadaan penggantinya memakan waktu lebih lama "
        "daripada sisa kontraknya.",
        "Internet, hosting and power are cut when their contract ends, and buying the next one takes longer than what is left.",
    ),
    remedy=Text(
        "Perpanjang atau ganti kontraknya, lalu isi kolom `contract` dan `valid_until` di konsol, halaman penyedia, Register "
        "aset layanan. Layanan yang sudah dihentikan dihapus barisnya.",
        "Renew or replace the contract, then fill the columns `contract` and `valid_until` in the console, on the provider's "
        "page, Register of service assets. Take out the row of a service that was ended.",
    ),
)  # fmt: skip
def service_contracts(register: ServiceAssets | None, now: datetime, *, days: int = 30) -> Verdict:
    expected = Text(
        f"nomor kontrak, dan masih berlaku {days} hari atau lebih", f"a contract number, and {days} days or more left"
    )
    if register is None:
        return unkept(ServiceAssets)
    if not register.rows:
        return empty(ServiceAssets, expected)
    day = today(now)
    wrong, soon = [], []
    for row in register.rows:
        name = f"{row.code} {row.name}"[:60]
        if row.valid_until is None or not row.contract:
            wrong.append(Text(f"{name}: tanpa nomor atau masa berlaku", f"{name}: no number or no end"))
        elif row.valid_until < day:
            wrong.append(Text(f"{name}: berakhir {row.valid_until}", f"{name}: ended {row.valid_until}"))
        elif row.valid_until < day + timedelta(days=days):
            soon.append(Text(f"{name}: berakhir {row.valid_until}", f"{name}: ends {row.valid_until}"))
    if wrong:
        return judge(False, some(wrong), expected, value=len(wrong))
    if soon:
        return warned(some(soon), expected, value=0)
    count = len(register.rows)
    return judge(True, Text(f"{count} kontrak berlaku", f"{count} contracts in force"), expected, value=0)
