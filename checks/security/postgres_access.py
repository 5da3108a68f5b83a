"""PostgreSQL: who may connect, how they prove who they are, and what their roles may do (standard k)."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence

from checks.check import CONFIDENTIALITY, CRITICAL, DAY, HIGH, HOUR, INTEGRITY, MEDIUM, check
from checks.facts.postgres_default_password import PgDefaultPassword
from checks.facts.postgres_hba import HbaRule, PgHba
from checks.facts.postgres_roles import PgRoles
from checks.facts.postgres_settings import PgSettings
from checks.security.postgres import NO_POSTGRES
from checks.text import Text, Words
from checks.verdict import Verdict, judge, unknown, warned

SHOWN = 5
RELOAD_HBA = Text(
    "di /etc/postgresql/<versi>/main/pg_hba.conf (Debian/Ubuntu) atau /var/lib/pgsql/data/pg_hba.conf (EL), lalu "
    "`systemctl reload postgresql`.",
    "in /etc/postgresql/<version>/main/pg_hba.conf (Debian/Ubuntu) or /var/lib/pgsql/data/pg_hba.conf (EL), then "
    "`systemctl reload postgresql`.",
)


def _against(hba: PgHba, wrong: Sequence[HbaRule], expected: Words) -> Verdict:
    """FAIL naming the `wrong` rules; UNKNOWN where the file has lines nobody understands, else PASS."""
    if wrong:
        more = f" (+{len(wrong) - SHOWN})" if len(wrong) > SHOWN else ""
        shown = "; ".join(f"{rule.where}: {rule.text[:120]}" for rule in wrong[:SHOWN])
        return judge(False, f"{shown}{more}", expected, value=len(wrong))
    if hba.wrong:
        return unknown(
            Text(
                f"{hba.wrong} baris pg_hba.conf salah; PostgreSQL mungkin masih memakai aturan lama",
                f"{hba.wrong} wrong lines in pg_hba.conf; PostgreSQL may still go by older rules",
            )
        )
    return judge(True, Text(f"{len(hba.rules)} aturan", f"{len(hba.rules)} rules"), expected, value=0)


@check(
    "K-PG-03", severity=CRITICAL, aspect=CONFIDENTIALITY, every=HOUR, absent=NO_POSTGRES,
    source="CIS PostgreSQL 16 1.0.0 5.1, 5.2; SPSE 4 installation guide (CentOS 6) sets trust",
    title=Text("pg_hba.conf tanpa metode trust", "pg_hba.conf trusts nobody without proof"),
    why=Text(
        "Dengan `trust`, setiap pengguna atau proses di alamat itu menjadi pemilik basis data tanpa kata sandi. Beberapa "
        "panduan pemasangan SPSE menyarankannya; itu hanya untuk latihan.",
        "With `trust`, any user or process at that address owns the database without a password. Some SPSE installation "
        "guides tell you to; that is for training machines only.",
    ),
    remedy=Text(
        f"Ganti `trust` menjadi `peer` (baris local) atau `scram-sha-256` (baris host) {RELOAD_HBA.id} Pastikan peran "
        "aplikasi sudah memiliki kata sandi.",
        f"Make `trust` `peer` (local lines) or `scram-sha-256` (host lines) {RELOAD_HBA.en} Make sure the "
        "application's role has a password first.",
    ),
)  # fmt: skip
def no_trust(hba: PgHba) -> Verdict:
    wrong = [rule for rule in hba.rules if rule.method == "trust"]
    return _against(hba, wrong, Text("tidak ada aturan trust", "no trust rule"))


@check(
    "K-PG-05", severity=CRITICAL, aspect=CONFIDENTIALITY, every=HOUR, absent=NO_POSTGRES,
    source="CIS PostgreSQL 16 1.0.0 5.6; Pantau default (/8)",
    title=Text("Rentang alamat pg_hba.conf tidak terlalu luas", "pg_hba.conf has no wide-open address range"),
    why=Text(
        "Aturan untuk 0.0.0.0/0 mengizinkan percobaan masuk dari mana saja; satu kata sandi bocor sudah cukup.",
        "A rule for 0.0.0.0/0 lets anyone anywhere try to log in; one leaked password is enough.",
    ),
    remedy=Text(
        f"Ganti alamatnya dengan alamat server aplikasi saja (misalnya 10.1.2.3/32) {RELOAD_HBA.id}",
        f"Replace the address by that of the application server only (such as 10.1.2.3/32) {RELOAD_HBA.en}",
    ),
)  # fmt: skip
def no_wide_range(hba: PgHba, *, shortest_ipv4: int = 8, shortest_ipv6: int = 32) -> Verdict:
    """The two thresholds are prefix lengths: shorter ones are too wide."""
    shortest = {4: shortest_ipv4, 6: shortest_ipv6}
    wrong = [rule for rule in hba.rules if rule.method != "reject" and rule.address and _wide(rule.address, shortest)]
    return _against(
        hba, wrong, Text(f"tidak ada all, 0.0.0.0/0, ::/0 atau prefiks < /{shortest_ipv4}",
                         f"no all, 0.0.0.0/0, ::/0 or prefix < /{shortest_ipv4}"),
    )  # fmt: skip


def _wide(address: str, shortest: dict[int, int]) -> bool:
    if "/" not in address:
        return address == "all"  # samehost, samenet and host names are narrow
    network = ipaddress.ip_network(address)
    return network.prefixlen < shortest[network.version]


@check(
    "K-PG-04", severity=MEDIUM, aspect=CONFIDENTIALITY, every=DAY, absent=NO_POSTGRES,
    source="CIS PostgreSQL 16 1.0.0 5.9",
    title=Text("Kata sandi PostgreSQL memakai SCRAM", "PostgreSQL passwords use SCRAM"),
    why=Text(
        "Hash MD5 yang dicuri dapat dipakai langsung untuk masuk, dan metode `password` mengirim kata sandi apa adanya.",
        "A stolen MD5 hash logs in by itself, and the method `password` sends the password as it is.",
    ),
    remedy=Text(
        "Jalankan `sudo -u postgres psql -c \"ALTER SYSTEM SET password_encryption = 'scram-sha-256'\"`, "
        "`systemctl reload postgresql`, atur ulang kata sandi tiap peran dengan `\\password <peran>` (driver JDBC minimal "
        f"42.2), lalu ganti `md5` menjadi `scram-sha-256` {RELOAD_HBA.id}",
        "Run `sudo -u postgres psql -c \"ALTER SYSTEM SET password_encryption = 'scram-sha-256'\"`, "
        "`systemctl reload postgresql`, set each role's password again with `\\password <role>` (JDBC driver 42.2 or "
        f"later), then make `md5` `scram-sha-256` {RELOAD_HBA.en}",
    ),
)  # fmt: skip
def scram(settings: PgSettings, hba: PgHba, roles: PgRoles) -> Verdict:
    """MD5 is a warning; what shows a password in clear is a failure."""
    encryption = settings.option("password_encryption")
    clear = [rule for rule in hba.rules if rule.method == "password" and rule.type not in ("local", "hostssl")]
    md5 = [rule for rule in hba.rules if rule.method == "md5"]
    measured = Text(
        f"password_encryption {encryption}; pg_hba.conf: {len(md5)} md5, {len(clear)} password; "
        f"{'?' if roles.md5 is None else roles.md5} peran dengan kata sandi MD5",
        f"password_encryption {encryption}; pg_hba.conf: {len(md5)} md5, {len(clear)} password; "
        f"{'?' if roles.md5 is None else roles.md5} roles with an MD5 password",
    )
    expected = "scram-sha-256"
    if clear or encryption not in ("scram-sha-256", "md5", "on"):  # before PostgreSQL 10 "on" is MD5
        return judge(False, measured, expected)
    if encryption != "scram-sha-256" or md5 or roles.md5:
        return warned(measured, expected)
    if roles.md5 is None or hba.wrong:
        return unknown(measured)
    return judge(True, measured, expected)


@check(
    "K-PG-06", severity=CRITICAL, aspect=CONFIDENTIALITY, every=6 * HOUR, absent=NO_POSTGRES,
    source="SPSE installation guides (epns/epns); Peraturan BSSN 4/2021 Pasal 27 ayat (13) huruf c",
    title=Text("Kredensial baku epns/epns tidak dipakai", "The well-known credential epns/epns is not in use"),
    why=Text(
        "Pasangan epns/epns tertulis di setiap panduan SPSE; siapa pun yang mencapai basis data akan mencobanya lebih dahulu.",
        "The pair epns/epns stands in every SPSE guide; whoever reaches the database tries it first.",
    ),
    remedy=Text(
        "Ganti kata sandi dengan `sudo -u postgres psql -c '\\password epns'`, tulis yang baru di "
        "webapp/conf/application.conf (izin 0600), lalu mulai ulang SPSE.",
        "Change the password with `sudo -u postgres psql -c '\\password epns'`, write the new one into "
        "webapp/conf/application.conf (mode 0600), then restart SPSE.",
    ),
)  # fmt: skip
def default_password(found: PgDefaultPassword) -> Verdict:
    expected = Text("bukan epns dan bukan nama perannya", "neither epns nor the role's own name")
    if found.default:
        names = ", ".join(found.default)
        return judge(
            False, Text(f"kata sandi baku pada peran: {names}", f"default password on role: {names}"), expected
        )
    if found.unsure:
        names = ", ".join(found.unsure)
        return unknown(
            Text(
                f"kata sandi peran ini tidak dapat dibandingkan: {names}",
                f"the password of {names} could not be compared",
            )
        )
    count = len(found.other)
    measured = Text(f"{count} kata sandi dibandingkan", f"{count} passwords were compared")
    if not count:
        measured = Text("tidak ada peran dengan kata sandi", "no role has a password")
    return judge(True, measured, expected)


@check(
    "K-PG-07", severity=HIGH, aspect=INTEGRITY, every=6 * HOUR, absent=NO_POSTGRES,
    source="CIS PostgreSQL 16 1.0.0 4.2, 5.8",
    title=Text("Superuser terbatas; peran aplikasi bukan superuser", "Few superusers; the application's role is none"),
    why=Text(
        "Superuser dapat membaca berkas dan menjalankan perintah di server. Bila aplikasi memakainya, satu celah SQL injection "
        "berarti seluruh server jatuh.",
        "A superuser can read files and run commands on the server. If the application is one, a single SQL injection costs "
        "the whole server.",
    ),
    remedy=Text(
        "Cabut haknya: `sudo -u postgres psql -c 'ALTER ROLE <peran> NOSUPERUSER NOCREATEROLE NOCREATEDB NOBYPASSRLS'`.",
        "Take it away: `sudo -u postgres psql -c 'ALTER ROLE <role> NOSUPERUSER NOCREATEROLE NOCREATEDB NOBYPASSRLS'`.",
    ),
)  # fmt: skip
def superusers(roles: PgRoles, *, allowed: tuple[str, ...] = ("postgres",)) -> Verdict:
    """CREATEDB alone is a warning. `allowed` roles may have everything."""
    others = [role for role in roles.roles if role.name not in allowed]
    powerful = [
        f"{role.name} ({', '.join(words)})"
        for role in others
        if (words := [word for word, has in (
            ("SUPERUSER", role.superuser), ("CREATEROLE", role.create_role), ("BYPASSRLS", role.bypass_rls)) if has])
    ]  # fmt: skip
    expected = Text(f"hanya {', '.join(allowed)}", f"only {', '.join(allowed)}")
    if powerful:
        return judge(False, "; ".join(powerful)[:300], expected, value=len(powerful))
    makers = [f"{role.name} (CREATEDB)" for role in others if role.create_db]
    if makers:
        return warned("; ".join(makers)[:300], expected, value=0)
    names = ", ".join(role.name for role in roles.roles if role.superuser)
    return judge(True, f"SUPERUSER: {names}", expected, value=0)
