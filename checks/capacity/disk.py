"""Disks: space, inodes, speed (standard g)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from checks.capacity.processor import only_a_sample, over
from checks.check import AVAILABILITY, HIGH, MEDIUM, MINUTE, check
from checks.facts.filesystems import DiskActivity, Filesystems
from checks.text import Text
from checks.verdict import Status, Verdict, at_most, judge, not_applicable, unknown

PARTITION = re.compile(r"((?:nvme\d+n\d+|mmcblk\d+)(?=p\d)|(?:[hsv]|xv)d[a-z]+(?=\d))p?\d+")
FEW = 20  # operations in a window: too few for a mean to say anything


def amount(size: float) -> str:
    """`size` bytes in the largest unit that gives at least 1."""
    for unit in ("B", "KiB", "MiB", "GiB"):
        if size < 1024:
            return f"{size:.3g} {unit}"
        size /= 1024
    return f"{size:.3g} TiB" if size < 1000 else f"{size:.0f} TiB"


@check(
    "G-DSK-01", severity=HIGH, aspect=AVAILABILITY, every=5 * MINUTE, source="Pantau default",
    title=Text("Ruang disk cukup", "File systems have room"),
    why=Text(
        "Disk penuh menghentikan PostgreSQL, unggahan penawaran, dan log sekaligus.",
        "A full disk stops PostgreSQL, uploads of bids and logs at once.",
    ),
    remedy=Text(
        "Cari pemakainya: `du -xh --max-depth=2 MOUNT | sort -h | tail -20`. Pangkas log (`journalctl --vacuum-size=500M`, "
        "logrotate), pindahkan cadangan lama ke media lain, atau perbesar disk. Jangan menghapus isi file_prod.",
        "Find the user: `du -xh --max-depth=2 MOUNT | sort -h | tail -20`. Trim logs (`journalctl --vacuum-size=500M`, "
        "logrotate), move old backups to other media, or enlarge the disk. Do not delete anything in file_prod.",
    ),
)  # fmt: skip
def space(filesystems: Filesystems, *, warn: float = 80.0, fail: float = 90.0) -> Iterator[Verdict]:
    for one in filesystems.filesystems:
        if one.used + one.free <= 0:
            yield unknown(Text("Ukuran tidak terbaca", "Its size could not be read"), subject=one.mount)
            continue
        used = round(one.used / (one.used + one.free) * 100, 1)
        measured = Text(f"{used:g}%, sisa {amount(one.free)}", f"{used:g}%, {amount(one.free)} left")
        yield at_most(used, warn=warn, fail=fail, unit="%", subject=one.mount, measured=measured)


@check(
    "G-DSK-03", severity=MEDIUM, aspect=AVAILABILITY, every=15 * MINUTE, source="Pantau default",
    title=Text("Inode cukup", "File systems have inodes left"),
    why=Text(
        "Tanpa inode tersisa tidak ada berkas baru yang dapat dibuat, walaupun ruang disk masih banyak.",
        "Without free inodes no file can be created, however much space is left.",
    ),
    remedy=Text(
        "Cari folder dengan banyak berkas kecil: `du --inodes -x --max-depth=3 MOUNT | sort -n | tail`. Biasanya berkas sesi, "
        "tmp, atau antrean surel yang tidak pernah dibersihkan.",
        "Find the folder with many small files: `du --inodes -x --max-depth=3 MOUNT | sort -n | tail`. Usually sessions, "
        "temporary files or a mail queue that nobody empties.",
    ),
)  # fmt: skip
def inodes(filesystems: Filesystems, *, warn: float = 80.0, fail: float = 90.0) -> Iterator[Verdict]:
    for one in filesystems.filesystems:
        if one.inodes <= 0:
            reason = Text(f"{one.kind} tidak membatasi inode", f"{one.kind} has no fixed number of inodes")
            yield not_applicable(reason, subject=one.mount)
            continue
        used = round((1 - one.inodes_free / one.inodes) * 100, 1)
        yield at_most(used, warn=warn, fail=fail, unit="%", subject=one.mount)


@check(
    "G-DSK-04", severity=MEDIUM, aspect=AVAILABILITY, every=MINUTE, grace=15 * MINUTE, recovery=15 * MINUTE,
    absent=Status.NOT_APPLICABLE, source="Pantau default",
    title=Text("Disk menjawab cepat dan tidak jenuh", "Disks answer fast and are not saturated"),
    why=Text(
        "Disk yang lambat membuat setiap kueri dan unggahan menunggu; sering kali itu juga tanda awal disk rusak.",
        "A slow disk makes every query and upload wait; it is often also the first sign of a failing one.",
    ),
    remedy=Text(
        "Lihat `iostat -x 5 3` (paket sysstat) dan `iotop -o`. Pindahkan pencadangan ke luar jam kerja, periksa "
        "`smartctl -a`, dan periksa beban media penyimpanan pada host virtualisasi.",
        "Look at `iostat -x 5 3` (package sysstat) and `iotop -o`. Move backups out of office hours, look at `smartctl -a`, "
        "and at the load of the storage below the hypervisor.",
    ),
)  # fmt: skip
def speed(activity: DiskActivity, *, wait_ms: float = 50.0, busy: float = 80.0) -> Iterator[Verdict]:
    names = {disk.name for disk in activity.disks}
    for disk in activity.disks:
        part = PARTITION.fullmatch(disk.name)
        if part and part[1] in names:
            continue  # its disk is judged
        wait, used = round(disk.wait * 1000, 1), round(disk.busy * 100, 1)
        slow = wait > wait_ms and disk.operations >= FEW
        said = Text(f"tunggu {wait:g} ms, sibuk {used:g}%", f"wait {wait:g} ms, busy {used:g}%")
        measured = over(said, activity.window, short=activity.short)
        expected = Text(f"tunggu <= {wait_ms:g} ms, sibuk <= {busy:g}%", f"wait <= {wait_ms:g} ms, busy <= {busy:g}%")
        verdict = judge(not slow and used <= busy, measured, expected, subject=disk.name, value=wait)
        yield only_a_sample(verdict) if activity.short else verdict
