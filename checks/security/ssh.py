"""Remote login: the OpenSSH server (standard k).

Most checks differ only in the option, the accepted values and the texts: those are rows of `option`.
"""

from __future__ import annotations

from checks.check import CONFIDENTIALITY, CRITICAL, DAY, HIGH, HOUR, MEDIUM, Check, Severity, check
from checks.facts.sshd import Sshd
from checks.text import Text, Words
from checks.verdict import Status, Verdict, judge

NO_SSHD = Status.NOT_APPLICABLE
RELOAD = Text(
    "lalu `sshd -t && systemctl reload ssh` (Debian/Ubuntu) atau `sshd -t && systemctl reload sshd` (EL).",
    "then `sshd -t && systemctl reload ssh` (Debian/Ubuntu) or `sshd -t && systemctl reload sshd` (EL).",
)


def set_to(line: str) -> Text:
    """The remedy "write this line into a drop-in and reload"."""
    where = "/etc/ssh/sshd_config.d/00-pantau.conf"
    return Text(f"Tulis `{line}` di {where}, {RELOAD.id}", f"Write `{line}` into {where}, {RELOAD.en}")


def option(
    code: str, name: str, accepted: tuple[str, ...], *, severity: Severity, source: str, title: Text, why: Text,
    every: int = HOUR,
) -> Check:  # fmt: skip
    """A check that an sshd option has one of the accepted values, and that no Match block says otherwise."""

    def rule(sshd: Sshd) -> Verdict:
        value = sshd.option(name)
        exceptions = [said for said in sshd.matched if said.split()[0] == name and said.split()[-1] not in accepted]
        measured: Words = f"{name} {value}"
        if exceptions:
            measured = f"{name} {value}; Match: {', '.join(exceptions)}"
        return judge(value in accepted and not exceptions, measured, f"{name} {accepted[0]}")

    return check(
        code, severity=severity, aspect=CONFIDENTIALITY, every=every, source=source, absent=NO_SSHD,
        title=title, why=why, remedy=set_to(f"{name} {accepted[0]}"),
    )(rule)  # fmt: skip


OPTIONS = (
    option(
        "K-SSH-01", "permitrootlogin", ("no",), severity=CRITICAL,
        source="CIS Debian 12 1.1.0 5.1.20; CIS RHEL 9 1.0.0 5.2.7",
        title=Text("Login root via SSH nonaktif", "SSH root login is disabled"),
        why=Text(
            "Login langsung sebagai root tidak meninggalkan jejak siapa pelakunya, dan menjadi sasaran pertama penyerang.",
            "Logging in as root leaves no trace of who it was, and is the first thing an attacker tries.",
        ),
    ),
    option(
        "K-SSH-03", "permitemptypasswords", ("no",), severity=CRITICAL,
        source="CIS Debian 12 1.1.0 5.1.19; CIS RHEL 9 1.0.0 5.2.9",
        title=Text("Kata sandi kosong ditolak SSH", "SSH refuses empty passwords"),
        why=Text(
            "Akun tanpa kata sandi dapat dimasuki siapa saja yang mencapai port SSH.",
            "An account without a password is open to anyone who reaches the SSH port.",
        ),
    ),
)  # fmt: skip


@check(
    "K-SSH-04", severity=MEDIUM, aspect=CONFIDENTIALITY, every=DAY, absent=NO_SSHD,
    source="CIS Debian 12 1.1.0 5.1.16; CIS RHEL 9 1.0.0 5.2.16",
    title=Text("Batas percobaan SSH", "SSH limits authentication attempts"),
    why=Text(
        "Semakin banyak percobaan per koneksi, semakin murah menebak kata sandi.",
        "The more attempts a connection allows, the cheaper it is to guess a password.",
    ),
    remedy=set_to("MaxAuthTries 4"),
)  # fmt: skip
def max_auth_tries(sshd: Sshd, *, maximum: int = 4) -> Verdict:
    value = sshd.option("maxauthtries")
    tries = int(value) if value.isdigit() else 0
    return judge(0 < tries <= maximum, f"MaxAuthTries {value}", f"<= {maximum}", value=tries)


@check(
    "K-SSH-02", severity=HIGH, aspect=CONFIDENTIALITY, every=HOUR, absent=NO_SSHD,
    source="ISO/IEC 27002:2022 8.5; Pantau default",
    title=Text("Login SSH hanya dengan kunci", "SSH login by key only"),
    why=Text(
        "Kata sandi dapat ditebak, dipakai ulang, dan bocor; kunci tidak. Kedua jalur kata sandi harus ditutup.",
        "Passwords are guessed, reused and leaked; keys are not. Both ways of asking for a password must be closed.",
    ),
    remedy=Text(
        "Pastikan kunci Anda sudah terpasang dan dapat dipakai, tulis `PasswordAuthentication no` dan "
        f"`KbdInteractiveAuthentication no` di /etc/ssh/sshd_config.d/00-pantau.conf, {RELOAD.id}",
        "Make sure your key is installed and works, write `PasswordAuthentication no` and "
        f"`KbdInteractiveAuthentication no` into /etc/ssh/sshd_config.d/00-pantau.conf, {RELOAD.en}",
    ),
)  # fmt: skip
def keys_only(sshd: Sshd) -> Verdict:
    ways = ("passwordauthentication", "kbdinteractiveauthentication")
    open_ways = [f"{name} {sshd.option(name)}" for name in ways if sshd.option(name) != "no"]
    open_ways += [f"Match: {said}" for said in sshd.matched if said.split()[0] in ways and not said.endswith(" no")]
    measured = "; ".join(open_ways) or "; ".join(f"{name} no" for name in ways)
    return judge(not open_ways, measured, "passwordauthentication no; kbdinteractiveauthentication no")
