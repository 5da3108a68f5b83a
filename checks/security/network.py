"""The network stack and the services on it: kernel parameters, unneeded services, brute force (standard k)."""

from __future__ import annotations

from collections.abc import Iterator

from checks.baseline import drift
from checks.check import CONFIDENTIALITY, DAY, HIGH, HOUR, INTEGRITY, MEDIUM, MINUTE, check
from checks.facts.brute_force import BruteForce
from checks.facts.open_ports import ApprovedOpenPorts, OpenPorts
from checks.facts.resolvers import ApprovedResolvers, Resolvers
from checks.facts.services import Services
from checks.facts.sysctl import Sysctl
from checks.security.approval import look_then_approve
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


@check(
    "K-NET-03", severity=HIGH, aspect=CONFIDENTIALITY, every=15 * MINUTE,
    source="CIS Debian 12 1.1.0 2.1.22, 4.2.6",
    title=Text("Port yang terbuka hanya yang disetujui", "Only approved ports are open"),
    why=Text(
        "Port baru adalah layanan yang tidak ditambal dan tidak diawasi siapa pun, atau pintu belakang yang menunggu "
        "pemiliknya.",
        "A new port is a service that nobody mends and nobody watches, or a back door that waits for its owner.",
    ),
    remedy=look_then_approve(
        "Lihat programnya: `ss -lntup`, lalu `systemctl status PID`. Bila tidak diperlukan: `systemctl disable --now LAYANAN`, "
        "atau ikat ke 127.0.0.1. Bila tidak dikenal: simpan `ls -l /proc/PID/exe` sebagai bukti dan perlakukan sebagai insiden.",
        "See the program: `ss -lntup`, then `systemctl status PID`. If it is not needed: `systemctl disable --now SERVICE`, "
        "or bind it to 127.0.0.1. If nobody knows it: keep `ls -l /proc/PID/exe` as evidence and treat it as an incident.",
    ),
)  # fmt: skip
def open_ports(now: OpenPorts, approved: ApprovedOpenPorts | None) -> Verdict:
    """A port that is closed endangers nobody, so it needs no approval."""
    return drift(now, approved, removed=False)


@check(
    "K-NET-10", severity=MEDIUM, aspect=INTEGRITY, every=HOUR, source="Pantau default",
    title=Text("Resolver DNS sesuai yang disetujui", "The DNS resolvers are the approved ones"),
    why=Text(
        "Siapa yang menguasai resolver menentukan ke mana setiap nama menuju: pembaruan paket, surat elektronik, dan server LKPP.",
        "Whoever holds the resolver decides where each name leads: to updates of packages, to mail, to the servers of LKPP.",
    ),
    remedy=look_then_approve(
        "Lihat `cat /etc/resolv.conf`; bila berisi 127.0.0.53, lihat `resolvectl status` (Debian/Ubuntu). Kembalikan di "
        "/etc/netplan (Ubuntu), /etc/network/interfaces (Debian), atau dengan `nmcli connection modify NAMA ipv4.dns ALAMAT` (EL).",
        "Look at `cat /etc/resolv.conf`; if it says 127.0.0.53, at `resolvectl status` (Debian/Ubuntu). Put it right in "
        "/etc/netplan (Ubuntu), /etc/network/interfaces (Debian), or by `nmcli connection modify NAME ipv4.dns ADDRESS` (EL).",
    ),
)  # fmt: skip
def resolvers(now: Resolvers, approved: ApprovedResolvers | None) -> Verdict:
    return drift(now, approved)
