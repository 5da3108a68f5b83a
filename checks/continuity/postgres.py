"""PostgreSQL: WAL archiving and replication (standard l)."""

from __future__ import annotations

from collections.abc import Iterator

from checks.check import AVAILABILITY, CONFIDENTIALITY, DAY, HIGH, MEDIUM, MINUTE, check
from checks.facts.postgres_archiver import PgArchiver
from checks.facts.postgres_replication import PgReplication
from checks.text import Text
from checks.verdict import Status, Verdict, judge, not_applicable, unknown, warned

NO_POSTGRES = Status.NOT_APPLICABLE
MEBIBYTE = 1 << 20
NO_STANDBY = Text("Host ini tidak mempunyai replika", "This host has no standby")


@check(
    "L-BCK-11", severity=HIGH, aspect=AVAILABILITY, every=5 * MINUTE, absent=NO_POSTGRES,
    source="CIS PostgreSQL 16 1.0.0 7.4; Pantau default (1 hour)",
    title=Text("Pengarsipan WAL berjalan", "WAL archiving works"),
    why=Text(
        "Cadangan malam hari kehilangan penawaran yang masuk siang itu. Arsip WAL memungkinkan pemulihan sampai menit terakhir.",
        "A nightly backup loses the bids of the day. Archived WAL lets you recover up to the last minutes.",
    ),
    remedy=Text(
        "Atur `archive_mode = on`, archive_command yang menyalin ke media lain (misalnya pgBackRest atau `test ! -f "
        "/mnt/arsip/%f && cp %p /mnt/arsip/%f`) dan `archive_timeout = 30min`, lalu mulai ulang PostgreSQL. Bila gagal, "
        "sebabnya ada di log PostgreSQL: penuh, izin, atau jaringan.",
        "Set `archive_mode = on`, an archive_command that copies to other storage (such as pgBackRest, or `test ! -f "
        "/mnt/archive/%f && cp %p /mnt/archive/%f`) and `archive_timeout = 30min`, then restart PostgreSQL. When it fails, the "
        "reason is in PostgreSQL's log: full, permissions, or network.",
    ),
)  # fmt: skip
def archiving(archiver: PgArchiver, *, minutes: int = 60) -> Verdict:
    """An idle server closes no segments: age alone is no failure where archive_timeout bounds it and nothing waits."""
    limit = minutes * MINUTE
    expected = Text(
        f"archive_mode on, tanpa kegagalan, terakhir <= {minutes} menit",
        f"archive_mode on, no failure, last <= {minutes} min ago",
    )
    if archiver.in_recovery and archiver.mode != "always":
        return not_applicable(Text("Replika; primer yang mengarsipkan", "A standby; its primary archives"))
    if archiver.mode == "off" or not archiver.configured:
        return judge(
            False, f"archive_mode {archiver.mode}" + "; archive_command ''" * (not archiver.configured), expected
        )
    if archiver.pretends:
        measured = Text("archive_command membuang WAL (true)", "archive_command throws WAL away (true)")
        return judge(False, measured, expected)
    last = "-" if archiver.archived is None else f"{archiver.archived // 60} min"
    measured = Text(
        f"terakhir {last}; {archiver.waiting} segmen menunggu; archive_timeout {archiver.timeout} s",
        f"last {last} ago; {archiver.waiting} segments waiting; archive_timeout {archiver.timeout} s",
    )
    value = archiver.archived
    if archiver.failing:
        failing = Text(f"percobaan terakhir gagal; {measured.id}", f"the last attempt failed; {measured.en}")
        return judge(False, failing, expected, value=value)
    if archiver.archived is None and archiver.up <= limit:
        return warned(measured, expected)
    if archiver.archived is not None and archiver.archived <= limit:
        return judge(True, measured, expected, value=value)
    bounded = 0 < archiver.timeout <= limit and not archiver.waiting and archiver.archived is not None
    return judge(bounded, measured, expected, value=value)


@check(
    "L-DR-01", severity=HIGH, aspect=AVAILABILITY, every=5 * MINUTE, grace=5 * MINUTE, absent=NO_POSTGRES,
    source="CIS PostgreSQL 16 1.0.0 7.5; Pantau default (5 minutes)",
    title=Text("Replika mengikuti tanpa terlambat", "The standby keeps up"),
    why=Text(
        "Bila primer hilang, semua yang belum sampai ke replika ikut hilang. Replika yang diam-diam putus tidak melindungi "
        "apa pun, dan slotnya menumpuk WAL sampai disk primer penuh.",
        "If the primary is lost, whatever has not reached the standby is lost with it. A standby that silently fell off protects "
        "nothing, and its slot piles up WAL until the primary's disk is full.",
    ),
    remedy=Text(
        "Di primer: `sudo -u postgres psql -c 'SELECT * FROM pg_stat_replication'`; di replika: log PostgreSQL dan `SELECT * "
        "FROM pg_stat_wal_receiver`. Slot yang tidak dipakai lagi: `SELECT pg_drop_replication_slot('<slot>')`.",
        "On the primary: `sudo -u postgres psql -c 'SELECT * FROM pg_stat_replication'`; on the standby: PostgreSQL's log and "
        "`SELECT * FROM pg_stat_wal_receiver`. A slot that is no longer used: `SELECT pg_drop_replication_slot('<slot>')`.",
    ),
)  # fmt: skip
def lag(
    replication: PgReplication, *, seconds: int = 300, mebibytes: int = 1024, declared: bool = False
) -> Iterator[Verdict]:
    """`declared`: a standby is part of the declared recovery plan, so its absence is a failure."""
    expected = Text(
        f"terhubung, <= {seconds} detik dan <= {mebibytes} MiB", f"connected, <= {seconds} s and <= {mebibytes} MiB"
    )
    if replication.in_recovery:
        yield _standby(replication, seconds, expected)
    for one in replication.standbys:
        met = one.state == "streaming" and one.lag <= seconds and one.behind <= mebibytes * MEBIBYTE
        measured = Text(
            f"{one.state}, {one.lag} detik, {one.behind / MEBIBYTE:.1f} MiB",
            f"{one.state}, {one.lag} s, {one.behind / MEBIBYTE:.1f} MiB",
        )
        yield judge(met, measured, expected, subject=one.name, value=one.lag)
    if replication.abandoned:
        count = replication.abandoned
        yield judge(
            False, Text(f"{count} slot tanpa replika", f"{count} slots without a standby"), expected, subject="slot"
        )
    if not (replication.in_recovery or replication.standbys or replication.abandoned):
        yield judge(False, NO_STANDBY, expected) if declared else not_applicable(NO_STANDBY)


def _standby(replication: PgReplication, seconds: int, expected: Text) -> Verdict:
    age = replication.replay_age
    if age is None and replication.receiving:
        return unknown(Text("belum ada transaksi yang diputar ulang", "no transaction was replayed yet"))
    stream = Text("tersambung ke primer", "streams from its primary")
    if not replication.receiving:
        stream = Text("tidak tersambung ke primer", "no stream from a primary")
    shown = "-" if age is None else str(age)
    measured = Text(f"{stream.id}; tertinggal {shown} detik", f"{stream.en}; {shown} s behind")
    return judge(age is not None and age <= seconds, measured, expected, value=age)


@check(
    "L-DR-02", severity=MEDIUM, aspect=CONFIDENTIALITY, every=DAY, absent=NO_POSTGRES,
    source="CIS PostgreSQL 16 1.0.0 7.1",
    title=Text("Replikasi memakai peran khusus", "Replication uses a role of its own"),
    why=Text(
        "Kata sandi replikasi tersimpan di server lain. Bila itu milik superuser, server replika yang dibobol membuka primer.",
        "The replication password is kept on another server. If it is a superuser's, a standby that is broken into opens the "
        "primary.",
    ),
    remedy=Text(
        "`CREATE ROLE replikator LOGIN REPLICATION PASSWORD ...`, izinkan di pg_hba.conf hanya untuk basis data `replication` dari "
        "alamat replika, lalu ganti primary_conninfo di replika.",
        "`CREATE ROLE replicator LOGIN REPLICATION PASSWORD ...`, allow it in pg_hba.conf for the database `replication` only, "
        "from the standby's address, then change primary_conninfo on the standby.",
    ),
)  # fmt: skip
def own_role(replication: PgReplication) -> Verdict:
    """Judged at the primary, by the roles that standbys are logged in with now."""
    if not replication.standbys:
        return not_applicable(NO_STANDBY)
    wrong = sorted({one.role for one in replication.standbys if one.superuser})
    names = ", ".join(wrong or sorted({one.role for one in replication.standbys}))
    measured = Text(f"superuser: {names}", f"superuser: {names}") if wrong else names
    return judge(not wrong, measured, Text("peran REPLICATION, bukan superuser", "a REPLICATION role, no superuser"))
