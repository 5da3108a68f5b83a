"""Logins against what was permitted: remote ones against access windows, those at the console against visits.

Laws:
- While nobody keeps the register, a login is undetermined, never a pass.
- A login is permitted by a window in which it began; a few minutes before it opens are forgiven, because clocks differ.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from checks.check import CONFIDENTIALITY, HIGH, INTEGRITY, MINUTE, check
from checks.facts.access_registers import RemoteAccessRegister, ServerRoomRegister
from checks.facts.login_sessions import LoginSessions, Session
from checks.text import Text
from checks.verdict import Verdict, judge, unknown

EARLY = timedelta(minutes=5)
SHOWN = 5


@check(
    "J-RMT-01", severity=HIGH, aspect=CONFIDENTIALITY, every=5 * MINUTE,
    source="LPSE standard 10 form (Remote Akses); Pantau default (7 days)",
    title=Text("Login jarak jauh hanya dalam jadwal izin", "Remote logins only within approved windows"),
    why=Text(
        "Standar 10 meminta setiap akses jarak jauh dibuka dan ditutup dengan izin. Login di luar jadwal adalah izin yang "
        "lupa ditutup, atau orang yang tidak pernah diizinkan.",
        "Standard 10 asks that each remote access is opened and closed with a permission. A login outside is a window "
        "that nobody closed, or a person whom nobody let in.",
    ),
    remedy=Text(
        "Tanyakan pemilik akun (`last -w -n 50`, `journalctl -u ssh` atau `journalctl -u sshd`). Bila memang diizinkan, catat "
        "izinnya di konsol, halaman server, Register akses jarak jauh; bila tidak, kunci akunnya (`usermod -L -e 1 NAMA`) dan "
        "perlakukan sebagai insiden.",
        "Ask the owner of the account (`last -w -n 50`, `journalctl -u ssh` or `journalctl -u sshd`). If it was permitted, enter "
        "the permission in the console, on the server's page, Register of remote access; if not, close the account "
        "(`usermod -L -e 1 NAME`) and treat it as an incident.",
    ),
)  # fmt: skip
def remote_logins(
    logins: LoginSessions, permitted: RemoteAccessRegister | None, now: datetime, *, days: int = 7
) -> Verdict:
    recent = [one for one in logins.sessions if one.address and one.began_at > now - timedelta(days=days)]
    if permitted is None:
        return _unkept(recent, Text("akses jarak jauh", "remote access"))
    stray = [
        one for one in recent
        if not any(_during(one, row.opens, row.closes) and row.account in ("*", one.account) for row in permitted.rows)
    ]  # fmt: skip
    return _judged(recent, stray, days)


@check(
    "I-CON-01", severity=HIGH, aspect=INTEGRITY, every=15 * MINUTE,
    source="LPSE standard 9 form (Akses Ruang Server); Pantau default (7 days)",
    title=Text("Login konsol disertai catatan kunjungan", "Console logins have a record of a visit"),
    why=Text(
        "Siapa yang duduk di depan server dapat melewati hampir semua perlindungan; buku tamu ruang server adalah bukti "
        "siapa dia.",
        "Who sits in front of a server can pass nearly every protection; the server room's book is the evidence of who it was.",
    ),
    remedy=Text(
        "Cocokkan dengan buku tamu ruang server (`last -w -n 50`) dan catat kunjungannya di konsol, halaman server, Register "
        "ruang server. Bila tidak ada yang berkunjung: periksa konsol jarak jauh (iLO, iDRAC, hypervisor) dan perlakukan "
        "sebagai insiden.",
        "Match it with the server room's book (`last -w -n 50`) and enter the visit in the console, on the server's page, "
        "Register of the server room. If nobody was there: check the remote console (iLO, iDRAC, hypervisor) and treat it as an "
        "incident.",
    ),
)  # fmt: skip
def console_logins(
    logins: LoginSessions, visits: ServerRoomRegister | None, now: datetime, *, days: int = 7
) -> Verdict:
    recent = [one for one in logins.sessions if one.console and one.began_at > now - timedelta(days=days)]
    if visits is None:
        return _unkept(recent, Text("ruang server", "the server room"))
    stray = [one for one in recent if not any(_during(one, row.opens, row.closes) for row in visits.rows)]
    return _judged(recent, stray, days)


def _during(one: Session, opens: datetime, closes: datetime) -> bool:
    return opens - EARLY <= one.began_at <= closes


def _unkept(recent: Sequence[Session], register: Text) -> Verdict:
    return unknown(
        Text(
            f"{len(recent)} login; register {register.id} belum diisi di konsol",
            f"{len(recent)} logins; the register of {register.en} is not kept in the console yet",
        )
    )


def _judged(recent: Sequence[Session], stray: Sequence[Session], days: int) -> Verdict:
    said = ", ".join(
        f"{one.account} {one.address or one.terminal} {one.began_at:%Y-%m-%d %H:%M%z}" for one in stray[:SHOWN]
    ) + (f", … (+{len(stray) - SHOWN})" if len(stray) > SHOWN else "")  # fmt: skip
    measured = Text(
        f"{len(recent)} login dalam {days} hari; tanpa izin: {said or '-'}",
        f"{len(recent)} logins in {days} days; without permission: {said or '-'}",
    )
    return judge(
        not stray, measured, Text("setiap login ada izinnya", "every login has its permission"), value=len(stray)
    )
