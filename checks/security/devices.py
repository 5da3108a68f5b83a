"""Devices that can be plugged in (standard i)."""

from __future__ import annotations

from checks.check import CONFIDENTIALITY, DAY, MEDIUM, check
from checks.facts.usb_storage import UsbStorage
from checks.text import Text
from checks.verdict import Status, Verdict, judge


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
