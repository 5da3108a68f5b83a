"""The host firewall: one is active, and it refuses what no rule allows (standard k)."""

from __future__ import annotations

from checks.check import CONFIDENTIALITY, CRITICAL, HOUR, MINUTE, check
from checks.facts.firewall import Firewall, Uplinks
from checks.text import Text
from checks.verdict import Verdict, judge, warned

# Interfaces of containers, virtual machines and tunnels inside this host: what comes from them is not from outside.
VIRTUAL = (
    "docker",
    "br-",
    "veth",
    "virbr",
    "cni",
    "lxc",
    "lxd",
    "incus",
    "podman",
    "cali",
    "flannel",
    "tun",
    "tap",
    "wg",
)
SET_UP = Text(
    "Catat dahulu semua port yang dipakai (`ss -lntup`), juga port SSH bila bukan 22. Debian/Ubuntu: `apt install ufw "
    "&& ufw allow ssh && ufw allow http && ufw allow https && ufw enable`; EL: `dnf install firewalld && "
    "firewall-offline-cmd --add-service=ssh --add-service=http --add-service=https && systemctl enable --now firewalld`. "
    "Jalankan dari konsol, bukan hanya dari SSH.",
    "First note every port in use (`ss -lntup`), that of SSH too if it is not 22. Debian/Ubuntu: `apt install ufw "
    "&& ufw allow ssh && ufw allow http && ufw allow https && ufw enable`; EL: `dnf install firewalld && "
    "firewall-offline-cmd --add-service=ssh --add-service=http --add-service=https && systemctl enable --now firewalld`. "
    "Do it at the console, not only over SSH.",
)


@check(
    "K-NET-01", severity=CRITICAL, aspect=CONFIDENTIALITY, every=15 * MINUTE, grace=3 * MINUTE,
    source="CIS Debian 12 1.1.0 4.1.1, 4.2.3, 4.3.9; CIS RHEL 9 1.0.0 3.4.1.2",
    title=Text("Satu firewall host aktif", "Exactly one host firewall is active"),
    why=Text(
        "Tanpa firewall, setiap layanan yang tak sengaja berjalan langsung terbuka; dua firewall saling menghapus aturan. "
        "Panduan SPSE lama mematikan iptables: jangan diikuti.",
        "Without a firewall every service that happens to run is open; two firewalls delete each other's rules. Old SPSE "
        "guides switch iptables off: do not follow them.",
    ),
    remedy=Text(
        f"{SET_UP.id} Bila ada dua, pilih satu dan `systemctl disable --now` yang lain.",
        f"{SET_UP.en} If there are two, choose one and `systemctl disable --now` the other.",
    ),
)  # fmt: skip
def one_firewall(firewall: Firewall) -> Verdict:
    measured = ", ".join(firewall.managers) or Text("tidak ada aturan yang menyaring", "no rules that filter anything")
    count = len(firewall.managers)
    return judge(count == 1, measured, Text("tepat satu firewall", "exactly one firewall"), value=count)


@check(
    "K-NET-02", severity=CRITICAL, aspect=CONFIDENTIALITY, every=HOUR, grace=3 * MINUTE,
    source="CIS Debian 12 1.1.0 4.2.7, 4.3.8, 4.4.2.1; CIS RHEL 9 1.0.0 3.4.2.7",
    title=Text("Kebijakan default firewall menolak", "The firewall denies by default"),
    why=Text(
        "Firewall yang menerima apa yang tidak disebut hanya menutup pintu yang diingat; yang dilupakan tetap terbuka, "
        "juga lewat IPv6.",
        "A firewall that accepts whatever it does not mention closes only the doors somebody thought of; the forgotten "
        "ones stay open, over IPv6 too.",
    ),
    remedy=Text(
        f"{SET_UP.id} Zona firewalld untuk antarmuka luar: `public` atau `drop`, bukan `trusted`. nftables: `policy "
        "drop` pada chain input; iptables: `iptables -P INPUT DROP` dan `ip6tables -P INPUT DROP`. Keduanya baru "
        "setelah `-i lo`, koneksi yang sudah terjalin (`--ctstate ESTABLISHED,RELATED`), SSH, dan HTTPS diizinkan.",
        f"{SET_UP.en} The firewalld zone of outside interfaces: `public` or `drop`, not `trusted`. nftables: `policy "
        "drop` in the input chain; iptables: `iptables -P INPUT DROP` and `ip6tables -P INPUT DROP`. Both only once `-i "
        "lo`, established connections (`--ctstate ESTABLISHED,RELATED`), SSH and HTTPS are allowed.",
    ),
)  # fmt: skip
def denies_by_default(firewall: Firewall, uplinks: Uplinks) -> Verdict:
    """IPv6 counts where the host has a routable IPv6 address. An interface inside the host may be wholly open."""
    expected = Text("menolak semua yang tidak diizinkan", "refuses all that is not allowed")
    says = {True: Text("menolak", "denies"), False: Text("menerima", "accepts")}
    v4, v6 = says[firewall.denies_v4], says[firewall.denies_v6]
    measured = Text(f"IPv4 {v4.id}, IPv6 {v6.id}", f"IPv4 {v4.en}, IPv6 {v6.en}")
    if not firewall.denies_v4 or (uplinks.ipv6 and not firewall.denies_v6):
        return judge(False, measured, expected)
    opened = [name for name in firewall.open if not name.startswith(VIRTUAL)]
    if opened:
        names = ", ".join(opened)
        measured = Text(f"{measured.id}; terbuka penuh: {names}", f"{measured.en}; wholly open: {names}")
        if set(opened) & set(uplinks.interfaces):
            return judge(False, measured, expected)
        return warned(measured, expected)
    if not firewall.denies_v6:
        return warned(measured, Text("IPv6 juga menolak", "IPv6 denies too"))
    return judge(True, measured, expected)
