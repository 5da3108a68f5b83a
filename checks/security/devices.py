"""Devices that can be plugged in (standard i)."""

from __future__ import annotations

from checks.capacity.disk import amount
from checks.check import CONFIDENTIALITY, DAY, MEDIUM, MINUTE, check
from checks.facts.removable_media import RemovableMedia
from checks.facts.usb_storage import UsbStorage
from checks.text import Text
from checks.verdict import Status, Verdict, judge, warned


@check(
    "I-USB-01", severity=MEDIUM, aspect=CONFIDENTIALITY, every=DAY, absent=Status.NOT_APPLICABLE,
    source="CIS Debian 12 1.1.0 1.1.1.9",
    title=Text("Penyimpanan USB nonaktif", "USB storage is disabled"),
    why=Text(
        "Flash disk di ruang server dapat membawa keluar dokumen penawaran, atau membawa masuk malware, tanpa jejak di jaringan.",
        "A USB stick in the server room can carry bid documents out, or malware in, without a trace on the network.",
    ),
    remedy=Text(
        "Tulis `install usb-storage /bin/false` dan `blacklist usb-storage` di /etc/modprobe.d/usb-storage.conf, lalu "
        "`modprobe -r usb-storage`.",
        "Write `install usb-storage /bin/false` and `blacklist usb-storage` into /etc/modprobe.d/usb-storage.conf, then "
        "`modprobe -r usb-storage`.",
    ),
)  # fmt: skip
def usb_storage(usb: UsbStorage) -> Verdict:
    loaded = Text("dimuat", "loaded") if usb.loaded else Text("tidak dimuat", "not loaded")
    if usb.refused:
        rule = Text("ditolak modprobe", "refused by modprobe")
    elif usb.blacklisted:
        rule = Text("hanya blacklist", "blacklisted only")
    else:
        rule = Text("dapat dimuat", "can be loaded")
    measured = Text(f"usb-storage: {loaded.id}, {rule.id}", f"usb-storage: {loaded.en}, {rule.en}")
    return judge(usb.refused and not usb.loaded, measured, "install usb-storage /bin/false")


@check(
    "I-USB-02", severity=MEDIUM, aspect=CONFIDENTIALITY, every=5 * MINUTE, source="LPSE standard 9 form; Pantau default",
    title=Text("Tidak ada media lepas tanpa catatan kunjungan", "No removable media without a record of a visit"),
    why=Text(
        "Media yang tertancap berarti ada orang di depan server; tanpa catatan kunjungan ruang server tidak ada yang tahu siapa.",
        "A medium that is plugged in means that somebody stood at the server; without a record of the visit nobody knows who.",
    ),
    remedy=Text(
        "Lihat apa itu: `lsblk -o NAME,SIZE,TRAN,MODEL,MOUNTPOINTS` dan kapan terpasang: `journalctl -k -g 'usb|Attached SCSI'`. "
        "Cocokkan dengan buku kunjungan ruang server; lepaskan setelah selesai (`udisksctl power-off -b /dev/sdX`), juga "
        "media virtual pada konsol BMC.",
        "See what it is: `lsblk -o NAME,SIZE,TRAN,MODEL,MOUNTPOINTS`, and since when: `journalctl -k -g 'usb|Attached SCSI'`. "
        "Compare with the server room's visitors' book; detach it when done (`udisksctl power-off -b /dev/sdX`), virtual "
        "media of the BMC's console too.",
    ),
)  # fmt: skip
def removable(found: RemovableMedia) -> Verdict:
    expected = Text("tidak ada, atau kunjungan ruang server tercatat", "none, or a recorded visit to the server room")
    if not found.media:
        return judge(True, Text("tidak ada media lepas", "no removable media"), expected, value=0)
    listed = ", ".join(f"{one.name} {amount(one.size)}{' USB' if one.usb else ''}" for one in found.media)
    measured = Text(f"{listed}: perlu catatan kunjungan ruang server", f"{listed}: needs a server-room visit record")
    return warned(measured, expected, value=len(found.media))
