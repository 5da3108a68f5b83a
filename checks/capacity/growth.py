"""What fills up, and when it is full: file systems, logs, the store of bid documents, backups (standard g)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from checks.capacity.disk import amount
from checks.check import AVAILABILITY, HIGH, HOUR, MEDIUM, check
from checks.fact import Missing
from checks.facts.backup_growth import BackupGrowth
from checks.facts.backup_volume import BackupVolume
from checks.facts.document_store import DocumentStore
from checks.facts.filesystem_growth import FilesystemGrowth
from checks.facts.log_volume import LogVolume
from checks.text import Text, Words, joined
from checks.trend import NEEDS, Basis, Trend, until
from checks.verdict import Status, Verdict, judge, unknown, warned

NOT_YET = Text(
    f"pertumbuhan belum diketahui: perlu {NEEDS:g} hari sampel",
    f"growth is not known yet: it needs {NEEDS:g} days of samples",
)
NEVER = Text("tidak penuh pada laju ini", "never full at this rate")
MADE_OF: Mapping[Basis, Text] = {
    "backups": Text("pertumbuhan diperkirakan dari ukuran dump", "growth estimated from the sizes of dumps"),
    "files": Text(
        "pertumbuhan dari tanggal berkas; yang sudah dihapus tidak terhitung",
        "growth from file dates; what was deleted does not count",
    ),
    "sysstat": Text("pertumbuhan dari arsip sysstat", "growth from sysstat's archives"),
}
"""What is said of a growth that was not made of the agent's own samples."""
WHILE_DELETED = Text(
    "pertumbuhan dari tanggal dan ukuran salinan, selama yang lama tetap dihapus",
    "growth from dates and sizes of the copies, as long as old ones go on being deleted",
)


def forecast(
    room: float, growth: Trend, *, fail: float, warn: float = 0.0, subject: str = "", besides: Words = ""
) -> Verdict:
    """When `growth` (bytes a day) fills `room` (bytes). FAIL below `fail` days if it surely grows; WARN below `warn`, or if
    that is not sure. `besides` is said before it.
    """
    reach = until(room, growth)
    said = (besides,) if besides else ()
    sign = "+" if growth.slope >= 0 else "-"
    rate = f"{sign}{amount(abs(growth.slope))}"
    over = Text(f"{rate}/hari selama {growth.days:g} hari", f"{rate} a day over {growth.days:g} days")
    if reach.days is None:
        measured = joined([*said, over, NEVER])
        return judge(True, measured, _days(fail), subject=subject)
    latest = f"{reach.latest:.0f}" if reach.latest is not None else "..."
    earliest = f"{reach.earliest:.0f}" if reach.earliest is not None else "..."
    full = Text(
        f"penuh dalam {reach.days:.0f} hari (95%: {earliest} sampai {latest})",
        f"full in {reach.days:.0f} days (95%: {earliest} to {latest})",
    )
    measured = joined([*said, over, full])
    if reach.days < fail and growth.grows:
        return judge(False, measured, _days(fail), subject=subject, value=reach.days)
    if reach.days < max(warn, fail):
        return warned(measured, _days(max(warn, fail)), subject=subject, value=reach.days)
    return judge(True, measured, _days(fail), subject=subject, value=reach.days)


def _days(number: float) -> Text:
    return Text(f">= {number:g} hari", f">= {number:g} days")


@check(
    "G-DSK-02", severity=HIGH, aspect=AVAILABILITY, every=6 * HOUR,
    source="LPSE standard 7 form (perkiraan); Pantau default (days)",
    title=Text("Disk tidak akan penuh dalam waktu dekat", "No file system fills up soon"),
    why=Text(
        "Menambah disk pemerintah perlu waktu berbulan-bulan; yang tahu pada hari disk penuh sudah terlambat.",
        "Buying disks in government takes months; whoever knows on the day the disk is full knows too late.",
    ),
    remedy=Text(
        "Cari yang tumbuh: `du -xh --max-depth=2 MOUNT | sort -h | tail -20`, bandingkan seminggu kemudian. Batasi log dan "
        "cadangan lama, perbesar volume (`lvextend -r -L +50G VOLUME`), atau ajukan penambahan sekarang.",
        "Find what grows: `du -xh --max-depth=2 MOUNT | sort -h | tail -20`, and compare a week later. Limit logs and old "
        "backups, enlarge the volume (`lvextend -r -L +50G VOLUME`), or apply for more now.",
    ),
)  # fmt: skip
def days_until_full(growth: FilesystemGrowth, *, warn: float = 90.0, fail: float = 30.0) -> Iterator[Verdict]:
    """Thresholds in days."""
    for one in growth.mounts:
        if one.growth is None:
            yield unknown(NOT_YET, subject=one.mount)
        else:
            made_of = MADE_OF.get(one.basis, "")
            yield forecast(one.free, one.growth, fail=fail, warn=warn, subject=one.mount, besides=made_of)


@check(
    "G-DSK-05", severity=HIGH, aspect=AVAILABILITY, every=6 * HOUR, absent=Status.NOT_APPLICABLE, source="Pantau default",
    title=Text("Dokumen penawaran muat di disk", "The bid document store fits its disk"),
    why=Text(
        "Dokumen penawaran hanya bertambah dan tidak boleh dihapus; menambah disk pemerintah perlu waktu berbulan-bulan.",
        "Bid documents only grow and must not be deleted; buying disks in government takes months.",
    ),
    remedy=Text(
        "Rencanakan penambahan ruang sekarang: `df -h /home/file/file_prod`; perbesar volume (`lvextend -r`) atau pindahkan "
        "penyimpanan ke disk yang lebih besar. Jangan menghapus dokumen.",
        "Plan more room now: `df -h /home/file/file_prod`; enlarge the volume (`lvextend -r`) or move the store to a larger "
        "disk. Do not delete documents.",
    ),
)  # fmt: skip
def documents(
    store: DocumentStore, *, days: float = 90.0, headroom: float = 25.0, least: float = 10.0
) -> Iterator[Verdict]:
    """FAIL below `days` until full; while growth is not known, by the room left in percent of what the store holds."""
    for one in store.stores:
        share = round(one.free / one.used * 100, 1)
        held, left = f"{amount(one.used)}, {store.files}", amount(one.free)
        text = Text(f"{held} berkas, sisa {left}", f"{held} files, {left} left")
        if one.growth is not None and share >= least:
            said = joined((text, *([made_of] if (made_of := MADE_OF.get(one.basis)) else [])))
            yield forecast(one.free, one.growth, fail=days, subject=one.path, besides=said)
            continue
        said = text if one.growth is not None else joined((text, NOT_YET))
        expected = Text(f"sisa >= {headroom:g}% dari isinya", f"room >= {headroom:g}% of what it holds")
        if least <= share < headroom:
            yield warned(said, expected, subject=one.path, value=share)
        else:
            yield judge(share >= headroom, said, expected, subject=one.path, value=share)


@check(
    "G-DSK-06", severity=MEDIUM, aspect=AVAILABILITY, every=6 * HOUR, absent=Status.NOT_APPLICABLE, source="Pantau default",
    title=Text("Ruang untuk log cukup", "Logs have room to grow"),
    why=Text(
        "Log yang tidak dirotasi memenuhi disk diam-diam; lalu basis data berhenti, dan log audit pun tidak tertulis lagi.",
        "Logs that nobody rotates fill the disk unnoticed; then the database stops, and the audit log is no longer written.",
    ),
    remedy=Text(
        "Lihat yang terbesar: `du -ah FOLDER | sort -h | tail`. Rotasi dan kompres (`logrotate --debug /etc/logrotate.conf`), "
        "batasi jurnal (`journalctl --vacuum-size=2G`); pindahkan log lama ke server log, jangan menghapus sebelum masa "
        "retensinya.",
        "See the largest: `du -ah FOLDER | sort -h | tail`. Rotate and compress (`logrotate --debug /etc/logrotate.conf`), "
        "limit the journal (`journalctl --vacuum-size=2G`); move old logs to a log server, and delete none before its "
        "retention is over.",
    ),
)  # fmt: skip
def logs(volume: LogVolume, *, warn: float = 30.0, fail: float = 14.0) -> Iterator[Verdict]:
    """Thresholds in days until their file system is full."""
    for one in volume.folders:
        held = Text(f"{amount(one.used)}, sisa {amount(one.free)}", f"{amount(one.used)}, {amount(one.free)} left")
        if one.growth is None:
            yield unknown(joined((held, NOT_YET)), subject=one.path)
        else:
            yield forecast(one.free, one.growth, fail=fail, warn=warn, subject=one.path, besides=held)


@check(
    "G-DSK-07", severity=HIGH, aspect=AVAILABILITY, every=6 * HOUR, absent=Status.NOT_APPLICABLE, source="Pantau default",
    title=Text("Media cadangan punya ruang", "There is room for the next backups"),
    why=Text(
        "Pencadangan yang kehabisan ruang menghasilkan berkas terpotong, dan itu baru ketahuan saat pemulihan.",
        "A backup that runs out of room leaves a truncated file, and nobody notices before it must be restored.",
    ),
    remedy=Text(
        "Hapus cadangan yang sudah melewati masa retensi, pindahkan ke media di luar server, atau perbesar medianya: "
        "`df -h FOLDER_CADANGAN`.",
        "Delete backups past their retention, move them to media off the server, or enlarge the volume: `df -h BACKUP_FOLDER`.",
    ),
)  # fmt: skip
def backup_room(
    volume: BackupVolume, copies: BackupGrowth | Missing, *, times: float = 2.0, warn: float = 30.0, fail: float = 14.0
) -> Verdict:
    """FAIL below `times` the last backup; then by `warn` and `fail` days until full, where the growth of all copies is known."""
    if volume.last <= 0:
        return unknown(Text("Cadangan terakhir kosong", "The last backup is empty"))
    ratio = round(volume.free / volume.last, 2)
    measured = Text(
        f"sisa {amount(volume.free)} = {ratio:g} x cadangan terakhir ({amount(volume.last)})",
        f"{amount(volume.free)} left = {ratio:g} x the last backup ({amount(volume.last)})",
    )
    expected = f">= {times:g} x"
    growth = None if isinstance(copies, Missing) else copies.growth
    if growth is None or isinstance(copies, Missing):
        return judge(ratio >= times, joined((measured, NOT_YET)), expected, value=ratio)
    if ratio < times:
        return judge(False, measured, expected, value=ratio)
    said = joined((measured, WHILE_DELETED)) if copies.basis == "backups" else measured
    full = forecast(volume.free, growth, fail=fail, warn=warn, besides=said)
    return msgspec.structs.replace(full, value=ratio)
