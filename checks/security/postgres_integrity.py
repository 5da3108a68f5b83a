"""PostgreSQL: checksums, file permissions, and what is installed inside (standard k)."""

from __future__ import annotations

from collections.abc import Iterator

from checks.baseline import drift
from checks.check import DAY, HIGH, HOUR, INTEGRITY, MEDIUM, check
from checks.facts.postgres_databases import PgDatabases
from checks.facts.postgres_extensions import ApprovedExtensions, InstalledExtensions, PgExtensions
from checks.facts.postgres_files import PgFiles
from checks.facts.postgres_installed import PostgresInstalled
from checks.facts.postgres_settings import PgSettings
from checks.security.approval import look_then_approve
from checks.security.postgres import NO_POSTGRES
from checks.text import Text
from checks.verdict import Verdict, judge, unknown

EXTENSIONS = (
    "amcheck", "btree_gin", "btree_gist", "citext", "fuzzystrmatch", "hstore", "intarray", "isn", "ltree", "pageinspect",
    "pg_buffercache", "pg_freespacemap", "pg_prewarm", "pg_repack", "pg_stat_statements", "pg_trgm", "pg_visibility",
    "pgaudit", "pgcrypto", "pgrowlocks", "pgstattuple", "plpgsql", "postgis", "tablefunc", "unaccent", "uuid-ossp",
)  # fmt: skip


@check(
    "K-PG-11", severity=HIGH, aspect=INTEGRITY, every=HOUR, absent=NO_POSTGRES,
    source="pgdsat 1.3.3; Pantau default",
    title=Text("Checksum data aktif tanpa kegagalan", "Data checksums are on and none has failed"),
    why=Text(
        "Disk yang rusak mengubah data tanpa suara. Dengan checksum PostgreSQL menyadarinya saat membaca, bukan ketika "
        "cadangan yang ikut rusak sudah menimpa yang baik.",
        "A failing disk changes data silently. With checksums PostgreSQL notices on reading, not when the damaged backup has "
        "replaced the good one.",
    ),
    remedy=Text(
        "Checksum mati: hentikan PostgreSQL di luar jam layanan (lamanya sebanding ukuran basis data), jalankan sebagai "
        "postgres `pg_checksums --enable -D <data_directory>` (versi 12 ke atas), lalu jalankan kembali. Ada kegagalan: "
        "periksa disk (`smartctl -a`), jangan timpa cadangan lama, lalu pulihkan dari cadangan yang baik.",
        "Checksums off: stop PostgreSQL outside service hours (it takes time in proportion to the size), as postgres "
        "run `pg_checksums --enable -D <data_directory>` (version 12 and later), start it again. Failures: examine the "
        "disk (`smartctl -a`), do not overwrite old backups, restore from a good one.",
    ),
)  # fmt: skip
def checksums(settings: PgSettings, databases: PgDatabases) -> Verdict:
    failed = {one.name: one.checksum_failures for one in databases.databases if one.checksum_failures}
    shown = ", ".join(f"{name} {count}" for name, count in list(failed.items())[:5]) or "0"
    measured = Text(
        f"data_checksums {settings.option('data_checksums')}; kegagalan: {shown}",
        f"data_checksums {settings.option('data_checksums')}; failures: {shown}",
    )
    met = settings.option("data_checksums") == "on" and not failed
    expected = Text("data_checksums on; kegagalan: 0", "data_checksums on; failures: 0")
    return judge(met, measured, expected, value=sum(count or 0 for count in failed.values()))


@check(
    "K-PG-12", severity=HIGH, aspect=INTEGRITY, every=DAY, absent=NO_POSTGRES,
    source="pgdsat 2.2, 2.4; Pantau default (0750 and 0640 as PostgreSQL and Debian set them)",
    title=Text("Direktori data dan pg_hba.conf terlindung", "The data directory and pg_hba.conf are protected"),
    why=Text(
        "Siapa yang dapat membaca direktori data membaca seluruh basis data, dan siapa yang dapat menulis pg_hba.conf "
        "memberi dirinya jalan masuk.",
        "Whoever can read the data directory reads the whole database, and whoever can write pg_hba.conf lets themselves in.",
    ),
    remedy=Text(
        "`chown postgres:postgres <berkas>`; `chmod 0700 <direktori data>`; `chmod 0640 <pg_hba.conf>`.",
        "`chown postgres:postgres <file>`; `chmod 0700 <data directory>`; `chmod 0640 <pg_hba.conf>`.",
    ),
)  # fmt: skip
def permissions(
    installed: PostgresInstalled, files: PgFiles | None, *, directory_mode: int = 0o750, file_mode: int = 0o640
) -> Iterator[Verdict]:
    """No more than these modes; pg_hba.conf belongs to root or to who owns a data directory."""
    if files is None:
        places = ", ".join(installed.places)[:200]
        yield unknown(
            Text(f"direktori data tidak ditemukan ({places})", f"the data directory was not found ({places})")
        )
        return
    owners = {file.uid for file in files.files if file.directory}
    for file in files.files:
        most = directory_mode if file.directory else file_mode
        met = not file.mode & ~most and (file.uid in owners | {0} if not file.directory else file.uid != 0)
        yield judge(met, f"{file.mode:04o} uid {file.uid} gid {file.gid}", f"<= {most:04o}", subject=file.path)


@check(
    "K-PG-13", severity=HIGH, aspect=INTEGRITY, every=DAY, absent=NO_POSTGRES,
    source="CIS PostgreSQL 16 1.0.0 1.5; Pantau default (the list)",
    title=Text("Tanpa ekstensi atau bahasa tak dikenal", "No unexpected extensions or untrusted languages"),
    why=Text(
        "Ekstensi seperti dblink atau file_fdw dan bahasa seperti plpython3u membuka jalan dari basis data ke berkas, perintah "
        "dan jaringan server.",
        "Extensions such as dblink or file_fdw and languages such as plpython3u open ways from the database to the server's "
        "files, commands and network.",
    ),
    remedy=Text(
        "Bila tidak dipakai: `sudo -u postgres psql -d <basis data> -c 'DROP EXTENSION <nama>'`. Bila diperlukan, "
        "ajukan penambahan ke daftar kebijakan.",
        "If it is not used: `sudo -u postgres psql -d <database> -c 'DROP EXTENSION <name>'`. If it is needed, ask for it to "
        "be added to the policy's list.",
    ),
)  # fmt: skip
def extensions(found: PgExtensions, *, allowed: tuple[str, ...] = EXTENSIONS) -> Iterator[Verdict]:
    """One verdict a database; languages that PostgreSQL itself calls untrusted are never allowed by the list of "
    "extensions.
    """
    expected = Text("hanya yang ada dalam daftar kebijakan", "only those on the policy's list")
    for one in found.databases:
        strange = [*(name for name in one.extensions if name not in allowed), *one.untrusted]
        measured = ", ".join(dict.fromkeys(strange)) or ", ".join(one.extensions) or "-"
        yield judge(not strange, measured[:300], expected, subject=one.database, value=len(strange))
    if found.others:
        yield unknown(
            Text(
                f"{found.others} basis data lain tidak diperiksa",
                f"{found.others} other databases were not looked into",
            )
        )


@check(
    "K-PG-14", severity=MEDIUM, aspect=INTEGRITY, every=DAY, absent=NO_POSTGRES,
    source="CIS PostgreSQL 16 1.0.0 1.5; Pantau default (approved baseline)",
    title=Text(
        "Ekstensi dan bahasa basis data seperti yang disetujui", "Extensions and languages are those that were approved"
    ),
    why=Text(
        "Ekstensi yang tiba-tiba ada, walau dikenal, berarti ada yang mengubah basis data dengan hak tertinggi.",
        "An extension that is suddenly there, be it a known one, means that somebody changed the database with the highest "
        "privilege.",
    ),
    remedy=look_then_approve(
        "Lihat siapa dan kapan: `sudo -u postgres psql -d <basis data> -c '\\dx'` dan log PostgreSQL (CREATE EXTENSION).",
        "See who and when: `sudo -u postgres psql -d <database> -c '\\dx'` and PostgreSQL's log (CREATE EXTENSION).",
    ),
)  # fmt: skip
def approved_extensions(now: InstalledExtensions, approved: ApprovedExtensions | None) -> Verdict:
    return drift(now, approved, removed=False)
