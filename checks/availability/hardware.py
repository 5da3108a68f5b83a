"""Hardware: disks, RAID, sensors, memory errors, firmware (standard i)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from checks.check import AVAILABILITY, CRITICAL, DAY, HIGH, HOUR, INTEGRITY, LOW, MINUTE, check
from checks.facts.edac import MemoryErrors
from checks.facts.firmware import Firmware
from checks.facts.raid import SoftwareRaid
from checks.facts.sensors import Sensors
from checks.facts.smart import SmartDisks
from checks.text import Text
from checks.verdict import Status, Verdict, judge, not_applicable, unknown, warned


@check(
    "I-DSK-01", severity=CRITICAL, aspect=AVAILABILITY, every=HOUR, absent=Status.NOT_APPLICABLE, source="Pantau default",
    title=Text("Disk sehat (SMART)", "Disks are healthy (SMART)"),
    why=Text(
        "Sektor yang tidak terbaca berarti data sudah hilang sebagian; disk seperti itu biasanya mati dalam hitungan minggu.",
        "Unreadable sectors mean that data is lost already; such a disk usually dies within weeks.",
    ),
    remedy=Text(
        "Cadangkan sekarang juga, pastikan cadangannya terbaca (L-BCK-03), lalu ganti disk. Rincian: `smartctl -a /dev/NAMA`; "
        "di balik pengendali RAID: `smartctl -a -d megaraid,N /dev/NAMA` atau `storcli /c0 /eall /sall show`.",
        "Back up now, make sure the backup can be read (L-BCK-03), then replace the disk. Details: `smartctl -a /dev/NAME`; "
        "behind a RAID controller: `smartctl -a -d megaraid,N /dev/NAME` or `storcli /c0 /eall /sall show`.",
    ),
)  # fmt: skip
def smart(found: SmartDisks, *, sectors: int = 0, worn: int = 90) -> Iterator[Verdict]:
    expected = Text(f"PASSED, sektor rusak <= {sectors}", f"PASSED, bad sectors <= {sectors}")
    for disk in found.disks:
        match disk.state:
            case "none":
                yield not_applicable(Text("Disk ini tidak memiliki SMART", "This disk has no SMART"), subject=disk.name)
                continue
            case "hidden":
                reason = Text(
                    "Disk fisik tersembunyi di balik pengendali RAID", "The disks are hidden behind a RAID controller"
                )
                yield unknown(reason, subject=disk.name)
                continue
            case "sleeping":
                yield unknown(Text("Disk sedang tidur", "The disk is asleep"), subject=disk.name)
                continue
        bad = disk.pending + disk.uncorrectable
        measured = Text(
            f"{disk.state.upper()}, pending {disk.pending}, tak terkoreksi {disk.uncorrectable}, realokasi {disk.reallocated}, "
            f"aus {disk.worn}%",
            f"{disk.state.upper()}, pending {disk.pending}, uncorrectable {disk.uncorrectable}, reallocated "
            f"{disk.reallocated}, worn {disk.worn}%",
        )
        if disk.state == "passed" and bad <= sectors and (disk.reallocated or disk.worn >= worn):
            yield warned(measured, expected, subject=disk.name, value=bad)
        else:
            yield judge(disk.state == "passed" and bad <= sectors, measured, expected, subject=disk.name, value=bad)


@check(
    "I-DSK-02", severity=CRITICAL, aspect=AVAILABILITY, every=15 * MINUTE, absent=Status.NOT_APPLICABLE,
    source="Indeks KAMI VI.6; Pantau default",
    title=Text("RAID utuh", "RAID is whole"),
    why=Text(
        "RAID yang kehilangan satu disk tetap berjalan tanpa tanda apa pun, sampai disk kedua rusak dan semuanya hilang.",
        "An array that lost a disk runs on without any sign, until the second one fails and everything is gone.",
    ),
    remedy=Text(
        "Lihat `cat /proc/mdstat` dan `mdadm --detail /dev/mdN`; ganti disk yang rusak, salin partisinya, lalu "
        "`mdadm --manage /dev/mdN --add /dev/sdXN`. Pastikan MAILADDR terisi di mdadm.conf.",
        "Look at `cat /proc/mdstat` and `mdadm --detail /dev/mdN`; replace the failed disk, copy its partitions, then "
        "`mdadm --manage /dev/mdN --add /dev/sdXN`. Make sure MAILADDR is set in mdadm.conf.",
    ),
)  # fmt: skip
def raid(found: SoftwareRaid) -> Iterator[Verdict]:
    expected = Text("aktif, semua disk hadir", "active, every disk present")
    for one in found.arrays:
        state = "active" if one.active else "inactive"
        disks = f" [{one.wanted}/{one.present}]" if one.wanted else ""
        rebuild = f", {one.rebuild}" if one.rebuild else ""
        measured = f"{one.level or 'md'} {state}{disks}{f', {one.faulty} (F)' if one.faulty else ''}{rebuild}"
        if one.whole and one.faulty:
            yield warned(measured, expected, subject=one.name)
        else:
            yield judge(one.whole, measured, expected, subject=one.name)


@check(
    "I-HW-01", severity=HIGH, aspect=AVAILABILITY, every=5 * MINUTE, grace=15 * MINUTE, absent=Status.NOT_APPLICABLE,
    source="Pantau default",
    title=Text("Suhu dan kipas normal", "Temperatures and fans are normal"),
    why=Text(
        "AC ruang server yang mati di akhir pekan pertama kali terlihat pada suhu server, sebelum server mati sendiri.",
        "Air conditioning that fails on a weekend shows first in the temperature of servers, before they switch off.",
    ),
    remedy=Text(
        "Periksa AC dan aliran udara ruang server, debu, dan kipas; rincian dengan `sensors` (paket lm-sensors / lm_sensors) "
        "atau `ipmitool sdr`.",
        "Check the air conditioning and air flow of the room, dust and fans; details with `sensors` (package lm-sensors / "
        "lm_sensors) or `ipmitool sdr`.",
    ),
)  # fmt: skip
def sensors(seen: Sensors, *, maximum: float = 90.0) -> Iterator[Verdict]:
    for one in seen.temperatures:
        limit = one.critical or one.high or maximum
        measured, expected = f"{one.current:g} °C", f"< {limit:g} °C"
        if one.current < limit and one.high and one.current >= one.high:
            yield warned(measured, f"< {one.high:g} °C", subject=one.chip, value=one.current)
        else:
            yield judge(one.current < limit, measured, expected, subject=one.chip, value=one.current)
    if seen.fans:
        still = seen.fans_stopped
        measured_fans = Text(f"{still} dari {seen.fans} kipas diam", f"{still} of {seen.fans} fans stand still")
        all_turn = Text("semua kipas berputar", "all fans turn")
        # Boards report connectors without a fan as standing still: only all of them is certainly a fault.
        if 0 < still < seen.fans:
            yield warned(measured_fans, all_turn, subject="fans", value=still)
        else:
            yield judge(still == 0, measured_fans, all_turn, subject="fans", value=still)


@check(
    "I-HW-02", severity=HIGH, aspect=INTEGRITY, every=15 * MINUTE, absent=Status.NOT_APPLICABLE, source="Pantau default",
    title=Text("Tidak ada galat memori ECC", "No memory errors (ECC)"),
    why=Text(
        "Memori yang rusak mengubah data tanpa suara, termasuk isi basis data dan cadangannya.",
        "Failing memory changes data silently, that of databases and backups included.",
    ),
    remedy=Text(
        "Cari modulnya: `grep . /sys/devices/system/edac/mc/mc*/dimm*/dimm_*e_count` atau `ras-mc-ctl --errors` (paket "
        "rasdaemon), lalu ganti modul itu.",
        "Find the module: `grep . /sys/devices/system/edac/mc/mc*/dimm*/dimm_*e_count` or `ras-mc-ctl --errors` (package "
        "rasdaemon), and replace it.",
    ),
)  # fmt: skip
def memory_errors(seen: MemoryErrors, *, corrected_per_day: float = 10.0, uncorrected: int = 0) -> Verdict:
    rate = round(seen.corrected / max(1.0, seen.days), 2)
    measured = Text(
        f"tak terkoreksi {seen.uncorrected}, terkoreksi {rate:g} per hari ({seen.corrected} dalam {seen.days:.1f} hari)",
        f"uncorrected {seen.uncorrected}, corrected {rate:g} a day ({seen.corrected} in {seen.days:.1f} days)",
    )
    expected = Text(
        f"tak terkoreksi <= {uncorrected}, terkoreksi <= {corrected_per_day:g} per hari",
        f"uncorrected <= {uncorrected}, corrected <= {corrected_per_day:g} a day",
    )
    return judge(seen.uncorrected <= uncorrected and rate <= corrected_per_day, measured, expected, value=rate)


@check(
    "I-HW-03", severity=LOW, aspect=INTEGRITY, every=DAY, absent=Status.NOT_APPLICABLE, source="Pantau default",
    title=Text("Firmware/BIOS tidak usang", "The firmware is not out of date"),
    why=Text(
        "Pembaruan firmware menutup celah di bawah sistem operasi (mikrokode, BMC, Secure Boot), yang tidak terlihat antivirus.",
        "Firmware updates close holes below the operating system (microcode, BMC, Secure Boot) that no scanner sees.",
    ),
    remedy=Text(
        "Periksa versi terbaru di situs pembuat server, atau `fwupdmgr get-updates`. Bila sudah yang terbaru, ajukan "
        "pengecualian. Perbarui dalam jendela pemeliharaan.",
        "Look for the latest version on the maker's site, or `fwupdmgr get-updates`. If it is the latest already, ask for a "
        "waiver. Update in a maintenance window.",
    ),
)  # fmt: skip
def firmware(found: Firmware, now: datetime, *, years: float = 3.0) -> Verdict:
    if found.virtual:
        return not_applicable(Text("Firmware milik hypervisor", "The firmware is the hypervisor's"))
    age = round((now.date() - found.released).days / 365.25, 1)
    measured = Text(
        f"{found.version or '?'} tertanggal {found.released} ({age:g} tahun)",
        f"{found.version or '?'} of {found.released} ({age:g} years)",
    )
    expected = Text(f"<= {years:g} tahun, atau yang terbaru", f"<= {years:g} years, or the latest")
    # That nothing newer exists cannot be seen from here: old is a hint, never a failure.
    if age > years:
        return warned(measured, expected, value=age)
    return judge(age > -1, measured, expected, value=age)
