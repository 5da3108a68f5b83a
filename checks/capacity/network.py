"""Network interfaces (standard g)."""

from __future__ import annotations

from collections.abc import Iterator

from checks.check import AVAILABILITY, HOUR, LOW, MEDIUM, MINUTE, check
from checks.facts.gateway import GatewayReply
from checks.facts.interfaces import Interfaces
from checks.facts.link_use import LinkUse
from checks.text import Text
from checks.verdict import Status, Verdict, judge, not_applicable, unknown, warned

MEGA = 1e6
OWN = Text("rata-rata 5 menit", "means of 5 minutes")
SYSSTAT = Text("rata-rata pada arsip sysstat", "means in sysstat's archives")


@check(
    "G-NET-01", severity=MEDIUM, aspect=AVAILABILITY, every=HOUR, source="Pantau default",
    title=Text("Bandwidth jaringan masih longgar", "The network has bandwidth to spare"),
    why=Text(
        "Jaringan yang jenuh memutus unggahan penawaran tepat pada jam tenggat, saat semua penyedia mengunggah bersamaan.",
        "A saturated network breaks uploads of bids right at the deadline, when all bidders upload at once.",
    ),
    remedy=Text(
        "Cari pemakainya: `iftop -i NAMA` atau `nethogs NAMA`. Pindahkan pencadangan ke luar jam layanan, batasi lajunya "
        "(`rsync --bwlimit=20M`), pakai port yang lebih cepat, atau tambah bandwidth pada kontrak.",
        "Find the user: `iftop -i NAME` or `nethogs NAME`. Move backups out of service hours, limit their rate "
        "(`rsync --bwlimit=20M`), use a faster port, or contract more bandwidth.",
    ),
)  # fmt: skip
def bandwidth(use: LinkUse, *, percent: float = 80.0, assumed: int = 0) -> Iterator[Verdict]:
    """`percent` of the interface's own speed, or of `assumed` Mbit/s where it has none; 0: nothing is assumed."""
    for one in use.links:
        busiest = max(one.received, one.sent)
        means = SYSSTAT if one.basis == "sysstat" else OWN
        measured = Text(
            f"p95 masuk {one.received / MEGA:.3g}, keluar {one.sent / MEGA:.3g} Mbit/s dari {one.rates} {means.id}",
            f"p95 in {one.received / MEGA:.3g}, out {one.sent / MEGA:.3g} Mbit/s of {one.rates} {means.en}",
        )
        speed = one.speed or assumed
        if speed <= 0:
            reason = Text(
                f"{measured.id}; antarmuka ini tidak mempunyai kecepatan sendiri (mesin virtual)",
                f"{measured.en}; this interface has no speed of its own (a virtual machine)",
            )
            yield unknown(reason, subject=one.name)
            continue
        share = 100 * busiest / (speed * MEGA)
        said = Text(
            f"{share:.1f}% dari {speed} Mbit/s; {measured.id}", f"{share:.1f}% of {speed} Mbit/s; {measured.en}"
        )
        yield judge(share <= percent, said, f"<= {percent:g}%", subject=one.name, value=round(share, 2))


@check(
    "G-NET-02", severity=LOW, aspect=AVAILABILITY, every=5 * MINUTE, absent=Status.NOT_APPLICABLE, source="Pantau default",
    title=Text("Antarmuka jaringan tanpa galat dan drop", "Network interfaces have no errors or drops"),
    why=Text(
        "Galat pada antarmuka berarti kabel, port, atau kartu jaringan rusak; unggahan besar terputus-putus karenanya.",
        "Errors on an interface mean a bad cable, port or card; large uploads break off because of it.",
    ),
    remedy=Text(
        "Lihat `ip -s link show NAMA` dan `ethtool -S NAMA`; ganti kabel atau port switch, samakan kecepatan dan duplex. "
        "Drop tanpa galat: perbesar antrean (`ethtool -G NAMA rx 4096`). Penghitung kembali nol saat boot.",
        "Look at `ip -s link show NAME` and `ethtool -S NAME`; change the cable or switch port, make speed and duplex agree. "
        "Drops without errors: larger rings (`ethtool -G NAME rx 4096`). The counters return to zero at boot.",
    ),
)  # fmt: skip
def errors(seen: Interfaces, *, percent: float = 0.1, packets: int = 10_000) -> Iterator[Verdict]:
    for one in seen.interfaces:
        if one.packets < packets:
            reason = Text("Belum banyak lalu lintas", "It has carried little traffic yet")
            yield not_applicable(reason, subject=one.name)
            continue
        bad, lost = 100 * one.errors / one.packets, 100 * one.drops / one.packets
        measured = Text(
            f"sejak boot: galat {bad:.3g}%, drop {lost:.3g}% dari {one.packets} paket",
            f"since boot: errors {bad:.3g}%, drops {lost:.3g}% of {one.packets} packets",
        )
        # The kernel counts frames of protocols it does not speak as drops: those alone are no fault of the network.
        if bad <= percent < lost:
            yield warned(measured, f"<= {percent:g}%", subject=one.name, value=round(bad, 4))
        else:
            yield judge(bad <= percent, measured, f"<= {percent:g}%", subject=one.name, value=round(bad, 4))


@check(
    "G-NET-03", severity=MEDIUM, aspect=AVAILABILITY, every=5 * MINUTE, grace=15 * MINUTE, recovery=15 * MINUTE,
    absent=Status.NOT_APPLICABLE, source="Pantau default",
    title=Text("Jalur ke gateway cepat dan tanpa kehilangan paket", "The way to the gateway is fast and loses nothing"),
    why=Text(
        "Bila paket sudah hilang pada lompatan pertama, setiap unggahan dan setiap halaman SPSE lambat bagi semua orang.",
        "If packets are lost on the very first hop, every upload and every page of SPSE is slow for everybody.",
    ),
    remedy=Text(
        "Ulangi lebih lama: `ping -c 200 -i 0.2 GATEWAY` dan `mtr -rwn GATEWAY`. Periksa kabel, port switch, duplex "
        "(`ethtool NAMA`), dan beban jaringan (G-NET-01). Bila gateway sengaja menolak ping, izinkan dari server ini.",
        "Repeat it for longer: `ping -c 200 -i 0.2 GATEWAY` and `mtr -rwn GATEWAY`. Check the cable, the switch port, duplex "
        "(`ethtool NAME`) and the load (G-NET-01). If the gateway refuses ping on purpose, allow it from this server.",
    ),
)  # fmt: skip
def first_hop(reply: GatewayReply, *, loss: float = 1.0, milliseconds: float = 150.0) -> Verdict:
    """`loss` in percent; one packet alone only warns, since so few are sent."""
    if reply.received == 0 or reply.mean is None:
        return unknown(
            Text(
                f"{reply.address} tidak menjawab ping; mungkin ia menolaknya",
                f"{reply.address} does not answer ping; it may refuse it",
            )
        )
    lost = reply.sent - reply.received
    share = 100 * lost / reply.sent
    measured = Text(
        f"{reply.address}: {lost} dari {reply.sent} paket hilang, {reply.mean:.3g} ms",
        f"{reply.address}: {lost} of {reply.sent} packets lost, {reply.mean:.3g} ms",
    )
    expected = Text(f"hilang <= {loss:g}%, <= {milliseconds:g} ms", f"lost <= {loss:g}%, <= {milliseconds:g} ms")
    if lost == 1 and share > loss and reply.mean <= milliseconds:
        return warned(measured, expected, value=round(reply.mean, 2))
    return judge(share <= loss and reply.mean <= milliseconds, measured, expected, value=round(reply.mean, 2))
