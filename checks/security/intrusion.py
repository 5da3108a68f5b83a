"""Signs of intrusion (standard k): processes where none should be, preloaded code, rootkit scans."""

from __future__ import annotations

from datetime import datetime

from checks.check import CRITICAL, DAY, HIGH, HOUR, INTEGRITY, MINUTE, check
from checks.facts.preload import ForeignModules, Preload
from checks.facts.privilege import hidden_from
from checks.facts.rootkit_scan import RootkitScan
from checks.facts.suspicious_processes import Suspect, SuspiciousProcesses
from checks.text import Text, Words, joined
from checks.verdict import Status, Verdict, judge, unknown, warned

TOLD = 5  # processes named in one result


@check(
    "K-IOC-10", severity=CRITICAL, aspect=INTEGRITY, every=5 * MINUTE, source="Pantau default",
    title=Text("Tidak ada proses dari /tmp atau biner terhapus", "No process from /tmp or from a deleted binary"),
    why=Text(
        "Penambang kripto dan pintu belakang dijalankan dari /tmp atau /dev/shm lalu dihapus, atau hanya dari memori "
        "(memfd), agar pemindai berkas tidak menemukannya; program resmi hampir tidak pernah berada di sana.",
        "Crypto miners and back doors are run from /tmp or /dev/shm and then deleted, or from memory only (memfd), so that "
        "nothing that scans files finds them; proper programs hardly ever live there.",
    ),
    remedy=Text(
        "Cari tahu dahulu siapa yang menjalankannya: `ps -o pid,ppid,user,lstart,cmd -p PID`; beberapa alat kontainer dan "
        "pemantau memang memakai memfd. Bila tidak dikenal, jangan langsung dimatikan: simpan `ls -l /proc/PID/exe`, "
        "salinan `cp /proc/PID/exe /root/bukti`, dan `ss -tnp`; lalu putuskan jaringan dan laporkan sebagai insiden. Bila "
        "hanya perlu restart setelah pembaruan: "
        "`needrestart` (Debian/Ubuntu) atau `needs-restarting -s` (EL), lalu `systemctl restart LAYANAN`.",
        "First find out who runs it: `ps -o pid,ppid,user,lstart,cmd -p PID`; some container and monitoring tools do use "
        "memfd. If nobody knows it, do not kill it at once: keep `ls -l /proc/PID/exe`, a copy by "
        "`cp /proc/PID/exe /root/evidence`, and `ss -tnp`; then cut the network and report an incident. If it only "
        "needs a restart after an update: "
        "`needrestart` (Debian/Ubuntu) or `needs-restarting -s` (EL), then `systemctl restart SERVICE`.",
    ),
)  # fmt: skip
def no_suspicious_process(processes: SuspiciousProcesses, now: datetime) -> Verdict:
    expected = Text("tidak ada", "none")
    if processes.volatile:
        return judge(False, _told(processes.volatile, now), expected, value=len(processes.volatile))
    if processes.hidden:
        reason = hidden_from(root=processes.root)
        return unknown(
            Text(
                f"program {processes.hidden} dari {processes.seen} proses tidak terlihat; {reason.id}",
                f"the program of {processes.hidden} of {processes.seen} processes cannot be seen; {reason.en}",
            )
        )
    if processes.scripts:
        kind = Text("skrip dari folder yang dapat ditulis siapa saja", "script from a folder anyone may write to")
        return warned(joined((kind, _told(processes.scripts, now)), ": "), expected)
    if processes.outdated:
        kind = Text("perlu dimulai ulang setelah pembaruan", "to be restarted after an update")
        return warned(joined((kind, _told(processes.outdated, now)), ": "), expected)
    return judge(True, Text(f"0 dari {processes.seen} proses", f"0 of {processes.seen} processes"), expected, value=0)


def _told(suspects: tuple[Suspect, ...], now: datetime) -> Words:
    more = len(suspects) - TOLD
    rest = (Text(f"dan {more} lainnya", f"and {more} more"),) if more > 0 else ()
    return joined((*(_one(suspect, now) for suspect in suspects[:TOLD]), *rest))


def _one(suspect: Suspect, now: datetime) -> Text:
    """Which process, whose, for how long, and what it runs."""
    size, unit = _age((now - suspect.started).total_seconds())
    others = suspect.processes - 1
    id_, en = (f" (dan {others} lainnya)", f" (and {others} others)") if others else ("", "")
    program_id = program_en = suspect.path
    if suspect.in_memory:
        name = suspect.path.removeprefix("/memfd:") or "-"
        program_id = f"program yang hanya ada di memori, tidak pernah di disk (memfd, bernama {name})"
        program_en = f"a program that exists in memory only, never on disk (memfd, by the name {name})"
    elif suspect.deleted:
        program_id, program_en = f"{suspect.path}, sudah dihapus dari disk", f"{suspect.path}, deleted from the disk"
    return Text(
        f"PID {suspect.pid}{id_} milik {suspect.user}, berjalan {size} {unit.id}: {program_id}",
        f"PID {suspect.pid}{en} of {suspect.user}, running for {size} {unit.en}: {program_en}",
    )


def _age(seconds: float) -> tuple[int, Text]:
    for length, most, unit in (
        (1, MINUTE, Text("detik", "s")),
        (MINUTE, HOUR, Text("menit", "min")),
        (HOUR, DAY, Text("jam", "h")),
    ):
        if seconds < 2 * most:
            return max(0, int(seconds // length)), unit
    return int(seconds // DAY), Text("hari", "days")


@check(
    "K-IOC-13", severity=CRITICAL, aspect=INTEGRITY, every=15 * MINUTE, source="Pantau default",
    title=Text("Tanpa preload pustaka atau modul kernel asing", "No preloaded library or foreign kernel module"),
    why=Text(
        "Pustaka di /etc/ld.so.preload masuk ke setiap program, termasuk ps dan ls: begitulah rootkit bersembunyi.",
        "A library in /etc/ld.so.preload enters every program, ps and ls included: that is how rootkits hide.",
    ),
    remedy=Text(
        "Periksa asalnya: `dpkg -S PUSTAKA` (Debian/Ubuntu) atau `rpm -qf PUSTAKA` (EL). Bila tidak dari paket, "
        "perlakukan sebagai insiden dan periksa dari media lain. Untuk modul: `modinfo NAMA`; modul yang sah "
        "(misalnya dari VMware) dapat didaftarkan melalui kebijakan.",
        "See where it comes from: `dpkg -S LIBRARY` (Debian/Ubuntu) or `rpm -qf LIBRARY` (EL). If not from a package, "
        "treat it as an incident and examine from other media. For a module: `modinfo NAME`; a rightful one (from "
        "VMware, say) can be listed by policy.",
    ),
)  # fmt: skip
def nothing_preloaded(
    preload: Preload,
    modules: ForeignModules | None,
    *,
    libraries: tuple[str, ...] = (),
    known_modules: tuple[str, ...] = (),
) -> Verdict:
    strange = [one for one in preload.libraries if one not in libraries]
    foreign = [one for one in (modules.modules if modules else ()) if one.split(" ")[0] not in known_modules]
    expected = Text("tidak ada", "none")
    if strange:
        return judge(False, f"/etc/ld.so.preload: {', '.join(strange)}", expected, value=len(strange))
    if foreign:
        return warned(
            Text(f"modul di luar kernel resmi: {', '.join(foreign)}", f"modules from outside the kernel: {', '.join(foreign)}"),
            expected,
        )  # fmt: skip
    return judge(True, Text("tidak ada preload, tidak ada modul asing", "no preload, no foreign module"), expected)


@check(
    "K-IOC-14", severity=HIGH, aspect=INTEGRITY, every=DAY, absent=Status.FAIL,
    source="chkrootkit in the SPSE 4.3 installation guide (2019); Pantau default (7 days)",
    title=Text("Pemindaian rootkit terbaru dan bersih", "Rootkit scan is recent and clean"),
    why=Text(
        "Rootkit bertahan berbulan-bulan bila tidak ada yang mencarinya; pemindaian mingguan memperpendek waktu itu.",
        "A rootkit stays for months where nobody looks; a weekly scan shortens that.",
    ),
    remedy=Text(
        "Debian/Ubuntu: `apt install rkhunter`, `CRON_DAILY_RUN=\"true\"` di /etc/default/rkhunter; atau "
        "`apt install chkrootkit`, `RUN_DAILY=\"true\"` di /etc/chkrootkit/chkrootkit.conf. EL (EPEL): "
        "`dnf install rkhunter`. Setelah memeriksa temuan: `rkhunter --propupd`.",
        "Debian/Ubuntu: `apt install rkhunter`, `CRON_DAILY_RUN=\"true\"` in /etc/default/rkhunter; or "
        "`apt install chkrootkit`, `RUN_DAILY=\"true\"` in /etc/chkrootkit/chkrootkit.conf. EL (EPEL): "
        "`dnf install rkhunter`. After looking into what it found: `rkhunter --propupd`.",
    ),
)  # fmt: skip
def rootkit_scan(scan: RootkitScan, now: datetime, *, days: int = 7) -> Verdict:
    age = (now - scan.at).total_seconds() / 86400
    measured = Text(
        f"{scan.tool}, {age:.1f} hari lalu: {scan.rootkits} rootkit, {scan.warnings} peringatan",
        f"{scan.tool}, {age:.1f} days ago: {scan.rootkits} rootkits, {scan.warnings} warnings",
    )
    expected = Text(f"<= {days} hari, 0 rootkit", f"<= {days} days, 0 rootkits")
    if scan.rootkits or age > days:
        return judge(False, measured, expected, value=round(age, 1))
    if scan.warnings:
        return warned(measured, expected, value=round(age, 1))
    return judge(True, measured, expected, value=round(age, 1))
