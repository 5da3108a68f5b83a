"""Backups: fresh, of a plausible size, readable, protected, kept long enough (standard l)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from checks.check import AVAILABILITY, CONFIDENTIALITY, CRITICAL, DAY, HIGH, HOUR, INTEGRITY, MEDIUM, check
from checks.facts.backup_test import BackupTest
from checks.facts.backups import Backups, Series, production
from checks.facts.document_store import DocumentFolders
from checks.facts.postgres_installed import PostgresInstalled
from checks.text import Text, joined
from checks.verdict import Status, Verdict, judge, not_applicable, unknown, warned

NO_DUMP = Text(
    "Tidak ada dump basis data di folder cadangan yang lazim (/backup, /home/backup, /var/backups/postgresql, ...)",
    "There is no database dump in the usual backup folders (/backup, /home/backup, /var/backups/postgresql, ...)",
)
TOOL_ONLY = Text(
    "Cadangan dikelola pgBackRest atau Barman; ukurannya tidak dibaca",
    "pgBackRest or Barman keep the backups; unseen here",
)
NIGHTLY = Text(
    "`pg_dump -Fc epns_prod -f /backup/epns_prod-$(date +%F).dump` setiap malam dari cron milik postgres, dengan umask 077",
    "`pg_dump -Fc epns_prod -f /backup/epns_prod-$(date +%F).dump` every night from the cron of postgres, with umask 077",
)
STEADY = 3  # copies before the newest, for a median to mean something


def hours_since(moment: float, now: datetime) -> float:
    """Hours from `moment` (seconds since the epoch) to `now`."""
    return round((now.timestamp() - moment) / HOUR, 1)


def _left_out(found: Backups | None) -> list[Text]:
    """What was seen and does not count."""
    notes = []
    if found and found.foreign:
        notes.append(
            Text(
                f"{found.foreign} berkas milik pengguna biasa di foldernya sendiri tidak dihitung",
                f"{found.foreign} files of ordinary users in their own folders do not count",
            )
        )
    if found and found.skipped:
        folders = ", ".join(found.skipped)
        notes.append(
            Text(f"dilewati karena terlalu banyak berkas: {folders}", f"skipped because of too many files: {folders}")
        )
    return notes


def _age(moment: float, now: datetime, hours: float, subject: str = "") -> Verdict:
    """A copy not older than `hours`, and not from the future."""
    age = hours_since(moment, now)
    measured = Text(f"{age:g} jam yang lalu", f"{age:g} hours ago")
    return judge(
        -1 <= age <= hours, measured, Text(f"<= {hours:g} jam", f"<= {hours:g} hours"), subject=subject, value=age
    )


@check(
    "L-BCK-01", severity=CRITICAL, aspect=AVAILABILITY, every=HOUR, grace=2 * HOUR, absent=Status.NOT_APPLICABLE,
    source="ISO/IEC 27002:2022 8.13; Pantau default",
    title=Text("Cadangan basis data baru", "The database backup is recent"),
    why=Text(
        "Semua yang masuk sesudah cadangan terakhir hilang bila basis data rusak: penawaran, sanggahan, berita acara.",
        "Whatever came in after the last backup is lost if the database breaks: bids, objections, minutes.",
    ),
    remedy=Text(
        f"Jadwalkan {NIGHTLY.id}; periksa mengapa yang terakhir gagal: `journalctl -u cron` (Debian/Ubuntu), "
        "`journalctl -u crond` (EL).",
        f"Schedule {NIGHTLY.en}; see why the last one failed: `journalctl -u cron` (Debian/Ubuntu), "
        "`journalctl -u crond` (EL).",
    ),
)  # fmt: skip
def database_age(
    database: PostgresInstalled, found: Backups | None, now: datetime, *, hours: float = 24.0
) -> Iterator[Verdict]:
    moments = [one.newest for one in production(found.database)] if found else []
    if found and found.catalogue is not None:
        moments.append(found.catalogue)
    if not moments:
        yield judge(False, joined((NO_DUMP, *_left_out(found))), Text(f"<= {hours:g} jam", f"<= {hours:g} hours"))
        return
    yield _age(max(moments), now, hours)


@check(
    "L-BCK-02", severity=HIGH, aspect=INTEGRITY, every=HOUR, grace=2 * HOUR, absent=Status.NOT_APPLICABLE,
    source="Pantau default",
    title=Text("Ukuran cadangan wajar", "The backup has a plausible size"),
    why=Text(
        "Cadangan yang mendadak mengecil biasanya terpotong (disk penuh, kata sandi salah), dan namanya tetap tampak baik.",
        "A backup that suddenly shrinks was usually cut short (disk full, wrong password), while its name still looks fine.",
    ),
    remedy=Text(
        "Bandingkan dengan `ls -lt FOLDER_CADANGAN`, jalankan ulang pg_dump secara manual dan baca galatnya. Bila data "
        "memang berubah banyak, hasil ini pulih sendiri setelah beberapa cadangan.",
        "Compare with `ls -lt BACKUP_FOLDER`, run pg_dump by hand and read its errors. If the data really changed that much, "
        "this recovers by itself after a few backups.",
    ),
)  # fmt: skip
def size(database: PostgresInstalled, found: Backups | None, *, percent: float = 40.0) -> Iterator[Verdict]:
    if found is None or not found.database:
        yield unknown(TOOL_ONLY if found and found.catalogue is not None else NO_DUMP)
        return
    for one in production(found.database):
        yield _size(one, percent)


def _size(one: Series, percent: float) -> Verdict:
    expected = Text(f"> 0, dalam {percent:g}% dari median", f"> 0, within {percent:g}% of the median")
    if one.size == 0:
        return judge(False, Text("0 byte", "0 bytes"), expected, subject=one.name, value=0)
    if one.count <= STEADY or not one.median:
        few = Text(
            f"Baru {one.count} salinan; ukurannya belum dapat dibandingkan",
            f"Only {one.count} copies; their size cannot be compared yet",
        )
        return unknown(few, subject=one.name)
    off = round((one.size / one.median - 1) * 100, 1)
    measured = Text(f"{off:+g}% dari median {one.median} byte", f"{off:+g}% of the median of {one.median} bytes")
    return judge(abs(off) <= percent, measured, expected, subject=one.name, value=off)


@check(
    "L-BCK-03", severity=CRITICAL, aspect=INTEGRITY, every=DAY, absent=Status.NOT_APPLICABLE,
    source="Peraturan BSSN 4/2021 Pasal 27 ayat (7) huruf e; Pantau default",
    title=Text("Cadangan terbaca", "The backup can be read"),
    why=Text(
        "Cadangan yang tidak dapat dibaca sama dengan tidak ada cadangan, dan biasanya baru diketahui pada hari terburuk.",
        "A backup that cannot be read is no backup, and that is usually found out on the worst day.",
    ),
    remedy=Text(
        "Uji secara manual: `pg_restore --file=/dev/null BERKAS`, `gzip -t BERKAS`. Periksa ruang disk saat "
        "pencadangan, pakai `set -o pipefail` dalam skrip, lalu buat cadangan baru sekarang. pg_restore tidak boleh "
        "lebih tua daripada pg_dump. Cadangan terenkripsi diuji tanpa kunci: tulis `sha256sum BERKAS > BERKAS.sha256` "
        "dalam skrip, segera sesudah enkripsi berhasil.",
        "Test by hand: `pg_restore --file=/dev/null FILE`, `gzip -t FILE`. Look at disk space during the backup, use "
        "`set -o pipefail` in the script, and make a new backup now. pg_restore must not be older than pg_dump. An encrypted "
        "backup is tested without its key: write `sha256sum FILE > FILE.sha256` in the script, right after encrypting worked.",
    ),
)  # fmt: skip
def readable(test: BackupTest) -> Verdict:
    expected = Text("terbaca sampai akhir", "readable to its end")
    name = test.path.rpartition("/")[2]
    if not test.tool:
        return _sealed(test, name)
    if test.readable and not test.whole:
        listed = Text(f"{name}: daftar isi terbaca, isinya belum diuji", f"{name}: contents listed, data not read")
        return warned(listed, expected)
    if test.readable:
        return judge(True, Text(f"{name}: {test.tool} berhasil", f"{name}: {test.tool} succeeded"), expected)
    return judge(
        False, Text(f"{name}: {test.tool} gagal membacanya", f"{name}: {test.tool} could not read it"), expected
    )


def _sealed(test: BackupTest, name: str) -> Verdict:
    """Of an encrypted dump: that its container is whole. What is in it is shown by the restore test alone (L-BCK-09)."""
    kind = test.container or "?"
    expected = Text("wadah terenkripsi yang utuh", "an encrypted container that is whole")
    named = Text(f"{name} ({kind})", f"{name} ({kind})")
    match test.proof, test.readable:
        case "sha256", True:
            said = Text("sama dengan jumlah SHA-256 di sampingnya", "equals the SHA-256 checksum beside it")
        case "sha256", False:
            said = Text("berbeda dari jumlah SHA-256 di sampingnya", "differs from the SHA-256 checksum beside it")
        case "end", True:
            said = Text("wadahnya utuh sampai akhir", "its container is whole to its end")
        case "end", False:
            said = Text("wadahnya terpotong atau rusak", "its container is cut off or damaged")
        case "head", _:
            named = Text(name, name)
            said = Text(
                f"bukan berkas {kind}, atau kosong" if test.container else "kosong",
                f"no {kind} file, or empty" if test.container else "empty",
            )
        case _:
            return unknown(
                Text(
                    f"{named.id}: terenkripsi, dan jenis ini tidak menunjukkan akhirnya tanpa kunci. Buat jumlahnya saat "
                    "mencadangkan: `sha256sum BERKAS > BERKAS.sha256`",
                    f"{named.en}: encrypted, and this kind does not show its end without the key. Make its checksum during "
                    "the backup: `sha256sum FILE > FILE.sha256`",
                )
            )
    content = Text("; isinya hanya terbukti oleh uji pemulihan (L-BCK-09)", "; its content is proven by L-BCK-09 alone")
    if not test.readable:
        content = Text("", "")
    return judge(
        test.readable, Text(f"{named.id}: {said.id}{content.id}", f"{named.en}: {said.en}{content.en}"), expected
    )


@check(
    "L-BCK-04", severity=CRITICAL, aspect=AVAILABILITY, every=HOUR, grace=2 * HOUR, absent=Status.NOT_APPLICABLE,
    source="ISO/IEC 27002:2022 8.13; Pantau default",
    title=Text("Cadangan dokumen baru", "The backup of documents is recent"),
    why=Text(
        "Basis data tanpa dokumen penawaran tidak dapat dievaluasi; keduanya harus dicadangkan bersama.",
        "A database without the bid documents cannot be evaluated; both must be backed up together.",
    ),
    remedy=Text(
        "Setiap malam: `rsync -a /home/file/file_prod/ /backup/file_prod/ && touch /backup/file_prod.stamp`. Stempel "
        "itu perlu, karena rsync -a tidak mengubah waktu folder tujuan. Jangan memakai `--delete`: folder asal yang "
        "kosong atau tidak terpasang akan mengosongkan cadangannya.",
        "Every night: `rsync -a /home/file/file_prod/ /backup/file_prod/ && touch /backup/file_prod.stamp`. The stamp "
        "is needed: rsync -a leaves the time of the target folder as it is. No `--delete`: a store that is empty or not "
        "mounted would empty its backup.",
    ),
)  # fmt: skip
def documents_age(folders: DocumentFolders, found: Backups | None, now: datetime, *, hours: float = 24.0) -> Verdict:
    if found is not None and found.documents is not None:
        return _age(found.documents, now, hours)
    if found is not None and found.mirror:
        return unknown(
            Text(
                "Ada folder salinan dokumen, tetapi tidak ada stempel (file_prod.stamp) yang menyatakan kapan disalin",
                "There is a copy of the documents, but no stamp (file_prod.stamp) that says when it was made",
            )
        )
    nothing = Text(
        "Tidak ada arsip, stempel, atau salinan file_prod di folder cadangan yang lazim",
        "There is no archive, stamp or copy of file_prod in the usual backup folders",
    )
    return judge(False, joined((nothing, *_left_out(found))), Text(f"<= {hours:g} jam", f"<= {hours:g} hours"))


@check(
    "L-BCK-07", severity=HIGH, aspect=CONFIDENTIALITY, every=DAY, absent=Status.NOT_APPLICABLE,
    source="Indeks KAMI VI.11; Pantau default",
    title=Text("Cadangan terenkripsi dan terlindung", "Backups are encrypted and protected"),
    why=Text(
        "Satu berkas dump memuat seluruh basis data; yang dapat dibaca semua pengguna adalah kebocoran, yang dapat diubah akun "
        "biasa ikut hilang oleh ransomware.",
        "One dump holds the whole database: readable by everyone it is a leak, writable by an ordinary account it goes with "
        "the next ransomware.",
    ),
    remedy=Text(
        "`chown root:root FOLDER && chmod 700 FOLDER && chmod 600 FOLDER/*`, umask 077 dalam skrip; enkripsi dengan "
        "`age -r KUNCI_PUBLIK` atau `gpg -e` sebelum keluar dari server (kunci pribadi jangan di server ini), dan tulis "
        "`sha256sum BERKAS > BERKAS.sha256` di sampingnya: dengan itu keutuhannya dapat diperiksa (L-BCK-03).",
        "`chown root:root FOLDER && chmod 700 FOLDER && chmod 600 FOLDER/*`, umask 077 in the script; encrypt with "
        "`age -r PUBLIC_KEY` or `gpg -e` before it leaves the server (keep the private key off this one), and write "
        "`sha256sum FILE > FILE.sha256` beside it: with that it can be seen to be whole (L-BCK-03).",
    ),
)  # fmt: skip
def protected(found: Backups) -> Verdict:
    guard = found.guard
    if not guard.files:
        return not_applicable(TOOL_ONLY)
    counted = Text(
        f"{guard.files} berkas: {guard.readable} terbaca semua pengguna, {guard.writable} dapat diubah selain pemilik, "
        f"{guard.login_owned} milik akun biasa, {guard.encrypted} terenkripsi; terlonggar {guard.worst:04o}",
        f"{guard.files} files: {guard.readable} readable by all, {guard.writable} writable by others than the owner, "
        f"{guard.login_owned} owned by ordinary accounts, {guard.encrypted} encrypted; loosest {guard.worst:04o}",
    )
    measured = joined((counted, *_left_out(found)))
    expected = Text("0600, milik root atau postgres, terenkripsi", "0600, owned by root or postgres, encrypted")
    if guard.readable or guard.writable:
        return judge(False, measured, expected, value=guard.readable + guard.writable)
    if guard.login_owned or guard.encrypted < guard.files:
        return warned(measured, expected, value=0)
    return judge(True, measured, expected, value=0)


@check(
    "L-BCK-08", severity=MEDIUM, aspect=AVAILABILITY, every=DAY, absent=Status.NOT_APPLICABLE, source="Pantau default",
    title=Text("Cadangan disimpan cukup lama", "Backups are kept long enough"),
    why=Text(
        "Kerusakan data sering baru ketahuan setelah berminggu-minggu; cadangan semalam sudah memuat kerusakan itu.",
        "Damaged data is often noticed only after weeks; last night's backup holds the damage already.",
    ),
    remedy=Text(
        "Simpan 14 salinan harian dan salinan tanggal 1 setiap bulan selama 6 bulan; hapus selebihnya dengan skrip yang "
        "menyisakannya, dan hanya bila cadangan malam itu berhasil (`find FOLDER -name '*.dump' -mtime +14 ! -name "
        "'*-01.dump' -delete`).",
        "Keep 14 daily copies and that of the first of each month for 6 months; delete the others with a script that "
        "spares those, and only after that night's backup succeeded (`find FOLDER -name '*.dump' -mtime +14 ! -name "
        "'*-01.dump' -delete`).",
    ),
)  # fmt: skip
def retention(
    database: PostgresInstalled, found: Backups | None, *, daily: int = 14, monthly: int = 6
) -> Iterator[Verdict]:
    expected = Text(f">= {daily} hari dan >= {monthly} bulan", f">= {daily} days and >= {monthly} months")
    if found is None or not found.database:
        yield unknown(TOOL_ONLY) if found and found.catalogue is not None else judge(False, NO_DUMP, expected)
        return
    kept = max(production(found.database), key=lambda one: (one.days, one.months))
    measured = Text(
        f"salinan dari {kept.days} hari dan {kept.months} bulan", f"copies of {kept.days} days and {kept.months} months"
    )
    yield judge(kept.days >= daily and kept.months >= monthly, measured, expected, subject=kept.name, value=kept.days)
