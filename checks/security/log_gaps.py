"""Logs (standard j) without holes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from checks.check import HIGH, HOUR, INTEGRITY, check
from checks.facts.log_gaps import LogGaps
from checks.text import Text, joined
from checks.verdict import Verdict, judge, unknown


@check(
    "J-LOG-06", severity=HIGH, aspect=INTEGRITY, every=HOUR, source="Pantau default (75 minutes)",
    title=Text("Log sistem tidak terputus", "The system log has no gaps"),
    why=Text(
        "Penyusup menghapus baris log atau menghentikan pencatatnya; server yang hidup hampir tidak pernah diam lebih dari "
        "satu jam, karena pekerjaan tiap jam pun tercatat.",
        "Intruders cut lines out of logs or stop what writes them; a live server is hardly ever silent for more than an "
        "hour, for its hourly jobs are logged too.",
    ),
    remedy=Text(
        "Cari sebabnya: `journalctl --list-boots`, `journalctl --since WAKTU --until WAKTU`, `journalctl --verify`, `last -x`; "
        "apakah VM dijeda (snapshot), disk penuh, atau journald/rsyslog dihentikan? Bandingkan dengan salinan di server log "
        "pusat. Bila tidak ada sebab yang wajar, perlakukan sebagai insiden. Server yang memang sepi: pasang cron "
        "(Debian/Ubuntu: `apt install cron`; EL: `dnf install cronie`), yang mencatat pekerjaan tiap jam.",
        "Find the cause: `journalctl --list-boots`, `journalctl --since TIME --until TIME`, `journalctl --verify`, `last -x`; "
        "was the VM paused (snapshot), the disk full, or journald/rsyslog stopped? Compare with the copy on the central log "
        "server. If there is no ordinary cause, treat it as an incident. A server that really is quiet: install cron "
        "(Debian/Ubuntu: `apt install cron`; EL: `dnf install cronie`), which logs its hourly jobs.",
    ),
)  # fmt: skip
def no_gap(log: LogGaps, now: datetime, *, minutes: int = 75, most: int = 3) -> Verdict:
    """With more than `most` gaps the log is too quiet for a gap to mean anything."""
    longest = timedelta(minutes=minutes)
    gaps = sorted((start, end) for start, end in _gaps(log, now) if end - start > longest)
    expected = Text(f"tidak ada celah > {minutes} menit", f"no gap > {minutes} minutes")
    if len(gaps) > most or (log.total > len(log.gaps) and len(gaps) >= len(log.gaps)):
        return unknown(
            Text(
                f"{log.log} terlalu sepi untuk dinilai: {len(gaps)} celah > {minutes} menit sejak {log.first:%Y-%m-%d %H:%M} UTC",
                f"{log.log} is too quiet to tell: {len(gaps)} gaps > {minutes} minutes since {log.first:%Y-%m-%d %H:%M} UTC",
            )
        )
    if gaps:
        told = joined(_told(start, end) for start, end in gaps)
        worst = max(end - start for start, end in gaps)
        return judge(False, joined((log.log, told), ": "), expected, value=round(worst.total_seconds() / 60))
    measured = Text(
        f"{log.log}: {log.lines} baris sejak {log.first:%Y-%m-%d %H:%M} UTC",
        f"{log.log}: {log.lines} lines since {log.first:%Y-%m-%d %H:%M} UTC",
    )
    return judge(True, measured, expected, value=0)


def _gaps(log: LogGaps, now: datetime) -> Iterator[tuple[datetime, datetime]]:
    """All gaps while the system was up, those at both ends included."""
    for gap in log.gaps:
        yield max(gap.start, log.up_since), gap.end
    if log.before is not None:
        yield max(log.before, log.up_since), log.first
    yield max(log.last, log.up_since), now


def _told(start: datetime, end: datetime) -> str:
    day = "" if end.date() == start.date() else f"{end:%Y-%m-%d} "
    return f"{start:%Y-%m-%d %H:%M} – {day}{end:%H:%M} UTC"
