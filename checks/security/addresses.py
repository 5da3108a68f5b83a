"""Host name and addresses (standard c): those that were approved."""

from __future__ import annotations

from checks.baseline import drift
from checks.check import DAY, INTEGRITY, LOW, check
from checks.facts.addresses import Addresses, ApprovedAddresses
from checks.security.approval import look_then_approve
from checks.text import Text
from checks.verdict import Verdict


@check(
    "C-NET-01", severity=LOW, aspect=INTEGRITY, every=DAY, source="LPSE standard 3 form (Aset Fisik)",
    title=Text("Nama host, IP, dan MAC sesuai yang terdaftar", "Host name, IP and MAC are the registered ones"),
    why=Text(
        "Aturan firewall, izin akses, dan register menyebut alamat; server yang beralamat lain luput dari semuanya.",
        "Firewall rules, access permits and registers name addresses; a server at another one slips through all of them.",
    ),
    remedy=look_then_approve(
        "Lihat `ip addr` dan `hostnamectl`. Kembalikan alamatnya di /etc/netplan atau /etc/network/interfaces (Debian/Ubuntu), "
        "atau dengan `nmcli connection modify NAMA ipv4.addresses ALAMAT` (EL).",
        "Look at `ip addr` and `hostnamectl`. Put the address right in /etc/netplan or /etc/network/interfaces (Debian/Ubuntu), "
        "or by `nmcli connection modify NAME ipv4.addresses ADDRESS` (EL).",
    ),
)  # fmt: skip
def addresses(now: Addresses, approved: ApprovedAddresses | None) -> Verdict:
    return drift(now, approved)
