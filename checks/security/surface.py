"""What a server need not have: interfaces that listen to all, radios, a desktop (standards i and k)."""

from __future__ import annotations

from checks.check import CONFIDENTIALITY, DAY, HIGH, INTEGRITY, LOW, MINUTE, check
from checks.facts.desktop import Desktop
from checks.facts.network_devices import Promiscuous, Radios
from checks.text import Text, Words, joined
from checks.verdict import Verdict, judge

NONE = Text("tidak ada", "none")


@check(
    "K-NET-11", severity=HIGH, aspect=CONFIDENTIALITY, every=15 * MINUTE, source="Pantau default",
    title=Text("Tidak ada antarmuka dalam mode promiscuous", "No interface is in promiscuous mode"),
    why=Text(
        "Dalam mode ini kartu jaringan menerima juga lalu lintas milik server lain: begitulah penyadap bekerja.",
        "In this mode a network card takes in other servers' traffic as well: that is how a sniffer works.",
    ),
    remedy=Text(
        "Cari programnya: `ss -0 -lp` atau `ps -eo pid,user,lstart,cmd | grep -E 'tcpdump|tshark|dumpcap'`. Bila tidak dikenal, "
        "perlakukan sebagai insiden. Bila sisa pemeriksaan: hentikan tcpdump, lalu `ip link set dev ANTARMUKA promisc off`.",
        "Find the program: `ss -0 -lp` or `ps -eo pid,user,lstart,cmd | grep -E 'tcpdump|tshark|dumpcap'`. If nobody knows it, "
        "treat it as an incident. If it was left from testing: stop tcpdump, then `ip link set dev INTERFACE promisc off`.",
    ),
)  # fmt: skip
def no_promiscuous_interface(found: Promiscuous, *, known: tuple[str, ...] = ()) -> Verdict:
    """`known`: interfaces that have to (an intrusion detector's). Ports of a bridge do not count."""
    strange = [name for name in found.names if name not in known]
    none = Text(f"tidak ada dari {found.interfaces} antarmuka", f"none of {found.interfaces} interfaces")
    measured: Words = ", ".join(strange) or none
    return judge(not strange, measured, NONE, value=len(strange))


@check(
    "I-WLS-01", severity=LOW, aspect=CONFIDENTIALITY, every=DAY, source="CIS Debian 12 1.1.0 3.1.2, 3.1.3",
    title=Text("Nirkabel dan Bluetooth nonaktif", "Wireless and Bluetooth are off"),
    why=Text(
        "Radio membuka jalan masuk yang tidak melewati firewall maupun pintu ruang server.",
        "A radio is a way in that passes neither the firewall nor the door of the server room.",
    ),
    remedy=Text(
        "Matikan sekarang dengan `rfkill block all`, dan untuk seterusnya: tulis `install bluetooth /bin/false` serta "
        "`install cfg80211 /bin/false` di /etc/modprobe.d/pantau-radio.conf, lalu boot ulang. Lebih baik lagi cabut atau "
        "nonaktifkan di BIOS.",
        "Switch off now with `rfkill block all`, and for good: write `install bluetooth /bin/false` and "
        "`install cfg80211 /bin/false` into /etc/modprobe.d/pantau-radio.conf, then reboot. Better still, remove it or disable "
        "it in the BIOS.",
    ),
)  # fmt: skip
def radios_off(found: Radios) -> Verdict:
    kinds = (
        (found.wireless, found.wireless_blocked, Text("nirkabel", "wireless")),
        (found.bluetooth, found.bluetooth_blocked, Text("Bluetooth", "Bluetooth")),
    )
    told: list[Words] = []
    for names, blocked, kind in kinds:
        if names:
            state = Text("dimatikan", "switched off") if blocked else Text("aktif", "on")
            shown = ", ".join(names)
            told.append(Text(f"{kind.id} {shown}: {state.id}", f"{kind.en} {shown}: {state.en}"))
    live = any(names and not blocked for names, blocked, _ in kinds)
    return judge(not live, joined(told) if told else NONE, Text("tidak ada, atau dimatikan", "none, or switched off"))


@check(
    "I-GUI-01", severity=LOW, aspect=INTEGRITY, every=DAY, source="CIS Debian 12 1.1.0 1.7.1, 2.1.20",
    title=Text("Tidak ada desktop grafis di server", "The server has no graphical desktop"),
    why=Text(
        "Desktop membawa ratusan paket yang harus ditambal dan cara masuk yang tidak diawasi, tanpa guna bagi SPSE.",
        "A desktop brings hundreds of packages to patch and ways in that nobody watches, of no use to SPSE.",
    ),
    remedy=Text(
        "`systemctl set-default multi-user.target`, lalu hapus. Debian/Ubuntu: `apt purge 'xserver-xorg*' gdm3 lightdm sddm` dan "
        "`apt autoremove --purge`; EL: `dnf group remove \"Server with GUI\"`. Baca daftarnya sebelum menjawab ya.",
        "`systemctl set-default multi-user.target`, then remove it. Debian/Ubuntu: `apt purge 'xserver-xorg*' gdm3 lightdm sddm` "
        "and `apt autoremove --purge`; EL: `dnf group remove \"Server with GUI\"`. Read the list before you say yes.",
    ),
)  # fmt: skip
def no_desktop(desktop: Desktop) -> Verdict:
    measured: Words = ", ".join(desktop.programs[:8]) or NONE
    return judge(not desktop.programs, measured, NONE, value=len(desktop.programs))
