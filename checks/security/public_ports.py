"""What the public name answers besides the site (standard k): ports, SSH. Tried only with consent."""

from __future__ import annotations

from checks.check import CONFIDENTIALITY, DAY, HIGH, HOUR, check
from checks.facts.public_ports import PublicPorts
from checks.text import Text, Words
from checks.verdict import Verdict, judge, unknown

TARPIT = 0.5  # share of open ports above which something answers for all of them


def _everything(ports: PublicPorts) -> Verdict | None:
    """UNKNOWN where a device in front answers in the place of every port."""
    if ports.tried >= 10 and ports.open_total > TARPIT * ports.tried:
        count = f"{ports.open_total}/{ports.tried}"
        return unknown(
            Text(
                f"{count} port menjawab: sebuah perangkat di depan menjawab atas nama semua port",
                f"{count} ports answer: a device in front answers for all of them",
            )
        )
    return None


@check(
    "K-NET-06", severity=HIGH, aspect=CONFIDENTIALITY, every=DAY,
    source="Indeks KAMI VI.5; Pantau default",
    title=Text("Dari internet hanya port yang dinyatakan yang terbuka", "Only declared ports are open to the Internet"),
    why=Text(
        "Setiap port lain (basis data, panel, SPSE tanpa proxy) adalah jalan masuk yang tidak diawasi siapa pun.",
        "Every other port (a database, a panel, SPSE without its proxy) is a way in that nobody watches.",
    ),
    remedy=Text(
        "Lihat siapa yang mendengarkan dengan `ss -tlnp`, ikat layanan itu ke 127.0.0.1, dan batasi di firewall. Debian/Ubuntu: "
        "`ufw delete allow PORT`; EL: `firewall-cmd --permanent --remove-port=PORT/tcp && firewall-cmd --reload`.",
        "See who listens with `ss -tlnp`, bind that service to 127.0.0.1 and limit it in the firewall. Debian/Ubuntu: "
        "`ufw delete allow PORT`; EL: `firewall-cmd --permanent --remove-port=PORT/tcp && firewall-cmd --reload`.",
    ),
)  # fmt: skip
def declared(ports: PublicPorts, *, allowed: tuple[int, ...] = (80, 443)) -> Verdict:
    if everything := _everything(ports):
        return everything
    extra = [port for port in ports.open if port not in allowed]
    shown: Words = ", ".join(map(str, extra)) or Text(f"{ports.tried} port dicoba", f"{ports.tried} ports tried")
    only = "/".join(map(str, allowed))
    return judge(not extra, shown, Text(f"hanya {only}", f"only {only}"), value=len(extra))


@check(
    "K-SSH-10", severity=HIGH, aspect=CONFIDENTIALITY, every=6 * HOUR,
    source="Indeks KAMI VI.18; Pantau default",
    title=Text("SSH tidak terjangkau dari internet", "SSH is not reachable from the Internet"),
    why=Text(
        "SSH yang terbuka ditebak kata sandinya sepanjang hari; pengelola cukup masuk lewat VPN atau alamat yang didaftarkan.",
        "An open SSH has its passwords guessed all day; administrators can come by VPN or from registered addresses.",
    ),
    remedy=Text(
        "Izinkan SSH hanya dari alamat pengelola; sesi yang sedang terbuka jangan ditutup sebelum sesi baru berhasil. "
        "Debian/Ubuntu: `ufw allow from ALAMAT to any port 22 && ufw delete allow 22`; EL: `firewall-cmd --permanent "
        "--remove-service=ssh` sesudah `firewall-cmd --permanent --zone=trusted --add-source=ALAMAT`.",
        "Allow SSH from the administrators' addresses only; keep the session you have until a new one works. "
        "Debian/Ubuntu: `ufw allow from ADDRESS to any port 22 && ufw delete allow 22`; EL: `firewall-cmd --permanent "
        "--remove-service=ssh` after `firewall-cmd --permanent --zone=trusted --add-source=ADDRESS`.",
    ),
)  # fmt: skip
def ssh(ports: PublicPorts, *, usual: tuple[int, ...] = (22,)) -> Verdict:
    if not ports.ssh and (everything := _everything(ports)):
        return everything
    found = sorted({*ports.ssh, *(port for port in ports.open if port in usual)})
    shown: Words = ", ".join(f"SSH {port}" for port in found) or Text("tidak ada SSH yang menjawab", "no SSH answers")
    return judge(not found, shown, Text("tertutup dari internet", "closed to the Internet"), value=len(found))
