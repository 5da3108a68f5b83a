"""Firmware and configuration of routers and switches (K-DEV)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from checks.check import DAY, HOUR, INTEGRITY, MEDIUM, check
from checks.facts.network_equipment import DeviceConfigurations, DeviceFirmware
from checks.text import Text, Words
from checks.verdict import Status, Verdict, judge, unknown

NA = Status.NOT_APPLICABLE


@check(
    "K-DEV-01", severity=MEDIUM, aspect=INTEGRITY, every=DAY, source="Pantau default", absent=NA,
    title=Text("Firmware perangkat jaringan tidak usang", "The firmware of network devices is not outdated"),
    why=Text(
        "Router dan switch adalah pintu jaringan; firmware yang bertahun-tahun tidak diperbarui membawa celah yang sudah "
        "dikenal dan dipakai penyerang.",
        "Routers and switches are the gate of the network; firmware not updated for years carries holes that attackers "
        "know and use.",
    ),
    remedy=Text(
        "Cadangkan konfigurasi, lalu pasang rilis terbaru yang masih didukung pembuatnya, di luar jam layanan. RouterOS: "
        "`/system package update install`. Cisco IOS: unduh citra baru, lalu `boot system flash:CITRA` dan "
        "`reload`.",
        "Save the configuration, then install the newest release its maker supports, outside hours of service. RouterOS: "
        "`/system package update install`. Cisco IOS: fetch the new image, then `boot system flash:IMAGE` and "
        "`reload`.",
    ),
)  # fmt: skip
def firmware_age(firmware: DeviceFirmware, now: datetime, *, maximum_days: int = 730) -> Iterator[Verdict]:
    """One verdict per device."""
    expected = Text(f"dibuat paling lama {maximum_days} hari lalu", f"built at most {maximum_days} days ago")
    for one in firmware.devices:
        if one.unread:
            yield unknown(one.unread, subject=one.device)
        elif one.built is None:
            yield unknown(
                Text(
                    f"{one.version}; tanggal pembuatannya tidak disebut", f"{one.version}; its build date is not told"
                ),
                subject=one.device,
            )
        else:
            days = (now.date() - one.built).days
            said = f"{one.version}, {one.built}"
            yield judge(days <= maximum_days, said, expected, subject=one.device, value=float(days))


@check(
    "K-DEV-02", severity=MEDIUM, aspect=INTEGRITY, every=HOUR, source="Pantau default", absent=NA, grace=DAY,
    title=Text("Konfigurasi perangkat jaringan tersimpan", "The configuration of network devices is saved"),
    why=Text(
        "Perubahan yang hanya ada di memori hilang saat listrik padam: aturan firewall dan rute kembali ke keadaan lama "
        "tanpa ada yang tahu.",
        "A change that is only in memory is gone after a power cut: firewall rules and routes return to an old state and "
        "nobody knows.",
    ),
    remedy=Text(
        "Periksa perbedaannya dengan `show archive config differences`, lalu simpan: `write memory`.",
        "See what differs with `show archive config differences`, then save it: `write memory`.",
    ),
)  # fmt: skip
def configuration_saved(configurations: DeviceConfigurations) -> Iterator[Verdict]:
    """One verdict per device; both moments are of the device's own clock."""
    expected = Text("disimpan sesudah perubahan terakhir", "saved after the last change")
    for one in configurations.devices:
        if one.unread:
            yield unknown(one.unread, subject=one.device)
            continue
        if one.at_once:
            said: Words = Text("menyimpan setiap perubahan seketika", "saves each change at once")
        elif one.changed is None:
            said = Text("tidak diubah sejak hidup terakhir", "not changed since its last start")
        elif one.saved is None:
            said = Text(f"diubah {one.changed}, tidak pernah disimpan", f"changed {one.changed}, never saved")
        else:
            said = Text(f"diubah {one.changed}, disimpan {one.saved}", f"changed {one.changed}, saved {one.saved}")
        met = one.changed is None or (one.saved is not None and one.saved >= one.changed)
        yield judge(met, said, expected, subject=one.device)
