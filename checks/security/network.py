"""The network stack and the services on it: kernel parameters, unneeded services, brute force (standard k)."""

from __future__ import annotations

from collections.abc import Iterator

from checks.check import CONFIDENTIALITY, DAY, HOUR, INTEGRITY, MEDIUM, check
from checks.facts.brute_force import BruteForce
from checks.facts.services import Services
from checks.facts.sysctl import Sysctl
from checks.text import Text
from checks.verdict import Status, Verdict, judge, unknown

ALL = ("net.ipv4.conf.all.", "net.ipv4.conf.default.")
ALL6 = ("net.ipv6.conf.all.", "net.ipv6.conf.default.")
HARDENING = {  # the eight groups of CIS Debian 12 3.3, each with its parameters and the wanted value
    "ip_forward": (("net.ipv4.ip_forward", "net.ipv6.conf.all.forwarding"), "0"),
    "accept_redirects": (tuple(f"{prefix}accept_redirects" for prefix in ALL + ALL6), "0"),
    "send_redirects": (tuple(f"{prefix}send_redirects" for prefix in ALL), "0"),
    "accept_source_route": (tuple(f"{prefix}accept_source_route" for prefix in ALL + ALL6), "0"),
    "rp_filter": (tuple(f"{prefix}rp_filter" for prefix in ALL), "1"),
    "log_martians": (tuple(f"{prefix}log_martians" for prefix in ALL), "1"),
    "tcp_syncookies": (("net.ipv4.tcp_syncookies",), "1"),
    "accept_ra": (tuple(f"{prefix}accept_ra" for prefix in ALL6), "0"),
}
UNNEEDED = (
    "autofs", "avahi-daemon", "avahi-daemon.socket", "cups", "cups.socket", "dhcpd", "dhcpd6", "isc-dhcp-server",
    "kea-dhcp4-server", "bind9", "named", "dnsmasq", "vsftpd", "proftpd", "pure-ftpd", "slapd", "dovecot",
    "dovecot.socket", "cyrus-imapd", "nfs-server", "rpcbind", "rpcbind.socket", "ypserv", "rsync", "rsyncd",
    "rsyncd.socket", "smb", "nmb", "smbd", "nmbd", "snmpd", "snmptrapd", "telnet.socket", "tftp", "tftp.socket",
    "tftpd-hpa", "squid", "xinetd", "inetd",
)  # fmt: skip


@check(
    "K-NET-07", severity=MEDIUM, aspect=INTEGRITY, every=DAY,
    source="CIS Debian 12 1.1.0 3.3.1-3.3.11",
    title=Text("Jaringan kernel diperkeras", "The kernel's network settings are hardened"),
    why=Text(
        "Parameter ini menolak paket yang mengubah rute, memalsukan alamat asal, atau membanjiri server.",
        "These parameters refuse packets that change routes, forge their origin, or flood the server.",
    ),
    remedy=Text(
        "Tulis parameter yang disebut di /etc/sysctl.d/60-pantau.conf (juga untuk `default`), lalu `sysctl --system`. "
        "Server yang menjalankan Docker memerlukan ip_forward = 1: ajukan pengecualian.",
        "Write the parameters named into /etc/sysctl.d/60-pantau.conf (for `default` too), then `sysctl --system`. A server "
        "that runs Docker needs ip_forward = 1: ask for an exemption.",
    ),
)  # fmt: skip
def network_parameters(sysctl: Sysctl, *, exempt: tuple[str, ...] = ()) -> Iterator[Verdict]:
    """One verdict for each group. IPv6 parameters count where the kernel has IPv6 and it is not disabled."""
    values = sysctl.values
    no_ipv6 = values.get("net.ipv6.conf.all.disable_ipv6", "1") == "1"
    for group, (names, wanted) in HARDENING.items():
        if group in exempt:
            continue
        counted = [name for name in names if not (no_ipv6 and name.startswith("net.ipv6."))]
        if not counted:
            yield Verdict(Status.NOT_APPLICABLE, Text("IPv6 nonaktif", "IPv6 is disabled"), subject=group)
        elif any(name not in values for name in counted):
            yield unknown(Text("tidak dapat dibaca dari /proc/sys", "cannot be read from /proc/sys"), subject=group)
        else:
            wrong = [f"{name} = {values[name]}" for name in counted if values[name] != wanted]
            yield judge(not wrong, "; ".join(wrong) or f"{group} = {wanted}", f"{group} = {wanted}", subject=group)


@check(
    "K-NET-08", severity=MEDIUM, aspect=CONFIDENTIALITY, every=DAY,
    source="CIS Debian 12 1.1.0 2.1.1-2.1.20",
    title=Text("Layanan jaringan tak perlu nonaktif", "Unneeded network services are off"),
    why=Text(
        "Setiap layanan yang mendengarkan adalah program lain yang harus ditambal; yang tidak dipakai SPSE hanya menambah celah.",
        "Every service that listens is one more program to keep mended; what SPSE does not use only adds holes.",
    ),
    remedy=Text(
        "`systemctl disable --now NAMA.service NAMA.socket` untuk setiap layanan yang disebut, lalu hapus "
        "paketnya (Debian/Ubuntu: `apt purge PAKET`; EL: `dnf remove PAKET`). snmpd yang memang dipakai pemantauan: "
        "ajukan pengecualian.",
        "`systemctl disable --now NAME.service NAME.socket` for each service named, then remove its package "
        "(Debian/Ubuntu: `apt purge PACKAGE`; EL: `dnf remove PACKAGE`). If monitoring really uses snmpd: ask for an "
        "exemption.",
    ),
)  # fmt: skip
def unneeded_services(services: Services, *, unneeded: tuple[str, ...] = UNNEEDED) -> Verdict:
    found = [name for name in unneeded if services.active(name) or services.enabled(name)]
    none = Text("tidak ada", "none")
    return judge(not found, ", ".join(found) or none, none, value=len(found))


@check(
    "K-NET-12", severity=MEDIUM, aspect=CONFIDENTIALITY, every=HOUR,
    source="CIS Debian 12 1.1.0 5.3.2.2; Indeks KAMI VI.16",
    title=Text("Pencegah brute force aktif", "Brute-force blocking is active"),
    why=Text(
        "Server yang terlihat dari Internet ditebak kata sandinya tanpa henti; yang menebak harus diblokir sebelum berhasil.",
        "Passwords of a server on the Internet are guessed without pause; whoever guesses must be blocked before one fits.",
    ),
    remedy=Text(
        "Debian/Ubuntu: `apt install fail2ban`, buat /etc/fail2ban/jail.d/sshd.local berisi `[sshd]`, `enabled = true`, "
        "`backend = systemd`, dan `ignoreip` dengan alamat Anda sendiri, lalu `systemctl enable --now fail2ban`. EL: "
        "`authselect enable-feature with-faillock`, atau fail2ban dari EPEL.",
        "Debian/Ubuntu: `apt install fail2ban`, create /etc/fail2ban/jail.d/sshd.local with `[sshd]`, `enabled = true`, "
        "`backend = systemd` and `ignoreip` with your own address, then `systemctl enable --now fail2ban`. EL: "
        "`authselect enable-feature with-faillock`, or fail2ban from EPEL.",
    ),
)  # fmt: skip
def brute_force(guard: BruteForce) -> Verdict:
    active = [f"fail2ban ({', '.join(guard.jails)})"] if guard.jails else []
    active += ["pam_faillock"] if guard.faillock else []
    active += list(guard.guards)
    measured = ", ".join(active) or Text("tidak ada", "none")
    return judge(bool(active), measured, Text("fail2ban atau pam_faillock", "fail2ban or pam_faillock"))
