"""Limits of processes (standard g)."""

from __future__ import annotations

from collections.abc import Iterator

from checks.check import AVAILABILITY, MEDIUM, MINUTE, check
from checks.facts.open_files import OpenFiles
from checks.text import Text
from checks.verdict import Status, Verdict, judge


@check(
    "G-FD-01", severity=MEDIUM, aspect=AVAILABILITY, every=5 * MINUTE, grace=10 * MINUTE, absent=Status.NOT_APPLICABLE,
    source="Pantau default",
    title=Text("Berkas terbuka jauh dari batas", "Open files stay below their limit"),
    why=Text(
        "Pada batasnya, Java menolak sambungan baru dengan \"Too many open files\": situs mati meskipun prosesnya hidup.",
        "At its limit Java refuses new connections with \"Too many open files\": the site is down though its process lives.",
    ),
    remedy=Text(
        "Naikkan batasnya: `systemctl edit NAMA.service` lalu `LimitNOFILE=65536` di bawah [Service]; bila dijalankan dari "
        "rc.local, `ulimit -n 65536` sebelum perintahnya. Bila jumlahnya terus naik, ada kebocoran: mulai ulang SPSE dan laporkan.",
        "Raise it: `systemctl edit NAME.service`, then `LimitNOFILE=65536` below [Service]; if started from rc.local, "
        "`ulimit -n 65536` before the command. If the number only grows there is a leak: restart SPSE and report it.",
    ),
)  # fmt: skip
def open_files(files: OpenFiles, *, percent: float = 80.0) -> Iterator[Verdict]:
    for one in files.services:
        used = round(one.share * 100, 1)
        if one.limit:
            measured = Text(f"{one.files} dari {one.limit} ({used:g}%)", f"{one.files} of {one.limit} ({used:g}%)")
        else:
            measured = Text(f"{one.files}, tanpa batas", f"{one.files}, unlimited")
        yield judge(used <= percent, measured, f"<= {percent:g}%", subject=one.service, value=used)
