"""Sessions (standard j): an account belongs to one person, who is in one place."""

from __future__ import annotations

from checks.check import CONFIDENTIALITY, MEDIUM, MINUTE, check
from checks.facts.sessions import Sessions
from checks.text import Text
from checks.verdict import Verdict, judge


@check(
    "J-ACC-09", severity=MEDIUM, aspect=CONFIDENTIALITY, every=5 * MINUTE, source="Pantau default",
    title=Text("Satu akun tidak dipakai dari beberapa tempat sekaligus", "No account is used from several places at once"),
    why=Text(
        "Akun yang dipakai bersama, atau yang kata sandinya dicuri, terlihat dari login serentak di beberapa alamat; jejaknya "
        "tidak lagi menunjuk satu orang.",
        "An account that is shared, or whose password was stolen, shows by logins from several addresses at once; its traces "
        "no longer point to one person.",
    ),
    remedy=Text(
        "Tanyakan kepada pemilik akun (`who`, `last -i AKUN`). Bila bukan dia: `passwd -l AKUN`, putuskan sesinya dengan "
        "`loginctl terminate-user AKUN`, dan laporkan sebagai insiden. Bila akun dipakai bersama: buat satu akun per orang "
        "dengan `useradd -m NAMA`.",
        "Ask the account's owner (`who`, `last -i ACCOUNT`). If it was someone else: `passwd -l ACCOUNT`, end the sessions with "
        "`loginctl terminate-user ACCOUNT`, and report an incident. If the account is shared: make one for each person with "
        "`useradd -m NAME`.",
    ),
)  # fmt: skip
def one_place_per_account(found: Sessions, *, places: int = 1) -> Verdict:
    shared = [one for one in found.used if one.total > places]
    expected = Text(f"<= {places} tempat per akun", f"<= {places} places for each account")
    told = "; ".join(f"{one.account}: {', '.join(one.places)}" for one in shared[:5])
    measured = Text(
        f"{found.sessions} sesi, {found.accounts} akun", f"{found.sessions} sessions, {found.accounts} accounts"
    )
    return judge(not shared, told or measured, expected, value=max((one.total for one in found.used), default=0))
