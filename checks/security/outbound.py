"""Where services connect to by themselves (standard k): an intruder who got in wants out.

Laws:
- Private addresses are the institution's own network unless policy says otherwise; public ones are declared in policy.
- While nothing is declared, a public address is undetermined, not a breach: SPSE talks to mail servers and to LKPP. PostgreSQL
  has no business there at all.
"""

from __future__ import annotations

import ipaddress

from checks.check import CONFIDENTIALITY, HIGH, HOUR, MINUTE, check
from checks.facts.outbound import Connection, Outbound
from checks.text import Text
from checks.verdict import Verdict, judge, unknown

SHOWN = 5
# Those that LKPP's fork of Play lets read /metrics.
LKPP = ("180.233.156.10", "103.55.160.11", "103.170.105.24")
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@check(
    "K-NET-09", severity=HIGH, aspect=CONFIDENTIALITY, every=5 * MINUTE, recovery=HOUR,
    source="Peraturan BSSN 4/2021 Pasal 27 ayat (10) huruf c; Pantau default",
    title=Text("Koneksi keluar layanan hanya ke tujuan yang dikenal", "Services connect only to known destinations"),
    why=Text(
        "Penyusup memakai koneksi keluar untuk mengendalikan server dan mengirim data penawaran; layanan SPSE sendiri hanya "
        "punya sedikit tujuan tetap.",
        "An intruder uses outbound connections to steer the server and to send bids away; SPSE's own services have few and "
        "fixed destinations.",
    ),
    remedy=Text(
        "Lihat pelakunya: `ss -tnp state established | grep -E 'java|httpd|apache2|nginx|postgres'`. Bila tidak dikenal, "
        "perlakukan sebagai insiden. Bila perlu, mintakan LKPP mencatat alamatnya dalam kebijakan (K-NET-09, allowed) dan "
        "batasi yang lain di firewall.",
        "See who does it: `ss -tnp state established | grep -E 'java|httpd|apache2|nginx|postgres'`. If nobody knows it, treat "
        "it as an incident. If it is needed, have LKPP enter its address in the policy (K-NET-09, allowed) and restrict the "
        "others in the firewall.",
    ),
)  # fmt: skip
def known_destinations(
    outbound: Outbound, *, allowed: tuple[str, ...] = (), lkpp: tuple[str, ...] = LKPP, private: bool = True
) -> Verdict:
    """`allowed`, `lkpp`: addresses or networks such as "103.55.160.0/24". `private`: addresses that are not public are allowed."""
    expected = Text("hanya tujuan yang dinyatakan", "declared destinations only")
    try:
        known = [ipaddress.ip_network(line.strip(), strict=False) for line in (*allowed, *lkpp)]
    except ValueError as error:
        return unknown(Text(f"baris kebijakan salah: {error}", f"wrong line in the policy: {error}"))
    others = [one for one in outbound.connections if not _fits(one, known, private=private)]
    seen = [one for one in others if one.process]
    wrong = [one for one in seen if allowed or not one.public or one.process == "postgres"]
    if wrong:
        said = _said(wrong)
        return judge(False, Text(f"ke tujuan lain: {said}", f"to others: {said}"), expected, value=len(wrong))
    if seen:
        said = _said(seen)
        return unknown(
            Text(
                f"{said}; belum ada tujuan yang dinyatakan dalam kebijakan (K-NET-09, allowed)",
                f"{said}; the policy declares no destinations yet (K-NET-09, allowed)",
            )
        )
    if others:
        said = _said(others)
        return unknown(Text(f"{said}; prosesnya tidak terlihat", f"{said}; its process cannot be seen"))
    if outbound.total > len(outbound.connections):
        return unknown(Text(f"{outbound.total} tujuan, terlalu banyak", f"{outbound.total} destinations, too many"))
    return judge(
        True, Text(f"{outbound.total} tujuan, dikenal", f"{outbound.total} destinations, known"), expected, value=0
    )


def _fits(one: Connection, known: list[Network], *, private: bool) -> bool:
    address = ipaddress.ip_address(one.address)
    return (private and not one.public) or any(address in network for network in known)


def _said(connections: list[Connection]) -> str:
    shown = ", ".join(f"{one.process or '?'} -> {one.address} port {one.port}" for one in connections[:SHOWN])
    return shown + (f", ... ({len(connections)})" if len(connections) > SHOWN else "")
