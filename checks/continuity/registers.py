"""Continuity on paper and in fact (standard l): what has to be backed up, recovery sites, exercises.

Laws:
- What a server holds and the register does not name is as bad as what the register names and nobody backs up.
- That a server has no backup is said only where it could tell: what it could not read is undetermined.
- What bears the name of registered data on another server is its replica, and needs no row of its own.
- A copy is known by the name of its files. One made by pgBackRest or Barman has none: it holds every database of its server.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from checks.calendar import today, told
from checks.check import AVAILABILITY, DAY, HIGH, HOUR, MEDIUM, check
from checks.facts.continuity_registers import (
    BackupDuty,
    BackupRegister,
    ContinuityExercises,
    DataKind,
    RecoverySite,
    RecoverySites,
)
from checks.facts.discovered import Copy, DiscoveredBackups, DiscoveredReleases, Release
from checks.keeping import empty, same_host, some, unkept
from checks.text import Text
from checks.verdict import Status, Verdict, judge, not_applicable, unknown


@check(
    "L-BCK-12", severity=HIGH, aspect=AVAILABILITY, every=DAY, absent=Status.NOT_APPLICABLE,
    source="Pantau default (list of data to be backed up of Indeks KAMI part V, 8 days where a row says nothing)",
    title=Text("Cadangan mencakup semua data yang terdaftar", "Backups cover all registered data"),
    why=Text(
        "Cadangan yang lupa satu basis data atau satu folder baru diketahui pada hari pemulihannya.",
        "That a backup forgot a database or a folder is only noticed on the day it is restored.",
    ),
    remedy=Text(
        "Bandingkan `psql -l` dan `ls /home/file` di server dengan Register data yang dicadangkan (konsol, halaman penyedia): "
        "setiap basis data, folder dokumen, dan konfigurasi mendapat satu baris, dan skrip cadangannya mencakup semuanya.",
        "Compare `psql -l` and `ls /home/file` on the server with the Register of data to be backed up (console, the provider's "
        "page): every database, document folder and configuration gets a row, and the backup script covers all of them.",
    ),
)  # fmt: skip
def backups_cover(
    register: BackupRegister | None, found: DiscoveredBackups, now: datetime, *, hours: int = 192
) -> Verdict:
    expected = Text(
        "setiap data terdaftar punya cadangan, setiap data di server terdaftar",
        "all registered data has a backup, all data on servers is registered",
    )
    if register is None:
        return unkept(BackupRegister)
    if not register.rows:
        return empty(BackupRegister, expected)
    wrong: list[Text] = []
    unseen: list[str] = []
    for row in register.rows:
        copies = [one.newest for one in found.rows if _of(one, row)]
        if copies:
            wrong += _stale(row, max(copies), now, hours)
        elif any(one.kind == row.kind.value and same_host(one.server, row.host) for one in found.told):
            wrong.append(Text(f"{_named(row)}: tidak ada cadangan", f"{_named(row)}: no backup"))
        else:
            unseen.append(_named(row))
    registered = {(row.kind.value, row.name) for row in register.rows}
    for one in found.data:
        if (one.kind, one.name) not in registered:
            name = f"{one.name[:60]} ({one.server})"
            wrong.append(Text(f"{name}: ada di server, tidak terdaftar", f"{name}: on the server, not registered"))
    if wrong:
        return judge(False, some(wrong), expected, value=len(wrong))
    if unseen:
        named = some(unseen)
        return unknown(Text(f"tidak terlihat oleh agen: {named.id}", f"no agent could see: {named.en}"))
    count = len(register.rows)
    return judge(True, Text(f"{count} dari {count} tercakup", f"{count} of {count} covered"), expected, value=0)


def _stale(row: BackupDuty, newest: datetime, now: datetime, hours: int) -> list[Text]:
    """What is wrong with the newest copy, if anything is."""
    allowed = row.hours or hours
    if newest >= now - timedelta(hours=allowed):
        return []
    name, when = _named(row), told(newest)
    return [Text(f"{name}: terakhir {when}, lebih dari {allowed} jam", f"{name}: last {when}, over {allowed} hours")]


def _of(copy: Copy, row: BackupDuty) -> bool:
    """Only databases are told apart: of documents and configuration a server has one backup each."""
    if copy.kind != row.kind.value or not same_host(copy.server, row.host):
        return False
    return row.kind is not DataKind.DATABASE or not copy.name or row.name.casefold() in copy.name.casefold()


def _named(row: BackupDuty) -> str:
    return f"{row.name[:60]} ({row.host})"


@check(
    "L-DR-03", severity=HIGH, aspect=AVAILABILITY, every=HOUR, absent=Status.NOT_APPLICABLE,
    source="LPSE standard 12 form (DRC); Pantau default (an hour)",
    title=Text("DRC terjangkau dengan versi SPSE yang sama", "The recovery site is reachable, with the same SPSE version"),
    why=Text(
        "DRC yang tertinggal satu versi tidak dapat membuka basis data yang direplikasi, dan yang padam tidak menggantikan "
        "siapa pun.",
        "A recovery site one version behind cannot open the replicated database, and one that is down takes nobody's place.",
    ),
    remedy=Text(
        "Periksa server DRC: `systemctl status pantau-agent`, lalu samakan rilis SPSE dengan server utama. DRC dan server yang "
        "digantikannya dicatat di konsol, halaman penyedia, Register DRC (kolom `host`, `replaces`).",
        "Look at the recovery server: `systemctl status pantau-agent`, then bring SPSE to the release of the main server. Enter "
        "the site and the server it replaces in the console, on the provider's page, Register of recovery sites (columns "
        "`host`, `replaces`).",
    ),
)  # fmt: skip
def recovery_sites(
    register: RecoverySites | None, found: DiscoveredReleases, now: datetime, *, minutes: int = 60
) -> Iterator[Verdict]:
    if register is None:
        yield unkept(RecoverySites)
        return
    if not register.rows:
        yield not_applicable(Text("dinyatakan tidak ada DRC", "declared that there is no recovery site"))
        return
    for row in register.rows:
        yield _site(row, found.rows, now, minutes)


def _site(row: RecoverySite, servers: Sequence[Release], now: datetime, minutes: int) -> Verdict:
    expected = Text(
        f"terdengar dalam {minutes} menit, versi SPSE sama", f"heard within {minutes} minutes, the same SPSE version"
    )
    here = [one for one in servers if same_host(one.server, row.host)]
    main = [one for one in servers if same_host(one.server, row.replaces)]
    for name, seen in ((row.host, here), (row.replaces, main)):
        if len(seen) != 1:
            said = Text(f"{len(seen)} server bernama {name}", f"{len(seen)} servers are called {name}")
            return unknown(said, subject=row.host)
    site, replaced = here[0], main[0]
    if site.heard < now - timedelta(minutes=minutes):
        last = told(site.heard)
        return judge(False, Text(f"terakhir terdengar {last}", f"last heard {last}"), expected, subject=row.host)
    for mine, other in ((site.release, replaced.release), (site.framework, replaced.framework)):
        if mine and other:
            measured = Text(f"{mine}, server utama {other}", f"{mine}, main server {other}")
            return judge(mine == other, measured, expected, subject=row.host)
    return unknown(Text("versi SPSE tidak diketahui", "the SPSE version is not known"), subject=row.host)


@check(
    "L-DR-04", severity=MEDIUM, aspect=AVAILABILITY, every=DAY,
    source="LPSE standard 12 form; ISO/IEC 27002:2022 5.30; Pantau default (365 days)",
    title=Text("Kelangsungan layanan diuji setiap tahun", "Continuity is exercised every year"),
    why=Text(
        "Rencana yang tidak pernah dilatih gagal pada langkah pertama: nomor telepon yang salah, kata sandi yang hilang.",
        "A plan that was never exercised fails at its first step: a wrong telephone number, a lost password.",
    ),
    remedy=Text(
        "Adakan latihan (sekurang-kurangnya pemulihan dari cadangan: `pantau-agent restore-test`), lalu catat di konsol, "
        "halaman penyedia, Register uji kelangsungan: kolom `held`, `kind`, `scenario`, `result`, dan `lessons`.",
        "Hold an exercise (at the least a restore from backup: `pantau-agent restore-test`), then enter it in the console, on "
        "the provider's page, Register of continuity exercises: columns `held`, `kind`, `scenario`, `result` and `lessons`.",
    ),
)  # fmt: skip
def exercises(register: ContinuityExercises | None, now: datetime, *, days: int = 365) -> Verdict:
    expected = Text(
        f"latihan dengan hasil, paling lama {days} hari lalu", f"an exercise with a result, within {days} days"
    )
    if register is None:
        return unkept(ContinuityExercises)
    day = today(now)
    newest = max(
        (row for row in register.rows if row.held <= day), key=lambda row: (row.held, row.result), default=None
    )
    if newest is None:
        return empty(ContinuityExercises, expected)
    age = (day - newest.held).days
    kind = newest.kind.label
    if not newest.result:
        said = Text(f"{kind.id}, {age} hari lalu, tanpa hasil", f"{kind.en}, {age} days ago, without a result")
        return judge(False, said, expected, value=age)
    measured = Text(f"{kind.id}, {age} hari lalu", f"{kind.en}, {age} days ago")
    return judge(age <= days, measured, expected, value=age)
