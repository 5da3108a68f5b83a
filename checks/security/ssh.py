"""Remote login: the OpenSSH server (standard k).

Most checks differ only in the option, the accepted values and the texts: those are rows of `option`.
"""

from __future__ import annotations

from checks.check import CONFIDENTIALITY, CRITICAL, DAY, HIGH, HOUR, MEDIUM, Check, Severity, check
from checks.facts.sshd import Sshd
from checks.text import Text, Words, joined
from checks.verdict import Status, Verdict, judge

NO_SSHD = Status.NOT_APPLICABLE
IDLE = Text(
    "sshd sedang tidak berjalan, tetapi dimulai saat boot", "sshd does not run at the moment, but is started at boot"
)
RELOAD = Text(
    "lalu muat ulang. Debian/Ubuntu: `sshd -t && systemctl reload ssh`; EL: `sshd -t && systemctl reload sshd`.",
    "then reload. Debian/Ubuntu: `sshd -t && systemctl reload ssh`; EL: `sshd -t && systemctl reload sshd`.",
)


# sshd takes the first value it reads, and knows drop-ins since OpenSSH 8.2.
FILE = Text(
    "/etc/ssh/sshd_config.d/00-pantau.conf (bila folder itu tidak ada, seperti pada EL 7 dan 8: di awal "
    "/etc/ssh/sshd_config)",
    "/etc/ssh/sshd_config.d/00-pantau.conf (where there is no such folder, as on EL 7 and 8: at the top of "
    "/etc/ssh/sshd_config)",
)


def judge_sshd(
    sshd: Sshd, met: bool, measured: Words, expected: Words, *, subject: str = "", value: float | None = None
) -> Verdict:
    """The verdict on a configuration; where sshd does not run at the moment, `measured` says so."""
    said = joined((measured, IDLE)) if sshd.idle else measured
    return judge(met, said, expected, subject=subject, value=value)


def set_to(line: str, *, first: Text | None = None) -> Text:
    """The remedy "write this line into a drop-in and reload"; `first` is what must be true before."""
    before = Text(f"{first.id} ", f"{first.en} ") if first else Text("", "")
    return Text(
        f"{before.id}Tulis `{line}` di {FILE.id}, {RELOAD.id}", f"{before.en}Write `{line}` into {FILE.en}, {RELOAD.en}"
    )


def option(
    code: str, name: str, accepted: tuple[str, ...], *, severity: Severity, source: str, title: Text, why: Text,
    every: int = HOUR, first: Text | None = None,
) -> Check:  # fmt: skip
    """A check that an sshd option has one of the accepted values, and that no Match block says otherwise.

    `first`: what an administrator must see to before changing it.
    """

    def rule(sshd: Sshd) -> Verdict:
        value = sshd.option(name)
        exceptions = [said for said in sshd.matched if said.split()[0] == name and said.split()[-1] not in accepted]
        measured: Words = f"{name} {value}"
        if exceptions:
            measured = f"{name} {value}; Match: {', '.join(exceptions)}"
        return judge_sshd(sshd, value in accepted and not exceptions, measured, f"{name} {accepted[0]}")

    return check(
        code, severity=severity, aspect=CONFIDENTIALITY, every=every, source=source, absent=NO_SSHD,
        title=title, why=why, remedy=set_to(f"{name} {accepted[0]}", first=first),
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
        first=Text(
            "Pastikan dahulu akun administrator Anda sendiri dapat login lewat SSH dan memakai `sudo -v`, jika tidak "
            "Anda terkunci di luar.",
            "First make sure that an administrator's account of your own can log in over SSH and use `sudo -v`, or you "
            "lock yourself out.",
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
    title=Text("SSH membatasi percobaan login", "SSH limits authentication attempts"),
    why=Text(
        "Semakin banyak percobaan per koneksi, semakin murah menebak kata sandi.",
        "The more attempts a connection allows, the cheaper it is to guess a password.",
    ),
    remedy=set_to("MaxAuthTries 4"),
)  # fmt: skip
def max_auth_tries(sshd: Sshd, *, maximum: int = 4) -> Verdict:
    value = sshd.option("maxauthtries")
    tries = int(value) if value.isdigit() else 0
    return judge_sshd(sshd, 0 < tries <= maximum, f"MaxAuthTries {value}", f"<= {maximum}", value=tries)


@check(
    "K-SSH-02", severity=HIGH, aspect=CONFIDENTIALITY, every=HOUR, absent=NO_SSHD,
    source="ISO/IEC 27002:2022 8.5; Pantau default",
    title=Text("Login SSH selalu memerlukan kunci", "SSH login always needs a key"),
    why=Text(
        "Kata sandi dapat ditebak, dipakai ulang, dan bocor; kunci tidak. Kata sandi atau kode boleh diminta di samping "
        "kunci, tetapi tidak boleh cukup tanpa kunci.",
        "Passwords are guessed, reused and leaked; keys are not. A password or a code may be asked for beside the key, but "
        "must not be enough without it.",
    ),
    remedy=Text(
        "Pastikan kunci Anda sudah terpasang (`ssh-copy-id`) dan dapat dipakai, tulis `PasswordAuthentication no` dan "
        f"`KbdInteractiveAuthentication no` (EL 7 dan 8: `ChallengeResponseAuthentication no`) di {FILE.id}, {RELOAD.id} "
        "Bila faktor kedua dipakai (J-RMT-03), biarkan yang kedua `yes` dan tulis `AuthenticationMethods "
        "publickey,keyboard-interactive`. Biarkan satu sesi terbuka sampai login baru terbukti berhasil.",
        "Make sure your key is installed (`ssh-copy-id`) and works, write `PasswordAuthentication no` and "
        f"`KbdInteractiveAuthentication no` (EL 7 and 8: `ChallengeResponseAuthentication no`) into {FILE.en}, "
        f"{RELOAD.en} With a second factor (J-RMT-03) leave the latter at `yes` and write `AuthenticationMethods "
        "publickey,keyboard-interactive`. Keep one session open until a new login is proven to work.",
    ),
)  # fmt: skip
def always_a_key(sshd: Sshd) -> Verdict:
    """Closed are the ways that ask for a password, or AuthenticationMethods asks for a key on every one of them."""
    ways = ("passwordauthentication", "kbdinteractiveauthentication")
    open_ways = [f"{name} {sshd.option(name)}" for name in ways if sshd.option(name) != "no"]
    open_ways += [f"Match: {said}" for said in sshd.matched if said.split()[0] in ways and not said.endswith(" no")]
    methods = sshd.option("authenticationmethods")
    without = [said for said in sshd.matched if said.startswith("authenticationmethods ") and not _key(said)]
    said = [*open_ways, *(f"Match: {one}" for one in without)] if open_ways else [f"{name} no" for name in ways]
    if open_ways and methods not in ("", "any"):
        said.append(f"authenticationmethods {methods}")
    met = not open_ways or (_key(f"authenticationmethods {methods}") and not without)
    expected = Text(
        "passwordauthentication no dan kbdinteractiveauthentication no, atau authenticationmethods dengan publickey di "
        "setiap daftarnya",
        "passwordauthentication no and kbdinteractiveauthentication no, or authenticationmethods with publickey in each of "
        "its lists",
    )
    return judge_sshd(sshd, met, "; ".join(said), expected)


def _key(said: str) -> bool:
    """Is a key needed whichever of these "authenticationmethods LIST LIST" is followed?"""
    lists = [{method.partition(":")[0] for method in one.lower().split(",")} for one in said.split()[1:]]
    return bool(lists) and all("publickey" in one for one in lists)
