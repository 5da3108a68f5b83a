"""PostgreSQL: connections, size, cache, dead rows, transaction ids, long transactions (standard g)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from checks.capacity.growth import MADE_OF, NOT_YET, forecast
from checks.check import AVAILABILITY, DAY, HIGH, HOUR, LOW, MEDIUM, MINUTE, check
from checks.facts.filesystems import Filesystem, Filesystems
from checks.facts.postgres_activity import PgActivity
from checks.facts.postgres_databases import PgDatabases
from checks.facts.postgres_settings import PgSettings
from checks.facts.postgres_tables import PgTable, PgTables
from checks.text import Text, Words, joined
from checks.trend import scaled
from checks.verdict import Status, Verdict, at_most, judge, not_applicable, unknown, warned

NO_POSTGRES = Status.NOT_APPLICABLE
GIBIBYTE = 1 << 30
MILLION = 1_000_000


@check(
    "G-PG-01", severity=HIGH, aspect=AVAILABILITY, every=MINUTE, grace=3 * MINUTE, absent=NO_POSTGRES,
    source="Pantau default",
    title=Text("Koneksi basis data masih tersedia", "Database connections are left"),
    why=Text(
        "Bila koneksi habis, SPSE menolak pengguna baru, biasanya tepat pada batas akhir pemasukan penawaran.",
        "When connections run out SPSE turns users away, usually right at the deadline for bids.",
    ),
    remedy=Text(
        "Lihat siapa yang memakai: `sudo -u postgres psql -c 'SELECT usename, state, count(*) FROM pg_stat_activity GROUP BY "
        "1, 2'`. Jumlah db.pool.maxSize semua instance SPSE harus di bawah max_connections; kecilkan pool, atau naikkan "
        "max_connections bila memori cukup (perlu mulai ulang).",
        "See who uses them: `sudo -u postgres psql -c 'SELECT usename, state, count(*) FROM pg_stat_activity GROUP BY 1, 2'`. "
        "db.pool.maxSize of all SPSE instances together must stay below max_connections; make the pools smaller, or raise "
        "max_connections if there is memory for it (needs a restart).",
    ),
)  # fmt: skip
def connections(activity: PgActivity, *, warn: float = 70.0, fail: float = 90.0) -> Verdict:
    """Thresholds in percent of max_connections."""
    share = 100 * activity.connections / activity.maximum
    measured = Text(
        f"{activity.connections} dari {activity.maximum} ({share:.0f} %)",
        f"{activity.connections} of {activity.maximum} ({share:.0f} %)",
    )
    return at_most(round(share, 1), warn=warn, fail=fail, unit="%", measured=measured)


@check(
    "G-PG-04", severity=MEDIUM, aspect=AVAILABILITY, every=6 * HOUR, absent=NO_POSTGRES, source="Pantau default",
    title=Text("Basis data muat di ruang disk", "The database fits its disk"),
    why=Text(
        "PostgreSQL berhenti bila disknya penuh, dan memelihara tabel besar (VACUUM FULL, REINDEX, pg_upgrade) memerlukan ruang "
        "sebanding dengan ukurannya.",
        "PostgreSQL stops when its disk is full, and keeping large tables in order (VACUUM FULL, REINDEX, pg_upgrade) takes room "
        "in proportion to their size.",
    ),
    remedy=Text(
        "Perluas sistem berkas tempat data_directory (LVM: `lvextend -r -L +50G <volume>`), atau pindahkan log dan cadangan "
        "dari sana.",
        "Enlarge the file system that holds data_directory (LVM: `lvextend -r -L +50G <volume>`), or move logs and backups "
        "off it.",
    ),
)  # fmt: skip
def room(
    databases: PgDatabases,
    settings: PgSettings,
    filesystems: Filesystems,
    *,
    warn: float = 50.0,
    fail: float = 10.0,
    days: float = 90.0,
) -> Verdict:
    """`warn` and `fail`: free space in percent of the size of all databases. `days` until it is full, where growth is known."""
    where = settings.option("data_directory")
    if not where:
        return unknown(Text("data_directory tidak diperlihatkan kepada peran ini", "data_directory is not shown to us"))
    mount = _mount(where, filesystems)
    if mount is None:
        return unknown(Text(f"sistem berkas {where} tidak dikenal", f"the file system of {where} is not known"))
    share = 100 * mount.free / max(1, databases.size)
    size, free = databases.size / GIBIBYTE, mount.free / GIBIBYTE
    measured: Words = Text(
        f"{size:.1f} GiB basis data, {free:.1f} GiB tersisa di {mount.mount}",
        f"{size:.1f} GiB of databases, {free:.1f} GiB free on {mount.mount}",
    )
    expected = Text(f"sisa >= {fail:g} % ukuran basis data", f"free >= {fail:g} % of the databases' size")
    value = float(databases.size)
    if databases.growth is None:
        measured = joined((measured, NOT_YET))
    elif share >= fail:
        made_of = MADE_OF.get(databases.growth.basis)
        said = joined((measured, made_of)) if made_of else measured
        full = forecast(mount.free, scaled(databases.growth.share, databases.size), fail=days, besides=said)
        if full.status is not Status.PASS:
            return full
        measured = full.measured
    if fail <= share < warn:
        return warned(measured, expected, value=value)
    return judge(share >= fail, measured, expected, value=value)


def _mount(path: str, filesystems: Filesystems) -> Filesystem | None:
    """The file system on which `path` lies: the one with the longest mount point above it."""
    above = {str(parent) for parent in (PurePosixPath(path), *PurePosixPath(path).parents)}
    return max((one for one in filesystems.filesystems if one.mount in above), key=lambda f: len(f.mount), default=None)


@check(
    "G-PG-05", severity=LOW, aspect=AVAILABILITY, every=15 * MINUTE, absent=NO_POSTGRES, source="Pantau default",
    title=Text("Cache basis data mengena", "The database finds its data in cache"),
    why=Text(
        "Bila banyak halaman harus dibaca dari disk, memori untuk basis data terlalu kecil dan setiap halaman SPSE melambat.",
        "When many pages come from disk, the database has too little memory and every page of SPSE gets slower.",
    ),
    remedy=Text(
        "Naikkan shared_buffers (umumnya seperempat memori): `sudo -u postgres psql -c \"ALTER SYSTEM SET "
        "shared_buffers = '4GB'\"`, lalu mulai ulang PostgreSQL di luar jam layanan; cari kueri terberat dengan "
        "pg_stat_statements.",
        "Raise shared_buffers (commonly a quarter of memory): `sudo -u postgres psql -c \"ALTER SYSTEM SET "
        "shared_buffers = '4GB'\"`, then restart PostgreSQL outside service hours; find the heaviest queries with "
        "pg_stat_statements.",
    ),
)  # fmt: skip
def cache(databases: PgDatabases, *, minimum: float = 95.0, fewest: int = 1_000_000) -> Verdict:
    """`minimum` in percent; with fewer than `fewest` block reads since the counters were reset nothing can be said."""
    hits = sum(one.hits for one in databases.databases)
    total = hits + sum(one.reads for one in databases.databases)
    if total < fewest:
        return not_applicable(
            Text(f"baru {total} blok dibaca, belum bermakna", f"only {total} blocks read so far, too few to tell")
        )
    share = 100 * hits / total
    return judge(share >= minimum, f"{share:.2f} %", f">= {minimum:g} %", value=round(share, 2))


@check(
    "G-PG-06", severity=MEDIUM, aspect=AVAILABILITY, every=6 * HOUR, absent=NO_POSTGRES, source="Pantau default",
    title=Text("Baris mati sedikit, autovacuum bekerja", "Few dead rows, autovacuum works"),
    why=Text(
        "Baris mati yang tidak dibersihkan membuat tabel membengkak dan kueri melambat; biasanya autovacuum mati atau tertahan "
        "transaksi yang tidak pernah selesai.",
        "Dead rows that nobody removes bloat tables and slow queries; usually autovacuum is off, or held up by a transaction that "
        "never ends.",
    ),
    remedy=Text(
        "`sudo -u postgres psql -d <basis data> -c 'VACUUM (ANALYZE, VERBOSE) <tabel>'`, pastikan `SHOW autovacuum` on, dan "
        "akhiri transaksi yang menggantung (G-PG-08).",
        "`sudo -u postgres psql -d <database> -c 'VACUUM (ANALYZE, VERBOSE) <table>'`, make sure `SHOW autovacuum` is on, and "
        "end transactions that hang (G-PG-08).",
    ),
)  # fmt: skip
def dead_rows(tables: PgTables, *, dead: float = 20.0, days: int = 7, stale_dead: float = 5.0) -> Iterator[Verdict]:
    """FAIL above `dead` percent; WARN above `stale_dead` percent where the last vacuum is more than `days` ago."""
    expected = Text(
        f"<= {dead:g} % baris mati; vacuum <= {days} hari", f"<= {dead:g} % dead rows; vacuum <= {days} days"
    )
    for one in tables.databases:
        worst = max((_dead(table) for table in one.tables), default=0.0)
        stale = [t for t in one.tables if _dead(t) > stale_dead and (t.vacuumed is None or t.vacuumed > days * DAY)]
        shown = [table for table in one.tables if _dead(table) > dead] or stale
        names = ", ".join(f"{table.name} {_dead(table):.0f} %" for table in shown)
        measured = names or Text(
            f"{one.large} tabel besar" + f", baris mati <= {worst:.0f} %" * bool(one.large),
            f"{one.large} large tables" + f", dead rows <= {worst:.0f} %" * bool(one.large),
        )
        value = round(worst, 1)
        if worst <= dead and stale:
            yield warned(measured, expected, subject=one.database, value=value)
        else:
            yield judge(worst <= dead, measured, expected, subject=one.database, value=value)
    if tables.others:
        yield unknown(
            Text(
                f"{tables.others} basis data lain tidak diperiksa",
                f"{tables.others} other databases were not looked into",
            )
        )


def _dead(table: PgTable) -> float:
    return 100 * table.dead / max(1, table.live + table.dead)


@check(
    "G-PG-07", severity=HIGH, aspect=AVAILABILITY, every=6 * HOUR, absent=NO_POSTGRES, source="Pantau default",
    title=Text("ID transaksi jauh dari wraparound", "Transaction ids are far from wraparound"),
    why=Text(
        "Mendekati 2 miliar transaksi tanpa VACUUM, PostgreSQL menolak semua penulisan sampai dibersihkan, dan itu dapat "
        "berlangsung berjam-jam.",
        "Close to 2 billion transactions without a VACUUM, PostgreSQL refuses all writes until it is done, and that can take "
        "hours.",
    ),
    remedy=Text(
        "`sudo -u postgres vacuumdb --freeze <basis data>` di luar jam layanan; cari yang menahannya: transaksi lama (G-PG-08), "
        "replication slot yang ditinggalkan (L-DR-01), autovacuum yang mati.",
        "`sudo -u postgres vacuumdb --freeze <database>` outside service hours; find what holds it up: old transactions "
        "(G-PG-08), abandoned replication slots (L-DR-01), autovacuum turned off.",
    ),
)  # fmt: skip
def wraparound(databases: PgDatabases, *, warn: float = 500.0, fail: float = 1000.0) -> Verdict:
    """Thresholds in millions of transactions (or multixacts); the oldest database counts."""
    oldest = max(databases.databases, key=lambda one: max(one.xid_age, one.mxid_age))
    age = max(oldest.xid_age, oldest.mxid_age) / MILLION
    verdict = at_most(round(age, 1), warn=warn, fail=fail, unit="")
    measured = Text(f"{oldest.name}: {age:.1f} juta transaksi", f"{oldest.name}: {age:.1f} million transactions")
    expected = Text(f"di bawah {fail:g} juta", f"below {fail:g} million")
    return Verdict(verdict.status, measured, expected, value=verdict.value)


@check(
    "G-PG-08", severity=MEDIUM, aspect=AVAILABILITY, every=MINUTE, grace=5 * MINUTE, absent=NO_POSTGRES,
    source="Pantau default",
    title=Text("Tidak ada transaksi panjang atau kunci terblokir", "No long transaction, nobody blocked by a lock"),
    why=Text(
        "Satu transaksi yang lupa ditutup menahan kunci dan VACUUM; sesi lain mengantre di belakangnya sampai aplikasi macet.",
        "One transaction that was never closed holds locks and VACUUM; other sessions queue behind it until the application hangs.",
    ),
    remedy=Text(
        "Cari: `sudo -u postgres psql -c 'SELECT pid, usename, state, xact_start, pg_blocking_pids(pid) FROM pg_stat_activity "
        "ORDER BY xact_start LIMIT 10'`; akhiri dengan `SELECT pg_terminate_backend(<pid>)`; cegah dengan "
        "idle_in_transaction_session_timeout. Transaksi dua fase: `ROLLBACK PREPARED` (lihat pg_prepared_xacts).",
        "Find it: `sudo -u postgres psql -c 'SELECT pid, usename, state, xact_start, pg_blocking_pids(pid) FROM pg_stat_activity "
        "ORDER BY xact_start LIMIT 10'`; end it with `SELECT pg_terminate_backend(<pid>)`; prevent it with "
        "idle_in_transaction_session_timeout. Two-phase transactions: `ROLLBACK PREPARED` (see pg_prepared_xacts).",
    ),
)  # fmt: skip
def long_transactions(activity: PgActivity, *, minutes: int = 15, blocked: int = 5) -> Verdict:
    longest = max(activity.longest, activity.prepared)
    met = longest <= minutes * MINUTE and activity.blocked <= blocked
    measured = Text(
        f"transaksi tertua {longest // 60} menit {longest % 60} detik; {activity.blocked} sesi menunggu kunci",
        f"oldest transaction {longest // 60} min {longest % 60} s; {activity.blocked} sessions waiting for a lock",
    )
    expected = Text(f"<= {minutes} menit; <= {blocked} sesi", f"<= {minutes} min; <= {blocked} sessions")
    return judge(met, measured, expected, value=longest)
