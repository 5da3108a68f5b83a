"""What services start (standard k): a shell below Java, the web server or PostgreSQL."""

from __future__ import annotations

from datetime import datetime

from checks.check import CRITICAL, INTEGRITY, MINUTE, check
from checks.facts.privilege import hidden_from
from checks.facts.service_children import Child, ServiceChildren
from checks.text import Text, Words, joined
from checks.verdict import Status, Verdict, judge, unknown

TOLD = 5  # processes named in one result


@check(
    "K-IOC-09", severity=CRITICAL, aspect=INTEGRITY, every=MINUTE, absent=Status.NOT_APPLICABLE, source="Pantau default",
    title=Text(
        "Layanan web, SPSE, dan basis data tidak menjalankan shell",
        "Web server, SPSE and database run no shell",
    ),
    why=Text(
        "Penyusup yang menembus SPSE, Apache, atau PostgreSQL hampir selalu menjalankan sh, curl, atau wget dari sana; "
        "layanan itu sendiri tidak memerlukannya.",
        "Whoever breaks into SPSE, Apache or PostgreSQL nearly always runs sh, curl or wget from there; the services "
        "themselves need none of these.",
    ),
    remedy=Text(
        "Jangan langsung dimatikan. Simpan bukti: `ps -o pid,ppid,user,lstart,cmd -p PID`, `ls -l /proc/PID/exe "
        "/proc/PID/cwd`, `ss -tnp`, dan log akses web pada menit itu; lalu putuskan jaringan dan laporkan sebagai insiden. "
        "Bila itu skrip Anda sendiri, jalankan dari cron atau systemd, atau daftarkan (misalnya "
        "`java:python3.11`) melalui kebijakan.",
        "Do not kill it at once. Keep evidence: `ps -o pid,ppid,user,lstart,cmd -p PID`, `ls -l /proc/PID/exe "
        "/proc/PID/cwd`, `ss -tnp`, and the web access log of that minute; then cut the network and report an incident. "
        "If it is a script of your own, run it from cron or systemd, or have it listed (say `java:python3.11`) by policy.",
    ),
)  # fmt: skip
def no_shell_of_a_service(found: ServiceChildren, now: datetime, *, known: tuple[str, ...] = ()) -> Verdict:
    """`known`: pairs "service:program" that are allowed."""
    strange = [one for one in found.children if f"{one.service}:{one.program}" not in known]
    expected = Text("tidak ada", "none")
    if strange:
        total = len(strange) + found.total - len(found.children)
        more = total - TOLD
        rest: tuple[Words, ...] = (Text(f"dan {more} lainnya", f"and {more} more"),) if more > 0 else ()
        return judge(False, joined((*(_told(one, now) for one in strange[:TOLD]), *rest)), expected, value=total)
    if found.total > len(found.children):
        return unknown(
            Text(
                f"hanya {len(found.children)} dari {found.total} proses yang dilihat",
                f"only {len(found.children)} of {found.total} processes were looked at",
            )
        )
    if found.hidden:
        reason = hidden_from(root=found.root)
        return unknown(
            Text(
                f"program {found.hidden} proses di bawah layanan tidak terlihat; {reason.id}",
                f"the program of {found.hidden} processes below services cannot be seen; {reason.en}",
            )
        )
    measured = Text(
        f"tidak ada di bawah {found.services} proses layanan", f"none below {found.services} processes of services"
    )
    return judge(True, measured, expected, value=0)


def _told(child: Child, now: datetime) -> Text:
    seconds = max(0, int((now - child.started).total_seconds()))
    return Text(
        f"{child.program} (PID {child.pid}) milik {child.user}, dijalankan oleh {child.service} {seconds} detik lalu",
        f"{child.program} (PID {child.pid}) of {child.user}, started by {child.service} {seconds} s ago",
    )
