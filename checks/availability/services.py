"""Services of the server: alive, started at boot, not restarting over and over (standard l)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from checks.check import AVAILABILITY, CRITICAL, DAY, HIGH, HOUR, MEDIUM, MINUTE, check
from checks.facts.boot import Boot
from checks.facts.boot_history import BootHistory
from checks.facts.rc_local import RcLocal
from checks.facts.reverse_proxy import ReverseProxy
from checks.facts.service_units import ServiceUnits, Unit
from checks.facts.spse_process import SpseProcesses, unconfirmed
from checks.text import Text
from checks.verdict import Status, Verdict, judge, not_applicable, unknown, warned

CONTAINED = 300  # seconds after the kernel: no initial ramdisk takes so long, so process 1 is that of a container
STARTING = {"enabled", "static", "generated", "alias", "indirect"}
# What rc.local calls the service of a unit (see checks/facts/rc_local.py).
ROLES = {
    "apache2": "proxy", "firewalld": "firewall", "httpd": "proxy", "nftables": "firewall", "nginx": "proxy",
    "postgresql": "postgresql", "spse": "spse", "tomcat": "spse", "ufw": "firewall",
}  # fmt: skip
NONE_HERE = Text(
    "Tidak ada layanan SPSE, PostgreSQL, atau proksi yang berjalan di sini", "No SPSE, PostgreSQL or proxy runs here"
)


@check(
    "L-AVL-06", severity=CRITICAL, aspect=AVAILABILITY, every=MINUTE, grace=3 * MINUTE, absent=Status.NOT_APPLICABLE,
    source="Pantau default",
    title=Text("Reverse proxy hidup", "The reverse proxy is alive"),
    why=Text(
        "Tanpa proksi tidak ada seorang pun yang dapat membuka SPSE, walaupun SPSE sendiri berjalan.",
        "Without the proxy nobody can open SPSE, even though SPSE itself is running.",
    ),
    remedy=Text(
        "Uji konfigurasi lalu jalankan. Apache di Debian/Ubuntu: `apachectl configtest && systemctl start apache2`; Apache di "
        "EL: `apachectl configtest && systemctl start httpd`; nginx: `nginx -t && systemctl start nginx`. Sebabnya: "
        "`journalctl -u NAMA -n 50`. Bila memang tidak dipakai: `systemctl disable NAMA`.",
        "Test the configuration, then start it. Apache on Debian/Ubuntu: `apachectl configtest && systemctl start apache2`; "
        "Apache on EL: `apachectl configtest && systemctl start httpd`; nginx: `nginx -t && systemctl start nginx`. The reason: "
        "`journalctl -u NAME -n 50`. If it is not used at all: `systemctl disable NAME`.",
    ),
)  # fmt: skip
def reverse_proxy(proxy: ReverseProxy) -> Verdict:
    expected = Text("berjalan", "running")
    if proxy.running:
        names = ", ".join(proxy.running)
        return judge(True, Text(f"berjalan: {names}", f"running: {names}"), expected)
    if proxy.enabled:
        names = ", ".join(proxy.enabled)
        return judge(False, Text(f"tidak berjalan: {names}", f"not running: {names}"), expected)
    names = ", ".join(proxy.installed)
    return not_applicable(Text(f"terpasang tetapi tidak diaktifkan: {names}", f"installed but not enabled: {names}"))


@check(
    "L-AVL-08", severity=HIGH, aspect=AVAILABILITY, every=5 * MINUTE, source="Pantau default",
    title=Text("Tidak ada boot ulang tak terduga", "No unexpected reboot"),
    why=Text(
        "Server yang hidup kembali tanpa shutdown tercatat berarti listrik putus, kernel macet, atau tombol ditekan orang.",
        "A server that comes up without a recorded shutdown lost power, froze, or had its button pressed.",
    ),
    remedy=Text(
        "Cari sebabnya: `last -x -n 20 reboot shutdown`, `journalctl -b -1 -e`, catatan UPS, dan `ipmitool sel list`. Catat "
        "kejadiannya dalam formulir gangguan; periksa PostgreSQL dan RAID sesudahnya.",
        "Find the cause: `last -x -n 20 reboot shutdown`, `journalctl -b -1 -e`, the log of the UPS, `ipmitool sel list`. "
        "Record the incident; check PostgreSQL and RAID afterwards.",
    ),
)  # fmt: skip
def reboot(history: BootHistory, boot: Boot, now: datetime, *, hours: float = 24.0) -> Verdict:
    """A start after a recorded shutdown was meant; in a container its own starts count, not the kernel's below it."""
    expected = Text(f"tidak ada dalam {hours:g} jam", f"none within {hours:g} hours")
    recent = [start for start in history.starts if (now - start.at).total_seconds() < hours * HOUR]
    crashes = [start for start in recent if start.clean is False]
    contained = history.began is not None and (history.began - boot.at).total_seconds() > CONTAINED
    at = history.began if contained and history.began else boot.at
    age = round((now - at).total_seconds() / HOUR, 1)
    if crashes:
        moment = f"{crashes[0].at:%Y-%m-%d %H:%M} UTC{crashes[0].at:%z}".removesuffix("+0000")
        measured = Text(
            f"hidup tanpa shutdown tercatat pada {moment}", f"came up without a recorded shutdown at {moment}"
        )
        return judge(False, measured, expected, value=age)
    what = (
        Text("kontainer ini dimulai", "this container was started") if contained else Text("boot terakhir", "last boot")
    )
    measured = Text(f"{what.id} {age:g} jam yang lalu", f"{what.en} {age:g} hours ago")
    if recent and all(start.clean for start in recent):
        recorded = Text(", sesudah shutdown yang tercatat", ", after a recorded shutdown")
        measured = Text(measured.id + recorded.id, measured.en + recorded.en)
        return judge(True, measured, expected, value=age)
    if recent or age < hours:
        return warned(measured, expected, value=age)
    return judge(True, measured, expected, value=age)


@check(
    "L-AVL-09", severity=MEDIUM, aspect=AVAILABILITY, every=DAY, source="CIS PostgreSQL 16 1.0.0 1.2; Pantau default",
    title=Text("Layanan otomatis hidup saat boot", "Services start at boot"),
    why=Text(
        "Layanan yang dijalankan dengan tangan tidak kembali setelah listrik padam; pada EL, rc.local yang tidak executable "
        "diabaikan tanpa pesan.",
        "A service started by hand does not come back after a power cut; on EL an rc.local that is not executable is ignored "
        "without a word.",
    ),
    remedy=Text(
        "`systemctl enable NAMA`. Untuk SPSE buatkan unit systemd sendiri, atau pastikan baris di rc.local dan "
        "bahwa berkasnya dapat dijalankan. Debian/Ubuntu: `chmod 755 /etc/rc.local`; EL: `chmod 755 /etc/rc.d/rc.local`.",
        "`systemctl enable NAME`. For SPSE write a systemd unit, or make sure of its line in rc.local and "
        "that it can be executed. Debian/Ubuntu: `chmod 755 /etc/rc.local`; EL: `chmod 755 /etc/rc.d/rc.local`.",
    ),
)  # fmt: skip
def start_at_boot(units: ServiceUnits | None, local: RcLocal | None, spse: SpseProcesses | None) -> Iterator[Verdict]:
    known = units.units if units else ()
    starts = local.starts if local and local.executable else ()
    expected = Text("aktif saat boot", "enabled at boot")
    nothing = True
    for unit in known:
        if unit.active != "active" or not unit.file_state:
            continue
        nothing = False
        role = ROLES.get(unit.id.partition(".")[0].partition("@")[0].partition("-")[0].rstrip("0123456789"), "")
        state = f"{unit.file_state}, rc.local" if role in starts else unit.file_state
        yield judge(_starts(unit, known) or role in starts, state, expected, subject=unit.id)
    if spse:
        nothing = False
        yield (
            _spse(known, local, expected) if spse.confirmed else unknown(unconfirmed(spse.processes[0]), subject="SPSE")
        )
    if nothing:
        yield not_applicable(NONE_HERE)


def _starts(unit: Unit, known: tuple[Unit, ...]) -> bool:
    if unit.file_state in STARTING:
        return True
    name, at, _ = unit.id.partition("@")
    starters = {f"{name}.service"} if at else {unit.id.replace(".service", ".socket")}
    return any(other.id in starters and other.file_state == "enabled" for other in known)


def _spse(known: tuple[Unit, ...], local: RcLocal | None, expected: Text) -> Verdict:
    if any(unit.id.startswith("spse") and unit.file_state in STARTING for unit in known):
        return judge(True, "systemd", expected, subject="SPSE")
    if local and "spse" in local.starts:
        said = "rc.local" if local.executable else Text("rc.local tidak executable", "rc.local is not executable")
        return judge(local.executable, said, expected, subject="SPSE")
    where = Text(
        "tidak ditemukan dalam unit spse* maupun rc.local (periksa unit bernama lain, @reboot pada cron)",
        "found neither in units spse* nor in rc.local (look for units of other names, @reboot in cron)",
    )
    return warned(where, expected, subject="SPSE")


@check(
    "L-AVL-10", severity=HIGH, aspect=AVAILABILITY, every=5 * MINUTE, absent=Status.NOT_APPLICABLE, source="Pantau default",
    title=Text("Tidak ada layanan yang berulang kali restart", "No service restarts again and again"),
    why=Text(
        "Layanan yang terus-menerus dihidupkan kembali tampak aktif, padahal pengguna berkali-kali terputus.",
        "A service that is restarted over and over looks alive while its users are cut off again and again.",
    ),
    remedy=Text(
        "Lihat mengapa ia mati: `journalctl -u NAMA --since -2h` (galat memori, port terpakai, berkas hilang). Setelah "
        "diperbaiki: `systemctl reset-failed NAMA && systemctl restart NAMA`.",
        "See why it dies: `journalctl -u NAME --since -2h` (memory, a port in use, a missing file). Once mended: "
        "`systemctl reset-failed NAME && systemctl restart NAME`.",
    ),
)  # fmt: skip
def restarts(units: ServiceUnits, boot: Boot, now: datetime, *, most: int = 2, hours: float = 1.0) -> Iterator[Verdict]:
    expected = Text(f"<= {most} kali dalam {hours:g} jam", f"<= {most} within {hours:g} h")
    seen = [unit for unit in units.units if unit.active not in {"inactive", ""}]
    for unit in seen:
        up = (now - boot.at).total_seconds() - unit.active_since if unit.active_since is not None else None
        times = Text(f"{unit.restarts} kali restart", f"{unit.restarts} restarts")
        if unit.result == "start-limit-hit" or unit.active == "failed":
            gone = Text(f"gagal ({unit.result or unit.sub})", f"failed ({unit.result or unit.sub})")
            yield judge(False, gone, expected, subject=unit.id, value=unit.restarts)
        elif unit.restarts > most and (up is None or up < hours * HOUR):
            yield judge(False, times, expected, subject=unit.id, value=unit.restarts)
        elif unit.restarts > 0 and (up is None or up < DAY):
            yield warned(times, expected, subject=unit.id, value=unit.restarts)
        else:
            yield judge(True, times, expected, subject=unit.id, value=unit.restarts)
    if not seen:
        yield not_applicable(NONE_HERE)
