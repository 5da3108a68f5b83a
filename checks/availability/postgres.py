"""PostgreSQL answers (standard l)."""

from __future__ import annotations

from checks.check import AVAILABILITY, CRITICAL, MINUTE, check
from checks.facts.postgres_ready import PostgresReady
from checks.text import Text
from checks.verdict import Status, Verdict, judge

SAID = {
    "accepting": Text("menerima koneksi", "accepts connections"),
    "rejecting": Text("menolak koneksi (sedang mulai, berhenti, atau memulihkan diri)",
                      "rejects connections (starting, stopping, or recovering)"),
    "silent": Text("tidak menjawab", "does not answer"),
}  # fmt: skip


@check(
    "L-AVL-05", severity=CRITICAL, aspect=AVAILABILITY, every=MINUTE, grace=3 * MINUTE, absent=Status.NOT_APPLICABLE,
    source="Pantau default",
    title=Text("PostgreSQL menerima koneksi", "PostgreSQL accepts connections"),
    why=Text("Tanpa basis data, SPSE tidak melayani siapa pun.", "Without its database SPSE serves nobody."),
    remedy=Text(
        "Lihat sebabnya: `systemctl status 'postgresql*'`, lalu /var/log/postgresql/ (Debian/Ubuntu) atau "
        "/var/lib/pgsql/data/log/ (EL) dan `df -h`; jalankan dengan `systemctl start postgresql`. Klaster yang memang "
        "tidak dipakai lagi: cadangkan, baru hapus (`pg_dropcluster <versi> main` di Debian/Ubuntu menghapus datanya "
        "untuk selamanya).",
        "See why: `systemctl status 'postgresql*'`, then /var/log/postgresql/ (Debian/Ubuntu) or "
        "/var/lib/pgsql/data/log/ (EL) and `df -h`; start it with `systemctl start postgresql`. A cluster that is no "
        "longer used: back it up, then remove it (`pg_dropcluster <version> main` on Debian/Ubuntu deletes its data for "
        "good).",
    ),
)  # fmt: skip
def accepts_connections(ready: PostgresReady) -> Verdict:
    said = SAID[ready.state]
    measured = Text(f"{ready.where}: {said.id}", f"{ready.where}: {said.en}") if ready.where else said
    return judge(ready.state == "accepting", measured, SAID["accepting"])
