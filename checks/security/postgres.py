"""PostgreSQL: where it listens, TLS, what it logs (standard k)."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable

from checks.check import CONFIDENTIALITY, CRITICAL, DAY, HIGH, HOUR, INTEGRITY, LOW, MEDIUM, MINUTE, check
from checks.facts.listeners import Listeners
from checks.facts.postgres_activity import PgActivity
from checks.facts.postgres_settings import PgSettings, loopback
from checks.text import Text, Words
from checks.verdict import Status, Verdict, judge, not_applicable, unknown

NO_POSTGRES = Status.NOT_APPLICABLE
INSIDE = ("127.0.0.0/8", "::1/128", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")
PORT = 5432
OFF = {"", "off", "no", "false", "0"}
LOCALLY = Text("hanya localhost atau jaringan aplikasi", "localhost or the application's network only")

RESTART = Text(
    "lalu `systemctl restart postgresql` di luar jam layanan.",
    "then `systemctl restart postgresql` outside service hours.",
)


def alter(*settings: str, then: Text) -> Text:
    """The remedy "set this with ALTER SYSTEM"."""
    commands = ", ".join(f'`sudo -u postgres psql -c "ALTER SYSTEM SET {setting}"`' for setting in settings)
    return Text(f"Jalankan {commands}, {then.id}", f"Run {commands}, {then.en}")


def _outside(addresses: Iterable[str], networks: tuple[str, ...]) -> tuple[str, ...]:
    """Those of `addresses` that accept connections from outside of `networks`. Raises ValueError on a host name."""
    inside = [ipaddress.ip_network(network) for network in networks]
    found = []
    for address in addresses:
        if address == "*":
            found.append(address)
        elif not loopback(address):
            one = ipaddress.ip_address(address.partition("%")[0])
            if one.is_unspecified or not any(one in network for network in inside if network.version == one.version):
                found.append(address)
    return tuple(found)


@check(
    "K-PG-02", severity=CRITICAL, aspect=CONFIDENTIALITY, every=HOUR, absent=NO_POSTGRES,
    source="SPSE 4.3 installation guide (muntaza, 2019); Pantau default",
    title=Text("listen_addresses dibatasi", "listen_addresses is restricted"),
    why=Text(
        "Basis data SPSE hanya dipakai oleh aplikasinya. Dengan `*` setiap antarmuka menerima koneksi, dan hanya firewall "
        "serta pg_hba.conf yang masih menghalangi penyerang.",
        "Only the application uses SPSE's database. With `*` every interface takes connections, and nothing but a firewall "
        "and pg_hba.conf stands in an attacker's way.",
    ),
    remedy=alter(
        "listen_addresses = 'localhost'",
        then=Text(
            f"{RESTART.id} Bila SPSE berjalan di server lain: `'localhost, ALAMAT'`, dengan alamat server ini di "
            "jaringan aplikasi, jika tidak SPSE kehilangan basis datanya.",
            f"{RESTART.en} If SPSE runs on another server: `'localhost, ADDRESS'`, with this server's address on the "
            "application's network, or SPSE loses its database.",
        ),
    ),
)  # fmt: skip
def listen_addresses(settings: PgSettings, *, networks: tuple[str, ...] = INSIDE) -> Verdict:
    """`networks`: addresses inside them may be listened on."""
    measured = f"listen_addresses = '{', '.join(settings.addresses)}'"
    try:
        return judge(not _outside(settings.addresses, networks), measured, LOCALLY)
    except ValueError:
        return unknown(Text(f"{measured}: nama host tidak diperiksa", f"{measured}: host names are not looked up"))


@check(
    "K-NET-04", severity=CRITICAL, aspect=CONFIDENTIALITY, every=15 * MINUTE,
    source="SPSE 4.3 installation guide (muntaza, 2019); CIS PostgreSQL 16 1.0.0 5.2",
    title=Text("PostgreSQL tidak terbuka ke luar", "PostgreSQL is reachable only locally or from the application's network"),
    why=Text(
        "Port basis data yang terbuka ke luar ditemukan pemindai dalam hitungan jam, lalu kata sandinya dicoba terus-menerus.",
        "Scanners find a database port that is open to the outside within hours, and then try passwords without end.",
    ),
    remedy=Text(
        "Atur `listen_addresses = 'localhost'` (atau alamat jaringan aplikasi) lalu mulai ulang PostgreSQL; untuk kontainer, "
        "terbitkan port sebagai `127.0.0.1:5432:5432`.",
        "Set `listen_addresses = 'localhost'` (or the address on the application's network) and restart PostgreSQL; for a "
        "container, publish the port as `127.0.0.1:5432:5432`.",
    ),
)  # fmt: skip
def listening(listeners: Listeners, *, port: int = PORT, networks: tuple[str, ...] = INSIDE) -> Verdict:
    """Judges TCP sockets on `port`, and those of a process called postgres on any port."""
    found = [
        one
        for one in listeners.listeners
        if one.protocol == "tcp" and (one.port == port or one.process in ("postgres", "postmaster"))
    ]
    if not found:
        return not_applicable(
            Text(
                "Tidak ada port TCP PostgreSQL di host ini", "Nothing listens for PostgreSQL on a TCP port of this host"
            )
        )
    outside = {one for one in found if _outside([one.address], networks)}
    shown = ", ".join(f"{one.address}:{one.port}" for one in found if not outside or one in outside)
    return judge(not outside, shown[:200], LOCALLY)


@check(
    "K-PG-08", severity=HIGH, aspect=CONFIDENTIALITY, every=DAY, absent=NO_POSTGRES,
    source="CIS PostgreSQL 16 1.0.0 5.5, 6.8",
    title=Text("Koneksi basis data jarak jauh memakai TLS", "Remote database connections use TLS"),
    why=Text(
        "Tanpa TLS, isi tender dan kata sandi basis data lewat di jaringan dalam bentuk yang dapat dibaca.",
        "Without TLS, tender data and the database password cross the network in readable form.",
    ),
    remedy=Text(
        "Pasang sertifikat (ssl_cert_file, ssl_key_file), jalankan `sudo -u postgres psql -c \"ALTER SYSTEM SET ssl = on\"`, "
        "ganti `host` menjadi `hostssl` di pg_hba.conf untuk alamat selain loopback, lalu `systemctl reload postgresql`. "
        "Jika aplikasi berada di server yang sama, cukup `listen_addresses = 'localhost'`.",
        "Install a certificate (ssl_cert_file, ssl_key_file), run `sudo -u postgres psql -c \"ALTER SYSTEM SET ssl = on\"`, "
        "make `host` `hostssl` in pg_hba.conf for addresses other than loopback, then `systemctl reload postgresql`. If "
        "the application is on the same server, `listen_addresses = 'localhost'` is enough.",
    ),
)  # fmt: skip
def tls(settings: PgSettings, activity: PgActivity) -> Verdict:
    if not settings.on_network:
        return not_applicable(Text("PostgreSQL hanya melayani host ini", "PostgreSQL serves this host only"))
    expected = Text("ssl on, tidak ada koneksi jarak jauh tanpa TLS", "ssl on, no remote connection without TLS")
    measured = Text(
        f"ssl {settings.option('ssl')}; {activity.remote_plain} dari {activity.remote} koneksi jarak jauh tanpa TLS",
        f"ssl {settings.option('ssl')}; {activity.remote_plain} of {activity.remote} remote connections without TLS",
    )
    return judge(settings.option("ssl") == "on" and not activity.remote_plain, measured, expected)


@check(
    "K-PG-09", severity=MEDIUM, aspect=INTEGRITY, every=DAY, absent=NO_POSTGRES,
    source="CIS PostgreSQL 16 1.0.0 3.1.2, 3.1.3, 3.1.20, 3.1.21, 3.1.24, 3.1.25",
    title=Text("Basis data mencatat koneksi dan perubahan struktur", "The database logs connections and changes of structure"),
    why=Text(
        "Bila data tender dipersoalkan, log inilah yang menunjukkan siapa yang masuk, dari mana, dan apa yang diubahnya.",
        "When tender data is disputed, this log shows who connected, from where, and what they altered.",
    ),
    remedy=alter(
        "logging_collector = on", "log_connections = on", "log_disconnections = on", "log_statement = 'ddl'",
        "log_line_prefix = '%m [%p] %q%u@%d %r '", then=RESTART,
    ),
)  # fmt: skip
def logging(settings: PgSettings) -> Verdict:
    """A log is collected by PostgreSQL, by syslog, or on Debian by pg_ctlcluster into /var/log/postgresql."""
    destination = settings.option("log_destination") or ""
    collected = (
        settings.option("logging_collector") == "on"
        or "syslog" in destination
        or (settings.option("config_file") or "").startswith("/etc/postgresql/")
    )
    wrong: list[str] = [] if collected else ["logging_collector off"]
    wrong += [
        f"{name} off" for name in ("log_connections", "log_disconnections") if settings.option(name) in OFF | {None}
    ]
    if settings.option("log_statement") not in ("ddl", "mod", "all"):
        wrong.append(f"log_statement {settings.option('log_statement')}")
    if not any(structured in destination for structured in ("csvlog", "jsonlog")):
        prefix = settings.option("log_line_prefix") or ""
        time = ("%m", "%t", "%n") if "syslog" not in destination else ("",)  # syslog writes the time itself
        wanted = (time, ("%u",), ("%d",), ("%h", "%r"))
        missing = [" / ".join(some) for some in wanted if not any(one in prefix for one in some)]
        if missing:
            wrong.append(f"log_line_prefix '{prefix}' - {', '.join(missing)}")
    expected = "logging_collector on; log_connections on; log_disconnections on; log_statement ddl; log_line_prefix %m %u %d %r"
    measured: Words = "; ".join(wrong) or Text("semua dicatat", "all of it is logged")
    return judge(not wrong, measured, expected)


@check(
    "K-PG-10", severity=LOW, aspect=INTEGRITY, every=DAY, absent=NO_POSTGRES,
    source="CIS PostgreSQL 16 1.0.0 3.2",
    title=Text("pgAudit aktif", "pgAudit is loaded"),
    why=Text(
        "Log biasa mencatat perintah SQL sebagai teks; pgAudit mencatat objek mana yang sungguh dibaca atau diubah.",
        "The ordinary log has SQL as text; pgAudit records which objects were really read or changed.",
    ),
    remedy=Text(
        "Pasang `postgresql-<versi>-pgaudit` (Debian/Ubuntu) atau `pgaudit` (EL), tambahkan `pgaudit` ke "
        f"shared_preload_libraries, {RESTART.id}",
        "Install `postgresql-<version>-pgaudit` (Debian/Ubuntu) or `pgaudit` (EL), add `pgaudit` to "
        f"shared_preload_libraries, {RESTART.en}",
    ),
)  # fmt: skip
def pgaudit(settings: PgSettings) -> Verdict:
    libraries = settings.option("shared_preload_libraries")
    if libraries is None:
        return unknown(
            Text(
                "shared_preload_libraries tidak diperlihatkan kepada peran ini",
                "shared_preload_libraries is not shown to us",
            )
        )
    loaded = {part.strip().strip("\"'").rpartition("/")[2].removesuffix(".so") for part in libraries.split(",")}
    return judge("pgaudit" in loaded, f"shared_preload_libraries = '{libraries}'", "pgaudit")
