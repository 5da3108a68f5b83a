"""Logs (standard j): are they written, kept, protected, and sent away?"""

from __future__ import annotations

import fnmatch
from collections.abc import Iterator
from datetime import datetime

from checks.check import (
    AVAILABILITY,
    CONFIDENTIALITY,
    DAY,
    HIGH,
    HOUR,
    INTEGRITY,
    MEDIUM,
    MINUTE,
    check,
)
from checks.fact import Missing
from checks.facts.auditd import Auditd, AuditRules
from checks.facts.journald import Journald
from checks.facts.log_files import LogAccess, LogRetention
from checks.facts.rsyslog import LogForwarding, LogServices
from checks.text import Text
from checks.verdict import Status, Verdict, judge, unknown

# What packages write for everyone to read on purpose, and what holds nothing worth hiding.
PUBLIC = (
    "/var/log/README", "/var/log/wtmp*", "/var/log/lastlog", "/var/log/faillog", "/var/log/dpkg.log*",
    "/var/log/alternatives.log*", "/var/log/apt/*", "/var/log/bootstrap.log", "/var/log/fontconfig.log*",
    "/var/log/dnf*", "/var/log/hawkey.log*", "/var/log/yum.log*", "/var/log/installer/*", "/var/log/sysstat/*",
    "/var/log/sa/*", "/var/log/tuned/*", "/var/log/dmesg*", "/var/log/unattended-upgrades/*", "/var/log/chrony/*",
    "/var/log/landscape/*", "/var/log/vmware*", "/var/log/dist-upgrade/*", "/var/log/cloud-init*",
)  # fmt: skip


@check(
    "J-LOG-01", severity=MEDIUM, aspect=INTEGRITY, every=6 * HOUR, absent=Status.FAIL,
    source="CIS Debian 12 1.1.0 6.2.1.2, 6.2.3.1-6.2.3.8, 6.2.3.19",
    title=Text("auditd aktif dengan aturan pokok", "auditd runs with the key rules"),
    why=Text(
        "Tanpa auditd, perubahan sudoers, akun, atau jam server tidak meninggalkan bukti yang tahan sanggahan.",
        "Without auditd, a change of sudoers, accounts or the clock leaves no evidence that stands an objection.",
    ),
    remedy=Text(
        "Debian/Ubuntu: `apt install auditd`; EL: `dnf install audit`. Tulis aturan untuk /etc/sudoers, /etc/passwd, "
        "/etc/shadow, /etc/hosts, /etc/localtime, adjtimex/settimeofday, init_module/delete_module di "
        "/etc/audit/rules.d/50-pantau.rules, lalu `augenrules --load` dan `systemctl enable --now auditd`.",
        "Debian/Ubuntu: `apt install auditd`; EL: `dnf install audit`. Write rules for /etc/sudoers, /etc/passwd, "
        "/etc/shadow, /etc/hosts, /etc/localtime, adjtimex/settimeofday, init_module/delete_module into "
        "/etc/audit/rules.d/50-pantau.rules, then `augenrules --load` and `systemctl enable --now auditd`.",
    ),
)  # fmt: skip
def audit_daemon(
    daemon: Auditd,
    rules: AuditRules,
    *,
    areas: tuple[str, ...] = ("sudoers", "time", "network", "identity", "modules"),
) -> Verdict:
    lacking = [area for area in areas if area not in rules.areas]
    measured = Text(
        f"auditd {'aktif' if daemon.running else 'tidak aktif'}; {rules.rules} aturan; kurang: {', '.join(lacking) or '-'}",
        f"auditd {'active' if daemon.running else 'not active'}; {rules.rules} rules; lacking: {', '.join(lacking) or '-'}",
    )
    expected = Text(f"aktif, dengan aturan {', '.join(areas)}", f"active, with rules for {', '.join(areas)}")
    return judge(daemon.running and not lacking, measured, expected)


@check(
    "J-LOG-02", severity=HIGH, aspect=INTEGRITY, every=HOUR, grace=3 * MINUTE,
    source="CIS Debian 12 1.1.0 6.1.1.1, 6.1.2.4, 6.1.3.2",
    title=Text("Log sistem aktif dan persisten", "System logging is active and persistent"),
    why=Text(
        "Log yang hanya ada di memori hilang saat server dinyalakan ulang, tepat ketika paling dibutuhkan.",
        "A log that is only in memory is gone after a reboot, just when it is needed most.",
    ),
    remedy=Text(
        "Tulis `[Journal]` dan `Storage=persistent` di /etc/systemd/journald.conf.d/00-pantau.conf lalu "
        "`systemctl restart systemd-journald`; atau pasang rsyslog (Debian/Ubuntu: `apt install rsyslog`; EL: `dnf install "
        "rsyslog`) dan "
        "`systemctl enable --now rsyslog`.",
        "Write `[Journal]` and `Storage=persistent` into /etc/systemd/journald.conf.d/00-pantau.conf and "
        "`systemctl restart systemd-journald`; or install rsyslog (Debian/Ubuntu: `apt install rsyslog`; EL: `dnf install "
        "rsyslog`) and "
        "`systemctl enable --now rsyslog`.",
    ),
)  # fmt: skip
def logging_is_persistent(services: LogServices, journald: Journald | Missing | None) -> Verdict:
    if isinstance(journald, Missing):
        if not services.syslog:
            return unknown(journald.reason)
        journald = None  # rsyslog keeps the log, whatever journald does
    kept = services.journald and journald is not None and journald.persistent
    storage = journald.storage if journald else "-"
    measured = Text(
        f"journald {_running(services.journald).id} (Storage={storage}, {'di disk' if kept else 'tidak di disk'}); "
        f"rsyslog/syslog-ng {_running(services.syslog).id}",
        f"journald {_running(services.journald).en} (Storage={storage}, {'on disk' if kept else 'not on disk'}); "
        f"rsyslog/syslog-ng {_running(services.syslog).en}",
    )
    expected = Text("journald di disk, atau rsyslog aktif", "journald on disk, or rsyslog active")
    return judge(kept or services.syslog, measured, expected)


def _running(active: bool) -> Text:
    return Text("aktif", "active") if active else Text("tidak aktif", "not active")


@check(
    "J-LOG-03", severity=HIGH, aspect=INTEGRITY, every=6 * HOUR,
    source="CIS Debian 12 1.1.0 6.1.2.1.3, 6.1.3.6; CIS NGINX 1.0.0 3.5-3.6",
    title=Text("Log dikirim ke luar server", "Logs are sent off the host"),
    why=Text(
        "Penyerang yang menjadi root menghapus log di server itu; salinan di server lain tidak dapat dijangkaunya.",
        "An attacker who becomes root deletes the logs on that server; a copy on another one is out of reach.",
    ),
    remedy=Text(
        "Tulis `*.* action(type=\"omfwd\" target=\"ALAMAT-SERVER-LOG\" port=\"514\" protocol=\"tcp\")` di "
        "/etc/rsyslog.d/50-pantau.conf lalu `systemctl restart rsyslog`; atau aktifkan systemd-journal-upload dengan "
        "URL= di /etc/systemd/journal-upload.conf.",
        "Write `*.* action(type=\"omfwd\" target=\"LOG-SERVER\" port=\"514\" protocol=\"tcp\")` into "
        "/etc/rsyslog.d/50-pantau.conf and `systemctl restart rsyslog`; or enable systemd-journal-upload with URL= in "
        "/etc/systemd/journal-upload.conf.",
    ),
)  # fmt: skip
def logs_leave_the_host(services: LogServices, forwarding: LogForwarding | None) -> Verdict:
    targets = forwarding.targets if forwarding else 0
    shippers = ", ".join(services.shippers)
    measured = Text(
        f"rsyslog/syslog-ng {_running(services.syslog).id}, mengirim ke {targets} tujuan; pengirim lain: {shippers or 'tidak ada'}",
        f"rsyslog/syslog-ng {_running(services.syslog).en}, sending to {targets} targets; other shippers: {shippers or 'none'}",
    )
    met = bool(services.shippers) or (targets > 0 and services.syslog)
    return judge(met, measured, Text("minimal satu tujuan di luar server", "at least one target off the host"))


@check(
    "J-LOG-04", severity=MEDIUM, aspect=AVAILABILITY, every=DAY, absent=Status.FAIL,
    source="CIS Debian 12 1.1.0 6.1.3.8; Pantau default (365 days)",
    title=Text("Log disimpan cukup lama", "Logs are kept long enough"),
    why=Text(
        "Sanggahan dan pemeriksaan datang berbulan-bulan setelah tender; log yang sudah dirotasi habis tidak dapat "
        "menjawabnya.",
        "Objections and audits come months after a tender; logs that were rotated away cannot answer them.",
    ),
    remedy=Text(
        "Di /etc/logrotate.d/rsyslog (dan apache2/httpd/nginx): `weekly` dan `rotate 53`, atau `monthly` dan "
        "`rotate 13`. Untuk journald: `MaxRetentionSec=400day` dan SystemMaxUse yang cukup.",
        "In /etc/logrotate.d/rsyslog (and apache2/httpd/nginx): `weekly` and `rotate 53`, or `monthly` and "
        "`rotate 13`. For journald: `MaxRetentionSec=400day` and enough SystemMaxUse.",
    ),
)  # fmt: skip
def logs_are_kept(logs: LogRetention, now: datetime, *, days: int = 365, slack: int = 35) -> Iterator[Verdict]:
    lived = (now - logs.installed).days if logs.installed else None
    for subject, oldest in (("system", logs.system), ("web", logs.web)):
        if oldest is None:
            continue
        age = (now - oldest).days
        measured = Text(f"tertua {age} hari", f"oldest {age} days")
        expected = Text(f">= {days} hari", f">= {days} days")
        if age < days and lived is not None and lived < days and age >= lived - slack:
            measured = Text(
                f"tertua {age} hari; server berumur {lived} hari", f"oldest {age} days; the server is {lived} days old"
            )
            yield judge(True, measured, expected, subject=subject, value=age)
        else:
            yield judge(age >= days, measured, expected, subject=subject, value=age)


@check(
    "J-LOG-05", severity=MEDIUM, aspect=CONFIDENTIALITY, every=DAY,
    source="CIS Debian 12 1.1.0 6.1.4.1; Peraturan BSSN 4/2021 Pasal 27 ayat (6) huruf e",
    title=Text("Berkas log tertutup bagi pengguna lain", "Log files are closed to others"),
    why=Text(
        "Log memuat nama akun, alamat, dan kadang kata sandi yang salah ketik; yang dapat diubah siapa saja bukan bukti.",
        "Logs hold names, addresses and sometimes mistyped passwords; a log that anyone can change is no evidence.",
    ),
    remedy=Text(
        "`chmod o-rwx BERKAS`, dan `create 0640` pada aturan logrotate-nya. Untuk log SPSE: "
        "`chmod -R o-rwx /home/appserv/*/webapp/logs`.",
        "`chmod o-rwx FILE`, and `create 0640` in its logrotate rule. For SPSE's logs: "
        "`chmod -R o-rwx /home/appserv/*/webapp/logs`.",
    ),
)  # fmt: skip
def log_permissions(logs: LogAccess, *, public: tuple[str, ...] = PUBLIC) -> Verdict:
    readable = [path for path in logs.readable_paths if not any(fnmatch.fnmatchcase(path, one) for one in public)]
    found = sorted({*readable, *logs.writable_paths})
    some = ", ".join(found[:5]) + (", ..." if len(found) > 5 else "")
    if not found and logs.readable > len(logs.readable_paths):
        return unknown(
            Text(f"{logs.readable} berkas terbaca umum, terlalu banyak untuk dinilai satu per satu",
                 f"{logs.readable} files are readable by all, too many to judge one by one")
        )  # fmt: skip
    measured = Text(
        f"{len(found)} dari {logs.files} berkas log terbuka bagi semua pengguna, {logs.writable} di antaranya dapat ditulis"
        + (f": {some}" if some else ""),
        f"{len(found)} of {logs.files} log files are open to every user, {logs.writable} of them for writing"
        + (f": {some}" if some else ""),
    )
    return judge(not found, measured, Text("tanpa akses umum", "no access for others"), value=len(found))
