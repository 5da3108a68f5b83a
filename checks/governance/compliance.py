"""Compliance (standard p): licences, the master policy book, the agreement with LKPP, where servers and backups stand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from checks.calendar import today
from checks.check import CONFIDENTIALITY, DAY, HIGH, INTEGRITY, MEDIUM, check
from checks.facts.asset_registers import PAID, SoftwareAsset, SoftwareAssets
from checks.facts.compliance_registers import DataLocations, Located, PolicyRegister, SlaRegister
from checks.facts.discovered import DiscoveredSoftware, Program
from checks.facts.enrolled_agents import EnrolledAgents
from checks.keeping import anywhere, empty, same_host, some, unkept
from checks.text import Text
from checks.verdict import Status, Verdict, judge, unknown, warned

COUNTRIES = {"ID": "INDONESIA"}  # what else than its two letters a country may be called


@check(
    "P-SW-01", severity=MEDIUM, aspect=INTEGRITY, every=DAY, absent=Status.NOT_APPLICABLE,
    source="LPSE standard 16 form (Software dan Lisensi)",
    title=Text("Perangkat lunak terdaftar dengan lisensi berlaku", "Software is registered, with valid licences"),
    why=Text(
        "Perangkat lunak tanpa lisensi melanggar hukum dan tidak mendapat tambalan; yang tidak terdaftar tidak ada yang "
        "memperpanjangnya.",
        "Software without a licence breaks the law and gets no patches; nobody renews what is not registered.",
    ),
    remedy=Text(
        "Catat setiap program di konsol, halaman penyedia, Register perangkat lunak dan lisensi: kolom `program` seperti "
        "disebut temuan ini, `host` (`*` untuk semua server), `version`, `licence`, `licence_number`, `valid_until`. Lisensi "
        "yang berakhir diperpanjang, atau programnya dilepas.",
        "Enter each program in the console, on the provider's page, Register of software and licences: the column `program` as "
        "this finding calls it, `host` (`*` for all servers), `version`, `licence`, `licence_number`, `valid_until`. Renew a "
        "licence that ended, or remove the program.",
    ),
)  # fmt: skip
def licences(register: SoftwareAssets | None, found: DiscoveredSoftware, now: datetime) -> Verdict:
    expected = Text("setiap program terdaftar, lisensinya berlaku", "every program registered, its licence in force")
    if register is None:
        return unkept(SoftwareAssets)
    if not found.rows:
        return unknown(Text("tidak satu pun program dilaporkan server", "the servers report not a single program"))
    day = today(now)
    named: dict[str, list[SoftwareAsset]] = {}
    for row in register.rows:
        named.setdefault(row.program.casefold(), []).append(row)
    wrong = [Text(f"{_called(one)} {said.id}", f"{_called(one)} {said.en}")
             for one in found.rows if (said := _unregistered(one, named.get(one.name.casefold(), [])))]  # fmt: skip
    wrong += [Text(f"{row.code} {row.name[:40]} {said.id}", f"{row.code} {row.name[:40]} {said.en}")
              for row in register.rows if (said := _unlicensed(row, day))]  # fmt: skip
    if wrong:
        return judge(False, some(wrong), expected, value=len(wrong))
    measured = Text(
        f"{len(found.rows)} program di server, {len(register.rows)} baris",
        f"{len(found.rows)} programs on servers, {len(register.rows)} rows",
    )
    return judge(True, measured, expected, value=0)


def _called(one: Program) -> str:
    return f"{one.name} {one.version} ({one.server})".replace("  ", " ")


def _unregistered(one: Program, rows: Sequence[SoftwareAsset]) -> Text | None:
    here = [row for row in rows if anywhere(row.host) or same_host(row.host, one.server)]
    if not here:
        return Text("tidak terdaftar", "is not registered")
    if one.version and not any(_covers(row.version, one.version) for row in here):
        versions = ", ".join(dict.fromkeys(row.version for row in here))
        return Text(f"terdaftar sebagai versi {versions}", f"is registered as version {versions}")
    return None


def _covers(registered: str, version: str) -> bool:
    """Is `version` the registered one, or a patch of it (14 covers 14.9, not 140)?"""
    return not registered or version == registered or version.startswith((f"{registered}.", f"{registered}_"))


def _unlicensed(row: SoftwareAsset, day: date) -> Text | None:
    if row.valid_until is not None and row.valid_until < day:
        return Text(f"lisensi berakhir {row.valid_until}", f"licence ended {row.valid_until}")
    if row.licence is None:
        return Text("tanpa jenis lisensi", "names no kind of licence")
    if row.licence in PAID and not row.licence_number:
        return Text("tanpa nomor lisensi", "has no licence number")
    return None


@check(
    "P-POL-01", severity=MEDIUM, aspect=INTEGRITY, every=DAY,
    source="LPSE standard 16 form (Buku Induk Kebijakan); Pantau default (30 days)",
    title=Text("Kebijakan dan surat keputusan masih berlaku", "Policies and decrees are in force"),
    why=Text(
        "Tugas dan wewenang yang surat keputusannya sudah berakhir tidak punya dasar; tindakan yang bersandar padanya dapat "
        "digugat.",
        "Duties and powers whose decree has ended rest on nothing; what is done under them can be contested.",
    ),
    remedy=Text(
        "Terbitkan penggantinya, lalu catat di konsol, halaman penyedia, Buku induk kebijakan: baris baru untuk yang baru, dan "
        "pada yang lama kolom `replaced_by` dengan nomor penggantinya.",
        "Issue its successor, then enter it in the console, on the provider's page, Master policy book: a new row for the new "
        "one, and in the old row the column `replaced_by` with the number of its successor.",
    ),
)  # fmt: skip
def policies(register: PolicyRegister | None, now: datetime, *, days: int = 30) -> Verdict:
    expected = Text("tidak ada yang berakhir tanpa pengganti", "none has ended without a successor")
    if register is None:
        return unkept(PolicyRegister)
    day = today(now)
    holding = [row for row in register.rows if not row.replaced_by]
    if not holding:
        return empty(PolicyRegister, expected)
    ended = [row for row in holding if row.valid_until is not None and row.valid_until < day]
    soon = [row for row in holding if row.valid_until is not None and row.valid_until < day + timedelta(days=days)]
    if ended:
        said = some([Text(f"{r.number} berakhir {r.valid_until}", f"{r.number} ended {r.valid_until}") for r in ended])
        return judge(False, said, expected, value=len(ended))
    if soon:
        said = some([Text(f"{r.number} berakhir {r.valid_until}", f"{r.number} ends {r.valid_until}") for r in soon])
        return warned(said, expected, value=0)
    return judge(True, Text(f"{len(holding)} berlaku", f"{len(holding)} in force"), expected, value=0)


@check(
    "P-SLA-01", severity=HIGH, aspect=INTEGRITY, every=DAY,
    source="Keputusan Deputi II LKPP 152/2022 2.1.a.3; Pantau default (60 days)",
    title=Text("SLA dengan LKPP ditandatangani dan berlaku", "The SLA with LKPP is signed and in force"),
    why=Text(
        "Layanan dijalankan berdasarkan SLA dengan LKPP (152/2022, 2.1.a.3); tanpa SLA yang berlaku tidak ada dasar untuk "
        "menjalankannya, dan tidak ada tingkat layanan yang dijanjikan.",
        "The service is run under an SLA with LKPP (152/2022, 2.1.a.3); without one in force there is no ground to run it on, "
        "and no level of service that was promised.",
    ),
    remedy=Text(
        "Mintakan penandatanganan atau perpanjangan kepada LKPP, lalu catat di konsol, halaman penyedia, Register SLA dengan "
        "LKPP: kolom `number`, `valid_from`, `valid_until`, dan `signed`.",
        "Ask LKPP to sign or renew it, then enter it in the console, on the provider's page, Register of agreements with LKPP: "
        "columns `number`, `valid_from`, `valid_until` and `signed`.",
    ),
)  # fmt: skip
def agreement_with_lkpp(register: SlaRegister | None, now: datetime, *, days: int = 60) -> Verdict:
    expected = Text(
        f"berlaku dan ditandatangani, {days} hari atau lebih", f"in force and signed, for {days} days or more"
    )
    if register is None:
        return unkept(SlaRegister)
    if not register.rows:
        return empty(SlaRegister, expected)
    day = today(now)
    signed = sorted(
        (row for row in register.rows if row.signed is not None and row.signed <= day), key=lambda row: row.valid_from
    )
    until = None  # the end of what is in force without a gap, successors included
    for row in signed:
        if row.valid_from <= (day if until is None else until + timedelta(days=1)) and row.valid_until >= day:
            until = row.valid_until if until is None else max(until, row.valid_until)
    if until is None:
        last = max(register.rows, key=lambda row: row.valid_until)
        state = (
            Text("belum ditandatangani", "not signed") if last.signed is None else Text("tidak berlaku", "not in force")
        )
        span = f"{last.number}, {last.valid_from} - {last.valid_until}"
        return judge(False, Text(f"{span}: {state.id}", f"{span}: {state.en}"), expected)
    left = (until - day).days
    measured = Text(f"berlaku sampai {until}, {left} hari lagi", f"in force until {until}, {left} days left")
    return warned(measured, expected, value=left) if left < days else judge(True, measured, expected, value=left)


@check(
    "P-LOC-01", severity=MEDIUM, aspect=CONFIDENTIALITY, every=DAY, absent=Status.NOT_APPLICABLE,
    source="Pantau default (PP 71/2019)",
    title=Text("Server dan cadangan berada di Indonesia", "Servers and backups are located in Indonesia"),
    why=Text(
        "Data pengadaan pemerintah dikelola dan disimpan di wilayah Indonesia, agar hukum Indonesia melindunginya dan "
        "pengawas dapat mendatanginya.",
        "Government procurement data is kept within Indonesia, so that Indonesian law protects it and supervisors can get to it.",
    ),
    remedy=Text(
        "Catat tempat setiap server dan cadangan di konsol, halaman penyedia, Register lokasi server dan cadangan: kolom "
        "`what`, `name` (nama host), `place`, `country` (`ID`), beserta buktinya. Yang berada di luar negeri dipindahkan.",
        "Enter the place of every server and backup in the console, on the provider's page, Register of places of servers and "
        "backups: columns `what`, `name` (the host name), `place`, `country` (`ID`), with evidence. Move what is abroad.",
    ),
)  # fmt: skip
def located_in_the_country(register: DataLocations | None, enrolled: EnrolledAgents, *, country: str = "ID") -> Verdict:
    expected = Text(f"dinyatakan berada di {country}", f"declared to be in {country}")
    if register is None:
        return unkept(DataLocations)
    allowed = {country.upper(), COUNTRIES.get(country.upper(), country.upper())}
    wrong = [
        Text(f"{row.name[:60]}: {row.country[:40]}", f"{row.name[:60]}: {row.country[:40]}")
        for row in register.rows
        if row.country.strip().upper() not in allowed
    ]
    standing = [row.name for row in register.rows if row.what is Located.SERVER]
    wrong += [
        Text(f"{one.name}: tempatnya tidak dinyatakan", f"{one.name}: its place is not declared")
        for one in enrolled.servers
        if not one.retired and not any(same_host(name, one.name) for name in standing)
    ]
    if not any(row.what is Located.BACKUP for row in register.rows):
        wrong.append(Text("tempat cadangan tidak dinyatakan", "no place of a backup is declared"))
    if wrong:
        return judge(False, some(wrong), expected, value=len(wrong))
    if enrolled.total > sum(not one.retired for one in enrolled.servers):
        return unknown(Text("daftar server terpotong", "the list of servers was cut"))
    measured = Text(f"{len(register.rows)} tempat dinyatakan", f"{len(register.rows)} places declared")
    return judge(True, measured, expected, value=0)
