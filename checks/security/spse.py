"""The SPSE application itself (standard k): its configuration, its process, its port."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator

from checks.check import CONFIDENTIALITY, CRITICAL, DAY, HIGH, HOUR, INTEGRITY, MEDIUM, MINUTE, check
from checks.facts.listeners import Listeners
from checks.facts.spse_instances import SpseConfigFiles, SpseInstance, SpseInstances
from checks.facts.spse_integrity import SpseIntegrity
from checks.facts.spse_process import SpseProcess, SpseProcesses, unconfirmed
from checks.text import Text, Words, joined
from checks.verdict import Status, Verdict, judge, not_applicable, unknown, warned

NO_SPSE = Status.NOT_APPLICABLE
RESTART = Text(
    "lalu jalankan ulang SPSE di luar jam layanan: `./spse4 restart` sebagai akun aplikasi.",
    "then restart SPSE outside service hours: `./spse4 restart` as the application's account.",
)
INCLUDES = Text(
    "application.conf menyertakan berkas lain yang tidak dibaca",
    "application.conf includes other files that are not read",
)


def processes_of(instance: SpseInstance, running: SpseProcesses | None) -> list[SpseProcess]:
    """All processes that are known to run `instance`."""
    return [one for one in running.confirmed if one.serves(instance.app, instance.home)] if running else []


@check(
    "K-APP-01", severity=CRITICAL, aspect=CONFIDENTIALITY, every=HOUR, absent=NO_SPSE, source="Pantau default",
    title=Text("SPSE berjalan dalam mode produksi", "SPSE runs in production mode"),
    why=Text(
        "Mode DEV (bawaan Play) menampilkan kode sumber pada halaman galat, membuka port debug, dan menampilkan kata sandi "
        "basis data pada /@status.",
        "DEV mode (Play's default) shows source code on error pages, opens a debug port, and shows the database password "
        "on /@status.",
    ),
    remedy=Text(
        f"Tulis `application.mode=prod` di conf/application.conf, {RESTART.id}",
        f"Write `application.mode=prod` into conf/application.conf, {RESTART.en}",
    ),
)  # fmt: skip
def production_mode(spse: SpseInstances, running: SpseProcesses | None) -> Iterator[Verdict]:
    for one in spse.instances:
        processes = processes_of(one, running)
        if processes and all(process.precompiled for process in processes):
            yield judge(True, "prod (-Dprecompiled)", "application.mode=prod", subject=one.name)
            continue
        modes = {one.mode_by_id.get(process.play_id, one.mode) for process in processes if not process.precompiled}
        if not processes:
            modes = {one.mode, *one.mode_by_id.values()}
        if one.includes:
            yield unknown(INCLUDES, subject=one.name)
        elif len(modes) > 1 and not processes:
            reason = Text(
                "Mode bergantung pada id framework, dan SPSE tidak berjalan",
                "The mode depends on the framework id, and SPSE does not run",
            )
            yield unknown(reason, subject=one.name)
        else:
            mode = next((mode for mode in sorted(modes) if mode != "prod"), "prod")
            measured: Words = mode or Text("tidak diisi (bawaan: dev)", "not set (default: dev)")
            yield judge(mode == "prod", measured, "application.mode=prod", subject=one.name)


@check(
    "K-APP-02", severity=HIGH, aspect=CONFIDENTIALITY, every=HOUR, absent=NO_SPSE, source="Pantau default",
    title=Text("application.conf hanya dapat dibaca akun aplikasi", "Only the application's account can read application.conf"),
    why=Text(
        "Berkas ini memuat application.secret, yang membuka securedb dan memalsukan sesi. Izin berkas adalah satu-satunya "
        "pelindungnya.",
        "It holds application.secret, which decrypts securedb and forges sessions. File permissions are all that protects it.",
    ),
    remedy=Text(
        "`chown AKUN_SPSE conf/application.conf && chmod 600 conf/application.conf`; AKUN_SPSE adalah akun yang "
        "menjalankan SPSE.",
        "`chown SPSE_ACCOUNT conf/application.conf && chmod 600 conf/application.conf`; SPSE_ACCOUNT is the account that "
        "runs SPSE.",
    ),
)  # fmt: skip
def config_private(configs: SpseConfigFiles, *, maximum: int = 0o600) -> Iterator[Verdict]:
    for file in configs.files:
        measured = f"{file.mode:04o} {file.uid}:{file.gid}"
        yield judge(not file.mode & ~maximum, measured, f"<= {maximum:04o}", subject=file.path)


@check(
    "K-APP-03", severity=MEDIUM, aspect=CONFIDENTIALITY, every=DAY, absent=NO_SPSE, source="Pantau default",
    title=Text("URL basis data disimpan sebagai securedb", "The database URL is stored as securedb"),
    why=Text(
        "Kata sandi basis data yang tertulis terang ikut terbawa ke setiap salinan dan cadangan application.conf.",
        "A database password in clear travels with every copy and backup of application.conf.",
    ),
    remedy=Text(
        f"Buat nilai securedb dengan alat bawaan SPSE, hapus `db`, `db.user` dan `db.pass` dari application.conf, {RESTART.id}",
        f"Make the securedb value with SPSE's own tool, remove `db`, `db.user` and `db.pass` from application.conf, {RESTART.en}",
    ),
)  # fmt: skip
def database_obscured(spse: SpseInstances) -> Iterator[Verdict]:
    expected = Text("securedb terisi, tanpa kata sandi terang", "securedb set, no password in clear")
    for one in spse.instances:
        if one.includes and not one.clear_password:
            yield unknown(INCLUDES, subject=one.name)
            continue
        measured = Text(
            f"securedb {'terisi' if one.securedb else 'kosong'}; "
            f"kata sandi terang {'ada' if one.clear_password else 'tidak ada'}",
            f"securedb {'set' if one.securedb else 'empty'}; password in clear: {'yes' if one.clear_password else 'no'}",
        )
        yield judge(one.securedb and not one.clear_password, measured, expected, subject=one.name)


@check(
    "K-APP-06", severity=HIGH, aspect=INTEGRITY, every=15 * MINUTE, absent=NO_SPSE, source="Pantau default",
    title=Text("Proses SPSE tidak berjalan sebagai root", "SPSE does not run as root"),
    why=Text(
        "Satu celah di SPSE yang berjalan sebagai root menyerahkan seluruh server, termasuk basis data dan dokumen.",
        "One hole in an SPSE that runs as root hands over the whole server, database and documents included.",
    ),
    remedy=Text(
        "Hentikan SPSE di luar jam layanan, lalu `useradd --system --home /home/appserv spse`, `chown -R spse "
        "/home/appserv/INSTANS /home/file`, dan ganti baris di /etc/rc.local dengan unit systemd ber-`User=spse`.",
        "Stop SPSE outside service hours, then `useradd --system --home /home/appserv spse`, `chown -R spse "
        "/home/appserv/INSTANCE /home/file`, and replace the line in /etc/rc.local by a systemd unit with `User=spse`.",
    ),
)  # fmt: skip
def not_root(running: SpseProcesses) -> Iterator[Verdict]:
    for one in running.processes:
        expected = Text("akun tanpa hak istimewa", "an unprivileged account")
        if not one.confirmed:
            yield unknown(unconfirmed(one), subject=one.label)
            continue
        yield judge(one.user not in {"root", "0"}, one.user, expected, subject=one.label)


@check(
    "K-APP-10", severity=CRITICAL, aspect=INTEGRITY, every=HOUR, absent=NO_SPSE, source="Pantau default",
    title=Text("Tidak ada port debug atau JMX tanpa autentikasi", "No debug port, no JMX without authentication"),
    why=Text(
        "Siapa pun yang mencapai port JDWP atau JMX tanpa autentikasi dapat menjalankan kode di dalam SPSE.",
        "Whoever reaches a JDWP port, or JMX without authentication, runs code inside SPSE.",
    ),
    remedy=Text(
        "Hapus -agentlib:jdwp, -Xrunjdwp dan jmxremote dari skrip spse4 atau jvm.memory; pakai application.mode=prod, "
        f"{RESTART.id}",
        "Remove -agentlib:jdwp, -Xrunjdwp and jmxremote from the spse4 script or jvm.memory; use application.mode=prod, "
        f"{RESTART.en}",
    ),
)  # fmt: skip
def no_debug_port(running: SpseProcesses) -> Iterator[Verdict]:
    for one in running.processes:
        none = Text("tidak ada", "none")
        if not one.confirmed:
            yield (
                warned(joined((*one.debug, unconfirmed(one))), none, subject=one.label)
                if one.debug
                else unknown(unconfirmed(one), subject=one.label)
            )
            continue
        yield judge(not one.debug, ", ".join(one.debug) or none, none, subject=one.label)


@check(
    "K-FIM-03", severity=HIGH, aspect=INTEGRITY, every=HOUR, absent=NO_SPSE, source="Pantau default",
    title=Text("Berkas conf/integrity SPSE konsisten", "SPSE's conf/integrity agrees with itself"),
    why=Text(
        "Daftar checksum SPSE yang diubah secara manual tidak lagi cocok dengan MD5 di baris keduanya: tanda bahwa "
        "berkas aplikasi diubah tanpa hak.",
        "A list of checksums that was edited no longer fits the MD5 in its second line: a sign of tampering with SPSE.",
    ),
    remedy=Text(
        "Bandingkan dengan paket SPSE asli (`diff -r`). Jika Anda tidak baru saja memperbarui SPSE, perlakukan sebagai "
        "insiden: simpan buktinya dan hubungi tim tanggap insiden.",
        "Compare with the original SPSE package (`diff -r`). If you did not just update SPSE, treat it as an incident: "
        "keep the evidence and call your incident team.",
    ),
)  # fmt: skip
def integrity_file(integrity: SpseIntegrity) -> Iterator[Verdict]:
    expected = Text("baris 2 = MD5 baris 1", "line 2 = MD5 of line 1")
    for one in integrity.files:
        measured: Words = (
            expected if one.consistent else Text("baris 2 bukan MD5 baris 1", "line 2 is not the MD5 of line 1")
        )
        yield judge(one.consistent, measured, expected, subject=one.path)


@check(
    "K-NET-05", severity=HIGH, aspect=CONFIDENTIALITY, every=15 * MINUTE, absent=NO_SPSE, source="Pantau default",
    title=Text("Port aplikasi SPSE tidak terbuka ke luar", "SPSE's own port is not open to the outside"),
    why=Text(
        "Yang langsung mencapai port SPSE melewati proksi: tanpa TLS, tanpa WAF, tanpa pembatasan laju.",
        "Whoever reaches SPSE's port directly goes round the proxy: no TLS, no WAF, no rate limit.",
    ),
    remedy=Text(
        f"Tulis `http.address=127.0.0.1` di conf/application.conf, {RESTART.id} Tutup juga portnya di firewall.",
        f"Write `http.address=127.0.0.1` into conf/application.conf, {RESTART.en} Close the port in the firewall as well.",
    ),
)  # fmt: skip
def port_closed(spse: SpseInstances, listeners: Listeners, running: SpseProcesses | None) -> Iterator[Verdict]:
    expected = Text("hanya loopback", "loopback only")
    for one in spse.instances:
        processes = processes_of(one, running)
        ports = {process.port or one.port for process in processes} or {one.port}
        port = ", ".join(map(str, sorted(ports)))
        entries = [entry for entry in listeners.listeners if entry.protocol == "tcp" and entry.port in ports]
        addresses = {entry.address for entry in entries}
        outside = sorted({entry.address for entry in entries if not entry.local})
        measured = f"{', '.join(outside or sorted(addresses))}:{port}"
        if not addresses:
            reason = Text(f"Tidak ada yang mendengarkan di port {port}", f"Nobody listens on port {port}")
            yield unknown(reason, subject=one.name) if processes else not_applicable(reason, subject=one.name)
        elif outside and all(_private(address) for address in outside):
            yield warned(measured, expected, subject=one.name)
        else:
            yield judge(not outside, measured, expected, subject=one.name)


def _private(address: str) -> bool:
    parsed = ipaddress.ip_address(address.partition("%")[0])
    return parsed.is_private and not parsed.is_unspecified
