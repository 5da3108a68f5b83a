"""What other tools found when they scanned this server (standard j): how hardened it is, and whether that gets worse."""

from __future__ import annotations

from datetime import datetime

from checks.check import DAY, INTEGRITY, LOW, check
from checks.facts.lynis_report import LynisReport
from checks.text import Text
from checks.verdict import Status, Verdict, judge, unknown


@check(
    "J-HRD-01", severity=LOW, aspect=INTEGRITY, every=DAY, absent=Status.NOT_APPLICABLE,
    source="Indeks KAMI VI.4; Pantau default (70, 5 points)",
    title=Text("Skor pengerasan Lynis cukup dan tidak turun", "The Lynis hardening score suffices and does not fall"),
    why=Text(
        "Skor yang turun berarti pengaturan yang pernah benar telah diubah, lebih dari yang terlihat dari satu per satu "
        "pemeriksaan.",
        "A score that falls means that settings which were right have been changed, more than single checks can show.",
    ),
    remedy=Text(
        "Jalankan `lynis audit system` dan kerjakan bagian Warnings lalu Suggestions; rincian satu butir: `lynis show details "
        "TEST-ID`.",
        "Run `lynis audit system` and work through Warnings, then Suggestions; details of one: `lynis show details TEST-ID`.",
    ),
)  # fmt: skip
def hardening_score(lynis: LynisReport, now: datetime, *, minimum: int = 70, fall: int = 5, days: int = 92) -> Verdict:
    age = (now - lynis.at).days
    if age > days:
        return unknown(
            Text(
                f"pemindaian terakhir {age} hari lalu, lebih dari {days}: jalankan `lynis audit system`",
                f"the last scan is {age} days old, more than {days}: run `lynis audit system`",
            )
        )
    before = lynis.index if lynis.best is None else max(lynis.best, lynis.index)
    on = f"{lynis.at:%Y-%m-%d}"
    return judge(
        lynis.index >= minimum and before - lynis.index <= fall,
        Text(
            f"{lynis.index} pada {on} ({lynis.tests} uji); tertinggi dalam 180 hari {before}",
            f"{lynis.index} on {on} ({lynis.tests} tests); highest in 180 days {before}",
        ),
        Text(f">= {minimum}, turun paling banyak {fall}", f">= {minimum}, {fall} lower at the most"),
        value=lynis.index,
    )
