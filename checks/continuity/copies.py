"""Copies beside the nightly dump: of configuration, and away from this server (standard l)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from checks.check import AVAILABILITY, CRITICAL, DAY, HOUR, MEDIUM, check
from checks.continuity.backup import hours_since
from checks.facts.config_backup import ConfigBackup
from checks.facts.document_store import DocumentFolders
from checks.facts.off_host_copy import OffHostCopy
from checks.facts.postgres_installed import PostgresInstalled
from checks.text import Text
from checks.verdict import Status, Verdict, judge, not_applicable, unknown, warned

PATIENCE = 24.0  # hours after a change within which a copy is still in time


@check(
    "L-BCK-05", severity=MEDIUM, aspect=AVAILABILITY, every=DAY, absent=Status.FAIL,
    source="Peraturan BSSN 4/2021 Pasal 27 ayat (13) huruf b; Pantau default (days)",
    title=Text("Cadangan konfigurasi mutakhir", "The configuration is backed up"),
    why=Text(
        "Tanpa salinan application.conf, httpd, PostgreSQL, dan firewall, server baru memerlukan berhari-hari, bukan berjam-jam.",
        "Without copies of application.conf, httpd, PostgreSQL and firewall a new server takes days instead of hours.",
    ),
    remedy=Text(
        "Setiap minggu dan setelah setiap perubahan: `tar -C / -cz etc home/appserv/*/webapp/conf | age -r KUNCI_PUBLIK > "
        "/backup/conf-$(date +%F).tar.gz.age`. Isinya kata sandi: enkripsi, dan `chmod 600`.",
        "Every week and after each change: `tar -C / -cz etc home/appserv/*/webapp/conf | age -r PUBLIC_KEY > "
        "/backup/conf-$(date +%F).tar.gz.age`. It holds passwords: encrypt it, and `chmod 600`.",
    ),
)  # fmt: skip
def configuration(found: ConfigBackup, now: datetime, *, days: float = 7.0) -> Verdict:
    newest = found.newest if found.newest is not None else found.etckeeper
    if newest is None:
        return unknown(Text("waktu cadangan tidak diketahui", "the time of the backup is not known"))
    age = round(hours_since(newest, now) / 24, 1)
    measured = Text(f"{age:g} hari yang lalu", f"{age:g} days ago")
    expected = Text(f"<= {days:g} hari, dan setelah setiap perubahan", f"<= {days:g} days, and after each change")
    late = found.changed is not None and found.changed > newest and hours_since(found.changed, now) > PATIENCE
    if late:
        measured = Text(
            f"{measured.id}; sesudahnya berubah: {found.path}", f"{measured.en}; changed after it: {found.path}"
        )
    if late or not -0.1 <= age <= days:
        return judge(False, measured, expected, value=age)
    if found.newest is None:
        only = Text(f"etckeeper, {measured.id}: hanya di server ini", f"etckeeper, {measured.en}: on this server only")
        return warned(only, expected, value=age)
    if found.open:
        seen = Text(
            f"{measured.id}; tidak terenkripsi dan terbaca pengguna lain",
            f"{measured.en}; not encrypted, and others can read it",
        )
        return warned(seen, expected, value=age)
    return judge(True, measured, expected, value=age)


@check(
    "L-BCK-06", severity=CRITICAL, aspect=AVAILABILITY, every=6 * HOUR, grace=6 * HOUR, absent=Status.NOT_APPLICABLE,
    source="ISO/IEC 27002:2022 8.13; Pantau default (hours, days)",
    title=Text("Salinan di luar server dan di luar lokasi mutakhir", "Copies off the server and off the site are recent"),
    why=Text(
        "Kebakaran, pencurian, dan ransomware mengambil server bersama cadangannya; hanya salinan di tempat lain yang tersisa.",
        "Fire, theft and ransomware take the server and its backups together; only copies elsewhere remain.",
    ),
    remedy=Text(
        "Setelah penyalinan berhasil, biarkan pekerjaan itu menulis stempel: `rsync -a /backup/ cadangan@LAIN:/backup/ && touch "
        "/backup/off-host.stamp`, dan untuk lokasi lain `touch /backup/off-site.stamp`. Bila server lain yang mengambil, "
        "ia yang menulis: `ssh cadangan@SERVER touch /backup/off-host.stamp`.",
        "After copying succeeded let that job write a stamp: `rsync -a /backup/ backup@OTHER:/backup/ && touch "
        "/backup/off-host.stamp`, and for another site `touch /backup/off-site.stamp`. Where another server fetches, it "
        "writes it: `ssh backup@SERVER touch /backup/off-host.stamp`.",
    ),
)  # fmt: skip
def elsewhere(
    database: PostgresInstalled | None,
    folders: DocumentFolders | None,
    copy: OffHostCopy,
    now: datetime,
    *,
    hours: float = 24.0,
    days: float = 7.0,
) -> Iterator[Verdict]:
    if database is None and folders is None:
        yield not_applicable(
            Text("Tidak ada basis data atau dokumen SPSE di sini", "No database and no documents of SPSE are here")
        )
        return
    yield _copy(copy.host, now, hours, "off-host", network=copy.network)
    yield _copy(copy.site, now, days * 24, "off-site", network=False)


def _copy(moment: float | None, now: datetime, hours: float, subject: str, *, network: bool) -> Verdict:
    if moment is None:
        return unknown(
            Text(
                f"tidak ada stempel ({subject}.stamp) di folder cadangan yang menyatakan kapan disalin",
                f"there is no stamp ({subject}.stamp) in the backup folders that says when it was copied",
            ),
            subject=subject,
        )
    age = hours_since(moment, now)
    measured = Text(f"{age:g} jam yang lalu", f"{age:g} hours ago")
    if network:
        measured = Text(f"{measured.id}, di penyimpanan jaringan", f"{measured.en}, on network storage")
    expected = Text(f"<= {hours:g} jam", f"<= {hours:g} hours")
    return judge(-1 <= age <= hours, measured, expected, subject=subject, value=age)
