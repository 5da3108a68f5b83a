"""File integrity (standard k): a tool with a baseline, that runs."""

from __future__ import annotations

from datetime import datetime

from checks.check import DAY, HIGH, HOUR, INTEGRITY, check
from checks.facts.integrity_tool import IntegrityRun, IntegrityTool
from checks.text import Text
from checks.verdict import Status, Verdict, judge

INSTALL = Text(
    "Debian/Ubuntu: `apt install aide aide-common`, `aideinit`, `mv /var/lib/aide/aide.db.new /var/lib/aide/aide.db`. "
    "EL: `dnf install aide`, `aide --init`, `mv /var/lib/aide/aide.db.new.gz /var/lib/aide/aide.db.gz`. Simpan salinan "
    "baseline di luar server.",
    "Debian/Ubuntu: `apt install aide aide-common`, `aideinit`, `mv /var/lib/aide/aide.db.new /var/lib/aide/aide.db`. "
    "EL: `dnf install aide`, `aide --init`, `mv /var/lib/aide/aide.db.new.gz /var/lib/aide/aide.db.gz`. Keep a copy of "
    "the baseline off the server.",
)


@check(
    "K-FIM-01", severity=HIGH, aspect=INTEGRITY, every=DAY, absent=Status.FAIL,
    source="CIS Debian 12 1.1.0 6.3.1; CIS RHEL 9 1.0.0 1.3.1; Peraturan BSSN 4/2021 Pasal 27 ayat (9) huruf d",
    title=Text("Alat integritas berkas dan baseline ada", "A file integrity tool has its baseline"),
    why=Text(
        "Tanpa baseline tidak ada yang dapat membuktikan bahwa berkas SPSE dan sistem masih sama dengan yang dipasang.",
        "Without a baseline nobody can prove that the files of SPSE and the system are still those that were installed.",
    ),
    remedy=INSTALL,
)  # fmt: skip
def integrity_baseline(tool: IntegrityTool) -> Verdict:
    made = f"{tool.baseline:%Y-%m-%d}" if tool.baseline else None
    measured = Text(
        f"{tool.name}, baseline {made or 'belum dibuat'}", f"{tool.name}, baseline {made or 'not made yet'}"
    )
    return judge(made is not None, measured, Text("terpasang, dengan baseline", "installed, with a baseline"))


@check(
    "K-FIM-02", severity=HIGH, aspect=INTEGRITY, every=6 * HOUR, absent=Status.FAIL, grace=3 * HOUR,
    source="CIS Debian 12 1.1.0 6.3.2",
    title=Text("Integritas berkas baru diperiksa", "File integrity was checked recently"),
    why=Text(
        "Baseline hanya berguna bila dibandingkan setiap hari; perubahan yang baru ketahuan sebulan kemudian sudah "
        "terlambat.",
        "A baseline is only of use when it is compared every day; a change found a month later is found too late.",
    ),
    remedy=Text(
        "Debian/Ubuntu: `systemctl enable --now dailyaidecheck.timer` (paket aide-common). EL: tambahkan "
        "`0 5 * * * root /usr/sbin/aide --check` di /etc/cron.d/aide, dengan laporan ke /var/log/aide/aide.log.",
        "Debian/Ubuntu: `systemctl enable --now dailyaidecheck.timer` (package aide-common). EL: add "
        "`0 5 * * * root /usr/sbin/aide --check` to /etc/cron.d/aide, reporting to /var/log/aide/aide.log.",
    ),
)  # fmt: skip
def integrity_run_is_recent(run: IntegrityRun, now: datetime, *, hours: int = 24) -> Verdict:
    age = (now - run.at).total_seconds() / 3600
    measured = Text(f"laporan terakhir {age:.1f} jam lalu", f"last report {age:.1f} hours ago")
    return judge(age <= hours, measured, Text(f"<= {hours} jam", f"<= {hours} hours"), value=round(age, 1))
