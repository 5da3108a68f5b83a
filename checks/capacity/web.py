"""The web servers in front of SPSE have room, and answer quickly (standard g)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from checks.availability.web import FEWEST, recent
from checks.check import AVAILABILITY, MEDIUM, MINUTE, check
from checks.facts.access_log import Requests
from checks.facts.web_load import WebLoad
from checks.text import Text
from checks.verdict import Status, Verdict, judge, not_applicable, unknown


@check(
    "G-WEB-01", severity=MEDIUM, aspect=AVAILABILITY, every=5 * MINUTE, grace=15 * MINUTE, absent=Status.NOT_APPLICABLE,
    source="Pantau default",
    title=Text("Server web masih dapat menerima pengguna", "The web server can take more clients"),
    why=Text(
        "Bila semua worker terpakai, penyedia berikutnya menunggu lalu gagal, biasanya pada jam terakhir pemasukan penawaran.",
        "When all workers are taken the next bidder waits and then fails, usually in the last hour for bids.",
    ),
    remedy=Text(
        "Siapa yang terhubung: `ss -Htn state established '( sport = :443 )' | awk '{print $4}' | sort | uniq -c | sort -rn`. "
        "Apache: naikkan MaxRequestWorkers (dan ServerLimit) sesuai memori; nginx: naikkan worker_connections dan "
        "worker_rlimit_nofile. Lalu uji: `apachectl configtest` atau `nginx -t`.",
        "Who is connected: `ss -Htn state established '( sport = :443 )' | awk '{print $4}' | sort | uniq -c | sort -rn`. "
        "Apache: raise MaxRequestWorkers (and ServerLimit) as memory allows; nginx: raise worker_connections and "
        "worker_rlimit_nofile. Then test: `apachectl configtest` or `nginx -t`.",
    ),
)  # fmt: skip
def workers(load: WebLoad, *, percent: float = 80.0) -> Iterator[Verdict]:
    for one in load.servers:
        share = 100 * one.connections / max(1, one.limit)
        ports = ", ".join(map(str, one.ports))
        measured = Text(
            f"{one.connections} koneksi di port {ports}, paling banyak {one.limit} ({share:.0f}%)",
            f"{one.connections} connections on port {ports}, at most {one.limit} ({share:.0f}%)",
        )
        yield judge(share <= percent, measured, f"<= {percent:g}%", subject=one.product, value=round(share, 1))


@check(
    "G-WEB-02", severity=MEDIUM, aspect=AVAILABILITY, every=5 * MINUTE, grace=15 * MINUTE, absent=Status.NOT_APPLICABLE,
    source="Pantau default",
    title=Text("Halaman dijawab cepat", "Pages are answered quickly"),
    why=Text(
        "Rata-rata yang baik menyembunyikan pengguna yang menunggu; bila satu dari dua puluh menunggu lama, unggahan pun gagal.",
        "A good mean hides those who wait; when one request in twenty takes long, uploads fail too.",
    ),
    remedy=Text(
        "Catat lamanya dahulu. nginx: tambahkan `rt=$request_time` pada log_format; Apache: tambahkan `us=%D` pada LogFormat. "
        "Lalu cari yang lambat: kueri di PostgreSQL (`SELECT pid, now()-query_start FROM pg_stat_activity ORDER BY 2 DESC LIMIT "
        "5`), heap SPSE (G-JVM-01), disk (G-DSK-04).",
        "First log how long requests take. nginx: add `rt=$request_time` to log_format; Apache: add `us=%D` to LogFormat. Then "
        "look for what is slow: queries in PostgreSQL (`SELECT pid, now()-query_start FROM pg_stat_activity ORDER BY 2 DESC "
        "LIMIT 5`), SPSE's heap (G-JVM-01), disks (G-DSK-04).",
    ),
)  # fmt: skip
def response_time(seen: Requests, now: datetime, *, seconds: float = 5.0) -> Verdict:
    stale = recent(seen, now)
    if stale is not None:
        return stale
    if seen.p95 is None:
        return unknown(
            Text(
                "log akses tidak mencatat lamanya permintaan (rt= atau us=)",
                "the access log does not say how long requests take (rt= or us=)",
            )
        )
    measured = Text(
        f"p95 {seen.p95:.3g} detik dari {seen.timed} permintaan", f"p95 {seen.p95:.3g} s of {seen.timed} requests"
    )
    if seen.timed < FEWEST and seen.p95 > seconds:
        return not_applicable(Text(f"{measured.id}: terlalu sedikit", f"{measured.en}: too few"))
    return judge(seen.p95 <= seconds, measured, f"<= {seconds:g} s", value=round(seen.p95, 3))
