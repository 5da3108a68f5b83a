"""Room inside SPSE (standard g): its heap, its jobs, its pool of database connections. Read from /metrics."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from checks.check import AVAILABILITY, DAY, HIGH, MEDIUM, MINUTE, check
from checks.facts.postgres_activity import PgActivity
from checks.facts.spse_instances import SpseInstance, SpseInstances
from checks.facts.spse_metrics import NO_ANSWER, InstanceMetrics, SpseMetrics
from checks.text import Text
from checks.verdict import Status, Verdict, judge, not_applicable, unknown

NO_SPSE = Status.NOT_APPLICABLE
DENIED = Text(
    "SPSE menolak /metrics (403): tambahkan 127.0.0.1 ke promotheus.remoteaddr di application.conf",
    "SPSE refuses /metrics (403): add 127.0.0.1 to promotheus.remoteaddr in application.conf",
)
NOT_TOLD = Text("SPSE tidak menerbitkan angka ini di /metrics", "SPSE does not publish this number at /metrics")


def each(
    spse: SpseInstances, metrics: SpseMetrics, rule: Callable[[InstanceMetrics, str], Verdict | None]
) -> Iterator[Verdict]:
    """`rule` for each installation that gave numbers; why not for the others. None: it lacks the number.

    One that stands still has no heap and no pool: that it stands still is for L-AVL-03 and L-AVL-04 to judge.
    """
    numbers = metrics.instances or (NO_ANSWER,) * len(spse.instances)
    if len(spse.instances) != len(numbers):
        yield unknown(Text("Jumlah instans berubah ketika diperiksa", "The number of instances changed meanwhile"))
        return
    for installed, one in zip(spse.instances, numbers, strict=True):
        if one.status == 200:
            yield rule(one, installed.name) or unknown(NOT_TOLD, subject=installed.name)
        else:
            yield _without_numbers(installed, one.status, metrics)


def _without_numbers(installed: SpseInstance, status: int, metrics: SpseMetrics) -> Verdict:
    name, port = installed.name, installed.port
    if status == 0 and metrics.listening and port not in metrics.listening:
        return not_applicable(
            Text(
                f"SPSE tidak berjalan di port {port}; itu dinilai oleh L-AVL-03",
                f"SPSE does not run on port {port}; L-AVL-03 judges that",
            ),
            subject=name,
        )
    if status == 0 and not metrics.instances:
        return unknown(
            Text(
                f"Port {port} terbuka, tetapi /metrics tidak menjawab; pasang curl untuk tahu sebabnya",
                f"Port {port} is open, but /metrics gave no answer; install curl to know why",
            ),
            subject=name,
        )
    if status == 0:
        silent = Text(
            f"SPSE tidak menjawab /metrics di port {port}", f"SPSE gives no answer for /metrics on port {port}"
        )
        return unknown(silent, subject=name)
    answered = Text(f"/metrics menjawab HTTP {status}", f"/metrics answered HTTP {status}")
    return unknown(DENIED if status == 403 else answered, subject=name)


@check(
    "G-JVM-01", severity=HIGH, aspect=AVAILABILITY, every=MINUTE, grace=15 * MINUTE, absent=NO_SPSE,
    source="Pantau default",
    title=Text("Heap JVM SPSE cukup", "SPSE's JVM heap suffices"),
    why=Text(
        "Heap yang terus penuh membuat SPSE lambat, lalu berhenti dengan OutOfMemoryError, biasanya menjelang batas waktu.",
        "A heap that stays full makes SPSE slow, then stops it with an OutOfMemoryError, mostly close to a deadline.",
    ),
    remedy=Text(
        "Naikkan `jvm.memory=-Xmx...` di application.conf (sisakan memori untuk PostgreSQL), lalu jalankan ulang di luar jam "
        "layanan. Jika penuh lagi dalam hitungan hari, laporkan kebocoran memori ke LPSE Support.",
        "Raise `jvm.memory=-Xmx...` in application.conf (leave memory for PostgreSQL), then restart outside service hours. If "
        "it fills up again within days, report a memory leak to LPSE Support.",
    ),
)  # fmt: skip
def heap(spse: SpseInstances, metrics: SpseMetrics, *, percent: float = 85.0) -> Iterator[Verdict]:
    def rule(one: InstanceMetrics, name: str) -> Verdict | None:
        if one.heap_used is None or not one.heap_max:
            return None
        used = 100 * one.heap_used / one.heap_max
        mib = f"{one.heap_used / 2**20:.0f} / {one.heap_max / 2**20:.0f} MiB"
        after = f"{one.heap_after_gc / 2**20:.0f} MiB" if one.heap_after_gc else "-"
        measured = Text(f"{used:.0f}% ({mib}); sesudah GC {after}", f"{used:.0f}% ({mib}); after GC {after}")
        return judge(used <= percent, measured, f"<= {percent:g}%", subject=name, value=round(used, 2))

    yield from each(spse, metrics, rule)


@check(
    "G-JVM-02", severity=MEDIUM, aspect=AVAILABILITY, every=5 * MINUTE, grace=15 * MINUTE, absent=NO_SPSE,
    source="Pantau default",
    title=Text("Garbage collection SPSE singkat", "SPSE spends little time collecting garbage"),
    why=Text(
        "Selama garbage collection, SPSE berhenti melayani. Porsi yang besar berarti heap terlalu kecil.",
        "While it collects garbage SPSE serves nobody. A large share means that the heap is too small.",
    ),
    remedy=Text(
        "Naikkan `jvm.memory=-Xmx...` di application.conf, lalu jalankan ulang di luar jam layanan.",
        "Raise `jvm.memory=-Xmx...` in application.conf, then restart outside service hours.",
    ),
)  # fmt: skip
def garbage(spse: SpseInstances, metrics: SpseMetrics, now: datetime, *, percent: float = 10.0) -> Iterator[Verdict]:
    def rule(one: InstanceMetrics, name: str) -> Verdict | None:
        if one.gc_seconds is None or one.started is None or one.started >= now:
            return None
        share = 100 * one.gc_seconds / (now - one.started).total_seconds()
        measured = Text(f"{share:.2f}% sejak SPSE dijalankan", f"{share:.2f}% since SPSE was started")
        return judge(share <= percent, measured, f"<= {percent:g}%", subject=name, value=round(share, 3))

    yield from each(spse, metrics, rule)


@check(
    "G-JVM-03", severity=MEDIUM, aspect=AVAILABILITY, every=MINUTE, grace=15 * MINUTE, absent=NO_SPSE,
    source="Pantau default",
    title=Text("Antrean job SPSE pendek", "SPSE's queue of background jobs is short"),
    why=Text(
        "Job yang menumpuk menunda surel, sinkronisasi, dan pembukaan penawaran. Angka ini termasuk job yang menunggu jadwalnya.",
        "Jobs that pile up delay mail, synchronisation and the opening of bids. The number includes jobs that wait for "
        "their time.",
    ),
    remedy=Text(
        "Cari job yang macet: `grep -iE 'job|exception' webapp/logs/*.log | tail -50`; periksa koneksi ke basis data "
        "dan ke server surel.",
        "Look for jobs that hang: `grep -iE 'job|exception' webapp/logs/*.log | tail -50`; check the connections to the "
        "database and to the mail server.",
    ),
)  # fmt: skip
def jobs(spse: SpseInstances, metrics: SpseMetrics, *, maximum: int = 50) -> Iterator[Verdict]:
    def rule(one: InstanceMetrics, name: str) -> Verdict | None:
        if one.jobs_queued is None:
            return None
        active = f"{one.jobs_active:.0f}" if one.jobs_active is not None else "-"
        measured = Text(
            f"{one.jobs_queued:.0f} antre, {active} berjalan", f"{one.jobs_queued:.0f} queued, {active} running"
        )
        return judge(one.jobs_queued <= maximum, measured, f"<= {maximum}", subject=name, value=one.jobs_queued)

    yield from each(spse, metrics, rule)


@check(
    "G-PG-03", severity=HIGH, aspect=AVAILABILITY, every=MINUTE, grace=5 * MINUTE, absent=NO_SPSE,
    source="Pantau default",
    title=Text("Tidak ada antrean pool koneksi basis data", "Nobody waits for a database connection"),
    why=Text(
        "Permintaan yang menunggu koneksi basis data menunggu sampai 30 detik, lalu gagal: pengguna melihat galat.",
        "A request that waits for a database connection waits up to 30 seconds, then fails: users see an error.",
    ),
    remedy=Text(
        "Cari kueri yang lama: `SELECT pid, now()-query_start, state FROM pg_stat_activity ORDER BY 2 DESC LIMIT 10`. Baru "
        "sesudah itu pertimbangkan db.pool.maxSize, tidak melebihi max_connections PostgreSQL.",
        "Look for slow queries: `SELECT pid, now()-query_start, state FROM pg_stat_activity ORDER BY 2 DESC LIMIT 10`. Only "
        "then think of db.pool.maxSize, never above PostgreSQL's max_connections.",
    ),
)  # fmt: skip
def pool(spse: SpseInstances, metrics: SpseMetrics, *, maximum: int = 0) -> Iterator[Verdict]:
    def rule(one: InstanceMetrics, name: str) -> Verdict | None:
        if one.pool_pending is None:
            return None
        active = "-" if one.pool_active is None else f"{one.pool_active:.0f}"
        size = "-" if one.pool_max is None else f"{one.pool_max:.0f}"
        measured = Text(
            f"{one.pool_pending:.0f} menunggu; {active} dari {size} koneksi terpakai",
            f"{one.pool_pending:.0f} waiting; {active} of {size} connections in use",
        )
        return judge(one.pool_pending <= maximum, measured, f"<= {maximum}", subject=name, value=one.pool_pending)

    yield from each(spse, metrics, rule)


@check(
    "G-PG-02", severity=HIGH, aspect=AVAILABILITY, every=DAY, absent=NO_SPSE, source="Pantau default",
    title=Text("Ukuran pool sesuai batas basis data", "SPSE's pools fit the database's limit"),
    why=Text(
        "Bawaan db.pool.maxSize dan max_connections sama-sama 100: dua instans berebut, dan menjelang batas waktu koneksi "
        "ditolak.",
        "db.pool.maxSize and max_connections are both 100 by default: two instances collide, and close to a deadline "
        "connections are refused.",
    ),
    remedy=Text(
        "Kecilkan db.pool.maxSize di application.conf (instans latihan cukup 10), atau naikkan max_connections: `ALTER SYSTEM "
        "SET max_connections = 250` lalu jalankan ulang PostgreSQL di luar jam layanan.",
        "Lower db.pool.maxSize in application.conf (10 is plenty for training), or raise max_connections: `ALTER SYSTEM SET "
        "max_connections = 250` and restart PostgreSQL outside service hours.",
    ),
)  # fmt: skip
def pools_fit(spse: SpseInstances, activity: PgActivity, *, reserved: int = 3) -> Verdict:
    here = [one for one in spse.instances if one.database_local is not False]
    if not here:
        return not_applicable(Text("Basis data SPSE ada di server lain", "SPSE's database is on another server"))
    total, limit = sum(one.pool_max for one in here), activity.maximum - reserved
    parts = " + ".join(f"{one.name} {one.pool_max}" for one in here[:6])
    return judge(total <= limit, f"{parts} = {total}; max_connections {activity.maximum}", f"<= {limit}", value=total)
