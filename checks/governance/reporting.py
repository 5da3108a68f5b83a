"""The health of surveillance itself, judged by the collector from what it received (standards l, q)."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from checks.check import AVAILABILITY, CRITICAL, DAY, HIGH, HOUR, INTEGRITY, MEDIUM, MINUTE, check
from checks.facts.reporting import Agreement, Coverage, Heartbeat, ReportChain
from checks.text import Text
from checks.verdict import Verdict, judge, unknown, warned

WIB = timezone(timedelta(hours=7), "WIB")


def ago(moment: datetime, now: datetime) -> Text:
    """How long ago, in words."""
    minutes = int((now - moment).total_seconds() // 60)
    if minutes < 120:
        return Text(f"{minutes} menit lalu", f"{minutes} minutes ago")
    hours = minutes // 60
    if hours < 72:
        return Text(f"{hours} jam lalu", f"{hours} hours ago")
    return Text(f"{hours // 24} hari lalu", f"{hours // 24} days ago")


@check(
    "L-AVL-12",
    severity=HIGH,
    aspect=AVAILABILITY,
    every=MINUTE,
    source="Pantau default (policy field silence_after)",
    title=Text("Agen terdengar teratur", "The agent is heard regularly"),
    why=Text(
        "Server yang tidak terdengar tidak terawasi: server padam, gangguan jaringan, dan agen yang dimatikan tampak "
        "sama dari luar.",
        "A server that is not heard is not watched: an outage, a network fault and a stopped agent look the same from "
        "outside.",
    ),
    remedy=Text(
        "Di server: `systemctl status pantau-agent`, lalu `pantau-agent status`; periksa jaringan dan sertifikat ke "
        "collector.",
        "On the server: `systemctl status pantau-agent`, then `pantau-agent status`; check the network and certificate "
        "to the collector.",
    ),
)
def heartbeat(heard: Heartbeat, now: datetime) -> Verdict:
    silent = (now - heard.heard_at).total_seconds()
    expected = Text(
        f"laporan tiap {heard.allowed} detik atau lebih sering", f"a report at least every {heard.allowed} seconds"
    )
    last = heard.heard_at.astimezone(WIB).strftime("%Y-%m-%d %H:%M:%S WIB")
    measured = Text(f"terakhir terdengar {last}", f"last heard {last}")
    return judge(silent <= heard.allowed, measured, expected)


@check(
    "Q-AGT-04",
    severity=CRITICAL,
    aspect=INTEGRITY,
    every=MINUTE,
    source="Pantau default",
    title=Text("Rantai laporan utuh, satu agen satu kunci", "The chain of reports is unbroken, one agent one key"),
    why=Text(
        "Rantai laporan yang utuh membuktikan tidak ada laporan yang dihapus atau dipalsukan di tengah.",
        "An unbroken chain of reports proves that none was removed or forged in between.",
    ),
    remedy=Text(
        "Pastikan setiap server punya kunci sendiri (jangan menyalin /var/lib/pantau). Bila server hasil kloning: hapus "
        "kunci dan spool-nya, lalu `pantau-agent enrol` dengan token baru. Bila laporan hilang: lihat `pantau-agent "
        "spool`.",
        "Make sure every server has a key of its own (never copy /var/lib/pantau). For a cloned server: delete its "
        "key and spool, "
        "then `pantau-agent enrol` with a fresh token. For missing reports: see `pantau-agent spool`.",
    ),
)
def chain(chain: ReportChain, now: datetime, *, remember_days: int = 7) -> Verdict:
    expected = Text("rantai utuh, satu agen satu kunci", "an unbroken chain, one agent one key")
    events = (
        (
            chain.equivocation_at,
            Text("dua laporan berbeda dengan nomor yang sama", "two different reports under one sequence"),
        ),
        (chain.cloned_at, Text("dua rantai berjalan bergantian (agen ganda)", "two chains alternate (cloned agent)")),
        (chain.broken_at, Text("laporan tidak menunjuk pendahulunya", "a report does not name its predecessor")),
    )
    for at, said in events:
        if at is not None and now - at < timedelta(days=remember_days):
            when = ago(at, now)
            return judge(False, Text(f"{said.id}, {when.id}", f"{said.en}, {when.en}"), expected)
    if chain.missing:
        return judge(
            False, Text(f"{chain.missing} laporan belum tiba", f"{chain.missing} reports have not arrived"), expected
        )
    if chain.restarted_at is not None and now - chain.restarted_at < timedelta(days=remember_days):
        when = ago(chain.restarted_at, now)
        if chain.abandoned:
            left = Text(
                f"rantai baru dimulai {when.id}; {chain.abandoned} laporan rantai lama tidak pernah tiba",
                f"a new chain began {when.en}; {chain.abandoned} reports of the old one never arrived",
            )
            return judge(False, left, expected)
        return warned(Text(f"rantai baru dimulai {when.id}", f"a new chain began {when.en}"), expected)
    if chain.lost:
        return warned(
            Text(
                f"{chain.lost} laporan dinyatakan hilang oleh agen", f"{chain.lost} reports declared lost by the agent"
            ),
            expected,
        )
    return judge(True, Text("rantai utuh", "unbroken"), expected)


@check(
    "Q-AGT-05",
    recovery=DAY,
    severity=CRITICAL,
    aspect=INTEGRITY,
    every=MINUTE,
    source="Pantau default",
    title=Text("Verdik agen sama dengan verdik collector", "The agent's verdicts are the collector's"),
    why=Text(
        "Dari fakta dan kebijakan yang sama, hasil harus sama. Bila berbeda, agen telah diubah atau rusak.",
        "The same facts under the same policy must give the same result. If not, the agent was altered or is broken.",
    ),
    remedy=Text(
        "Pasang ulang agen dari paket resmi dan bandingkan `pantau-agent --version`; laporkan ke LKPP bila tetap berbeda.",
        "Reinstall the agent from the official package and compare `pantau-agent --version`; report to LKPP if it "
        "persists.",
    ),
)
def agreement(agreement: Agreement) -> Verdict:
    differences = agreement.differences
    if not differences and not agreement.compared:
        return unknown(
            Text(
                "tidak dapat dibandingkan: agen memakai rilis atau kebijakan yang tidak dikenal collector ini",
                "cannot be compared: the agent judges with a release or policy that this collector does not know",
            )
        )
    measured = "; ".join(differences[:5]) + (" …" if len(differences) > 5 else "")
    return judge(
        not differences,
        measured or Text("tidak ada perbedaan", "no difference"),
        Text("hasil yang sama dari fakta yang sama", "the same results from the same facts"),
        value=len(differences),
    )


@check(
    "Q-AGT-02",
    severity=MEDIUM,
    aspect=INTEGRITY,
    every=HOUR,
    grace=HOUR,
    source="Pantau default",
    title=Text("Sebagian besar pemeriksaan dapat ditentukan", "Most checks can be determined"),
    why=Text(
        "Cakupan ialah bagian dari pemeriksaan yang berlaku di server ini yang hasilnya dapat ditentukan, lulus atau "
        "gagal. Yang tidak diketahui tidak pernah dihitung memenuhi; cakupan rendah membuat penilaian tidak adil dan "
        "tidak berguna.",
        "Coverage is the share of the checks that apply to this server whose result could be determined, pass or fail. "
        "What is unknown never counts as met; low coverage makes an assessment neither fair nor useful.",
    ),
    remedy=Text(
        "Jalankan `pantau-agent check` di server itu, sebagai root: setiap hasil 'tidak diketahui' menyebut alasan "
        "dan jalan keluarnya.",
        "Run `pantau-agent check` on that server, as root: each 'unknown' result names its reason and what to do.",
    ),
)
def coverage(coverage: Coverage, *, minimum: float = 0.9) -> Verdict:
    share = coverage.determined / coverage.applicable if coverage.applicable else 0.0
    return judge(
        share >= minimum,
        Text(
            f"{share:.0%}: {coverage.determined} dari {coverage.applicable} pemeriksaan yang berlaku dapat ditentukan "
            f"hasilnya",
            f"{share:.0%}: {coverage.determined} of {coverage.applicable} checks that apply could be determined",
        ),
        f">= {minimum:.0%}",
        value=round(share, 4),
    )
