"""Whether surveillance reaches every server (standard q): the servers a provider registered against the agents that are heard."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from checks.calendar import told
from checks.check import HIGH, HOUR, INTEGRITY, check
from checks.facts.enrolled_agents import EnrolledAgents
from checks.text import Text
from checks.verdict import Status, Verdict, judge, unknown, warned


@check(
    "Q-AGT-01", severity=HIGH, aspect=INTEGRITY, every=HOUR, absent=Status.NOT_APPLICABLE,
    source="Pantau default (heard within 24 hours, 7 days to deploy)",
    title=Text("Setiap server terdaftar terpantau agen", "An agent watches every registered server"),
    why=Text(
        "Server tanpa agen tidak terlihat: hasil penilaian yang baik bisa jadi hanya hasil dari server yang baik saja.",
        "A server without an agent is not seen: a good assessment may be that of the good servers only.",
    ),
    remedy=Text(
        "Pasang agen di server itu dengan token baru dari konsol: `pantau-agent enrol`, lalu `systemctl enable --now "
        "pantau-agent`; lihat `pantau-agent status`. Server yang tidak dipakai lagi dihentikan di konsol, halaman server.",
        "Deploy the agent on that server with a fresh token of the console: `pantau-agent enrol`, then `systemctl enable --now "
        "pantau-agent`; see `pantau-agent status`. Retire a server that is no longer used in the console, on its page.",
    ),
)  # fmt: skip
def every_server_is_watched(
    enrolled: EnrolledAgents, now: datetime, *, silent_hours: int = 24, days: int = 7
) -> Iterator[Verdict]:
    servers = [one for one in enrolled.servers if not one.retired]
    if not servers:
        yield unknown(Text("belum ada server yang terdaftar", "no server is registered yet"))
        return
    expected = Text(f"terdengar dalam {silent_hours} jam", f"heard within {silent_hours} hours")
    unheard = [one for one in servers if one.heard is None or now - one.heard > timedelta(hours=silent_hours)]
    for one in unheard:
        if one.heard is not None:
            last = told(one.heard)
            yield judge(False, Text(f"terakhir terdengar {last}", f"last heard {last}"), expected, subject=one.name)
            continue
        since = told(one.registered)
        never = Text(f"terdaftar {since}, belum pernah terdengar", f"registered {since}, never heard")
        if now - one.registered <= timedelta(days=days):
            by = told(one.registered + timedelta(days=days))
            yield warned(never, Text(f"terdengar paling lambat {by}", f"heard by {by}"), subject=one.name)
        else:
            yield judge(False, never, expected, subject=one.name)
    if (more := enrolled.total - len(servers)) > 0:
        yield unknown(Text(f"{more} server lain tidak dihitung", f"{more} more servers were not counted"))
    if not unheard:
        heard = Text(
            f"{len(servers)} dari {len(servers)} server terpantau", f"{len(servers)} of {len(servers)} servers"
        )
        yield judge(True, heard, expected, value=100)
