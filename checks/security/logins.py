"""Logins over the network (standard j): who fails, from where they succeed, and with how many factors."""

from __future__ import annotations

import ipaddress

from checks.check import CONFIDENTIALITY, DAY, HIGH, MEDIUM, MINUTE, check
from checks.facts.failed_logins import FailedLogins
from checks.facts.second_factor import PamSecondFactor
from checks.facts.sshd import Sshd
from checks.security.ssh import FILE, judge_sshd
from checks.text import Text, Words, joined
from checks.verdict import Status, Verdict, judge, not_applicable, unknown, warned


@check(
    "J-LOG-07", severity=HIGH, aspect=CONFIDENTIALITY, every=MINUTE, absent=Status.NOT_APPLICABLE,
    source="Indeks KAMI VI.9; Pantau default",
    title=Text("Tidak ada lonjakan gagal login", "No spike of failed logins"),
    why=Text(
        "Tebakan yang berhasil setelah banyak gagal berarti kata sandi telah ditemukan: saat itulah menit berharga.",
        "A guess that succeeds after many failures means a password was found: that is when minutes count.",
    ),
    remedy=Text(
        "Lihat `journalctl _COMM=sshd --since -1h` (atau /var/log/auth.log, /var/log/secure). Blokir alamatnya di "
        "firewall, pasang fail2ban, dan tutup login dengan kata sandi. Bila ada login yang berhasil, kunci akunnya "
        "(`usermod -L -e 1 NAMA`) dan perlakukan sebagai insiden.",
        "Look at `journalctl _COMM=sshd --since -1h` (or /var/log/auth.log, /var/log/secure). Block the address in the "
        "firewall, install fail2ban, and close password login. If a login succeeded, close the account "
        "(`usermod -L -e 1 NAME`) and treat it as an incident.",
    ),
)  # fmt: skip
def failed_logins(logins: FailedLogins, *, per_address: int = 20, before_success: int = 10) -> Verdict:
    minutes = logins.window // 60
    expected = Text(
        f"<= {per_address} per alamat dalam {minutes} menit; tidak ada yang berhasil setelah {before_success} gagal",
        f"<= {per_address} per address in {minutes} minutes; none that succeeds after {before_success} failures",
    )
    broken = [one for one in logins.sources if one.before_success >= before_success]
    loud = [one for one in logins.sources if one.failures > per_address]
    if broken:
        first = broken[0]
        measured = Text(
            f"{first.address} berhasil masuk setelah {first.before_success} kali gagal",
            f"{first.address} logged in after {first.before_success} failures",
        )
        return judge(False, measured, expected, value=logins.failures)
    worst = max((one.failures for one in logins.sources), default=0)
    measured = Text(
        f"{logins.failures} gagal dari {logins.addresses} alamat; terbanyak {worst}",
        f"{logins.failures} failures from {logins.addresses} addresses; most {worst}",
    )
    if loud:
        return judge(False, measured, expected, value=logins.failures)
    if worst > per_address / 2:
        return warned(measured, expected, value=logins.failures)
    return judge(True, measured, expected, value=logins.failures)


@check(
    "J-RMT-02", severity=HIGH, aspect=CONFIDENTIALITY, every=5 * MINUTE, absent=Status.NOT_APPLICABLE,
    source="Indeks KAMI VI.18",
    title=Text("Login jarak jauh hanya dari alamat terdaftar", "Remote logins only from listed addresses"),
    why=Text(
        "Login yang berhasil dari alamat yang tidak dikenal adalah tanda pertama kunci atau kata sandi telah dicuri.",
        "A login that succeeds from an unknown address is the first sign of a stolen key or password.",
    ),
    remedy=Text(
        "Pastikan dengan pemilik akun apakah itu dirinya. Bila ya, daftarkan alamatnya melalui kebijakan; bila tidak, "
        "cabut kuncinya, kunci akunnya (`usermod -L -e 1 NAMA`), dan perlakukan sebagai insiden. Batasi port 22 di "
        "firewall ke alamat terdaftar.",
        "Ask the owner of the account whether it was them. If so, have the address listed by policy; if not, revoke "
        "the key, close the account (`usermod -L -e 1 NAME`) and treat it as an incident. Limit port 22 in the "
        "firewall to listed addresses.",
    ),
)  # fmt: skip
def logins_from_listed_addresses(logins: FailedLogins, *, networks: tuple[str, ...] = ()) -> Verdict:
    if not networks:
        if not logins.accepted:
            return not_applicable(
                Text("belum ada daftar alamat, dan tidak ada login", "no list of addresses yet, and no login")
            )
        return unknown(
            Text("kebijakan belum memuat daftar alamat yang diizinkan", "the policy does not list permitted addresses")
        )
    listed = [ipaddress.ip_network(network, strict=False) for network in networks]
    strangers = [one for one in logins.accepted if not any(ipaddress.ip_address(one) in net for net in listed)]
    minutes = logins.window // 60
    measured = Text(
        f"{len(logins.accepted)} alamat dalam {minutes} menit; tidak terdaftar: {', '.join(strangers) or '-'}",
        f"{len(logins.accepted)} addresses in {minutes} minutes; not listed: {', '.join(strangers) or '-'}",
    )
    return judge(not strangers, measured, Text("hanya alamat terdaftar", "listed addresses only"))


NO_MODULE = Text("tidak ada modul PAM untuk faktor kedua", "no PAM module for a second factor")


@check(
    "J-RMT-03", severity=MEDIUM, aspect=CONFIDENTIALITY, every=DAY, absent=Status.NOT_APPLICABLE,
    source="Indeks KAMI VI.15; ISO/IEC 27002:2022 8.5",
    title=Text("Administrator memakai faktor kedua", "Administrators use a second factor"),
    why=Text(
        "Satu kunci atau kata sandi yang dicuri dari laptop tidak boleh cukup untuk masuk ke server pengadaan.",
        "One key or password stolen from a laptop must not be enough to enter a procurement server.",
    ),
    remedy=Text(
        "Pasang libpam-google-authenticator (Debian/Ubuntu) atau google-authenticator dari EPEL (EL), tambahkan `auth "
        "required pam_google_authenticator.so` di /etc/pam.d/sshd, tulis `KbdInteractiveAuthentication yes` dan "
        f"`AuthenticationMethods publickey,keyboard-interactive` di {FILE.id}, jalankan `google-authenticator` sebagai "
        "setiap administrator, lalu `sshd -t` dan muat ulang sshd. Biarkan satu sesi terbuka sampai login baru terbukti "
        "berhasil.",
        "Install libpam-google-authenticator (Debian/Ubuntu) or google-authenticator from EPEL (EL), add `auth required "
        "pam_google_authenticator.so` to /etc/pam.d/sshd, write `KbdInteractiveAuthentication yes` and "
        f"`AuthenticationMethods publickey,keyboard-interactive` into {FILE.en}, run `google-authenticator` as each "
        "administrator, then `sshd -t` and reload sshd. Keep one session open until a new login is proven to work.",
    ),
)  # fmt: skip
def second_factor(sshd: Sshd, pam: PamSecondFactor | None) -> Verdict:
    methods = sshd.option("authenticationmethods") or "any"
    ways = [{part.partition(":")[0] for part in way.split(",")} for way in methods.split()]
    chained = methods != "any" and all(len(way) > 1 for way in ways)
    modules = pam.modules if pam else ()
    by_pam = bool(modules) and sshd.option("usepam") == "yes" and sshd.option("pubkeyauthentication") == "no"
    exceptions = [said for said in sshd.matched if said.startswith("authenticationmethods ") and "," not in said]
    second: Words = f"PAM: {', '.join(modules)}" if modules else NO_MODULE
    match = (f"Match: {', '.join(exceptions)}",) if exceptions else ()
    measured = joined((f"AuthenticationMethods {methods}", second, *match))
    expected = Text("dua faktor pada setiap jalur login", "two factors on every way to log in")
    return judge_sshd(sshd, (chained or by_pam) and not exceptions, measured, expected)
