"""The web servers in front of SPSE answer without errors (standard l)."""

from __future__ import annotations

from datetime import datetime

from checks.check import AVAILABILITY, HIGH, MINUTE, check
from checks.facts.access_log import Requests
from checks.text import Text
from checks.verdict import Status, Verdict, judge, not_applicable, unknown, warned

FEWEST = 20  # requests below which one says too much
AHEAD = 300  # seconds by which a log may be ahead of the clock


def recent(seen: Requests, now: datetime) -> Verdict | None:
    """Why these requests say nothing of now; None if they do."""
    age = (now - seen.until).total_seconds()
    if age < -AHEAD:
        return unknown(Text("log akses memuat waktu di masa depan", "the access log has a time in the future"))
    if age > seen.window:
        minutes = seen.window // 60
        return not_applicable(
            Text(f"tidak ada permintaan dalam {minutes} menit terakhir", f"no request in the last {minutes} minutes")
        )
    return None


@check(
    "L-AVL-11", severity=HIGH, aspect=AVAILABILITY, every=MINUTE, grace=5 * MINUTE, recovery=5 * MINUTE,
    absent=Status.NOT_APPLICABLE, source="Pantau default",
    title=Text("Server web jarang menjawab galat 5xx", "The web server seldom answers with a 5xx error"),
    why=Text(
        "Galat 502, 503, atau 500 berarti penyedia melihat halaman rusak walaupun prosesnya masih hidup.",
        "Errors 502, 503 or 500 mean that bidders see a broken page although the process is still alive.",
    ),
    remedy=Text(
        "Cari yang gagal: `grep -h '\" 5[0-9][0-9] ' /var/log/nginx/*access.log | tail -20` (Apache: /var/log/apache2 atau "
        "/var/log/httpd). 502/503: SPSE mati atau penuh (L-AVL-03, G-PG-03); 500: lihat `tail -50 webapp/logs/*.log`.",
        "Find what fails: `grep -h '\" 5[0-9][0-9] ' /var/log/nginx/*access.log | tail -20` (Apache: /var/log/apache2 or "
        "/var/log/httpd). 502/503: SPSE is down or full (L-AVL-03, G-PG-03); 500: see `tail -50 webapp/logs/*.log`.",
    ),
)  # fmt: skip
def server_errors(seen: Requests, now: datetime, *, percent: float = 1.0) -> Verdict:
    stale = recent(seen, now)
    if stale is not None:
        return stale
    if seen.requests <= 0:
        return unknown(Text("tidak ada permintaan yang terbaca", "no request could be read"))
    share = 100 * seen.errors / seen.requests
    measured = Text(
        f"{seen.errors} dari {seen.requests} permintaan ({share:.2g}%)",
        f"{seen.errors} of {seen.requests} requests ({share:.2g}%)",
    )
    expected = f"<= {percent:g}%"
    if seen.requests < FEWEST and share > percent:
        return warned(measured, expected, value=round(share, 2))
    return judge(share <= percent, measured, expected, value=round(share, 2))
