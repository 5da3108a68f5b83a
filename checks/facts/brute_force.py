"""What stops somebody from guessing passwords without end."""

from __future__ import annotations

import re

from checks.fact import Fact, Missing, reads
from checks.facts.processes import PROCESSES, ProcessTable
from checks.source import Command, FileText, Glob
from checks.text import Text

PAM = Glob("/etc/pam.d/*-auth")  # common-auth (Debian, Ubuntu), system-auth and password-auth (EL)
GUARDS = ("sshguard", "crowdsec")
FAIL2BAN = "fail2ban-server"
MOST = 20


class BruteForce(Fact, frozen=True):
    """Jails of fail2ban, whether PAM locks accounts after failures, and other guards that run. Never absent."""

    jails: tuple[str, ...] = ()
    faillock: bool = False
    guards: tuple[str, ...] = ()


@reads(PROCESSES, PAM, Command(("fail2ban-client", "status"), is_the_thing=True), root=True)
def with_fail2ban(table: ProcessTable, pam: tuple[FileText, ...], status: str) -> BruteForce:
    found = re.search(r"^`- Jail list:[ \t]*(.*)$", status, re.MULTILINE)
    if not re.search(r"^\|- Number of jail:", status, re.MULTILINE) or found is None:
        raise Missing(Text("fail2ban-client tidak memberi status", "fail2ban-client gave no status"))
    return BruteForce(tuple(found[1].replace(",", " ").split())[:MOST], _faillock(pam), _guards(table))


@reads(PROCESSES, PAM)
def without_fail2ban(table: ProcessTable, pam: tuple[FileText, ...]) -> BruteForce:
    """Where fail2ban is not installed or stands still. Where it runs and would not answer, its jails are not known."""
    if any(process.name == FAIL2BAN for process in table.processes) and not _faillock(pam):
        raise Missing(
            Text(
                "fail2ban berjalan, tetapi hanya root yang dapat melihat jail-nya",
                "fail2ban runs, but only root may ask for its jails",
            )
        )
    return BruteForce((), _faillock(pam), _guards(table))


def _faillock(pam: tuple[FileText, ...]) -> bool:
    if not pam:
        raise Missing(Text("tidak ada konfigurasi PAM untuk login", "PAM has no configuration for logins"))
    text = "\n".join(file.text for file in pam)
    return bool(re.search(r"^[ \t]*auth[ \t]+[^#\n]*\bpam_(?:faillock|tally2)\.so\b", text, re.MULTILINE))


def _guards(table: ProcessTable) -> tuple[str, ...]:
    if not table.processes:
        raise Missing(Text("tabel proses kosong", "the process table is empty"))
    return tuple(sorted({process.name for process in table.processes} & set(GUARDS)))
