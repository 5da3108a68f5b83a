"""The Linux audit daemon: is it running, and what it records."""

from __future__ import annotations

from checks.fact import Absent, Fact, Missing, reads
from checks.facts.processes import PROCESSES, ProcessTable
from checks.facts.visible_processes import all_of
from checks.source import Command, File, FileStat, FileText, Glob, Stat
from checks.text import Text

PROGRAM = Stat(("/usr/sbin/auditd", "/sbin/auditd"))
PATHS = {
    "sudoers": ("/etc/sudoers", "/etc/sudoers.d"),
    "time": ("/etc/localtime",),
    "network": ("/etc/hosts", "/etc/network", "/etc/networks", "/etc/sysconfig/network", "/etc/netplan"),
    "identity": ("/etc/passwd", "/etc/shadow", "/etc/group"),
    "modules": ("/bin/kmod", "/usr/bin/kmod", "/sbin/insmod", "/sbin/modprobe", "/usr/sbin/modprobe"),
}
CALLS = {
    "time": {"adjtimex", "settimeofday", "clock_settime"},
    "network": {"sethostname", "setdomainname"},
    "modules": {"init_module", "finit_module", "delete_module"},
}


class Auditd(Fact, frozen=True):
    """Is the audit daemon running? Absent: it is not installed."""

    running: bool


class AuditRules(Fact, frozen=True):
    """How many audit rules there are, and which of the areas sudoers, time, network, identity, modules they cover.

    `loaded`: the kernel said so; otherwise it is what the files would load. Absent: auditd is not installed.
    """

    rules: int
    areas: tuple[str, ...] = ()
    loaded: bool = False


@reads(PROGRAM, Command(("systemctl", "is-active", "auditd"), ok=(0, 3, 4)))
def by_systemd(program: tuple[FileStat, ...], state: str) -> Auditd:
    word = state.strip()
    if word not in ("active", "inactive", "failed", "activating", "deactivating", "reloading", "unknown"):
        raise Missing(
            Text("systemctl is-active auditd tidak menyebut keadaan", "systemctl is-active auditd did not name a state")
        )
    return Auditd(word == "active")


@reads(PROGRAM, PROCESSES)
def by_processes(program: tuple[FileStat, ...], table: ProcessTable) -> Auditd:
    return Auditd(any(one.name == "auditd" for one in all_of(table)))


@reads(Command(("auditctl", "-l"), is_the_thing=True), root=True)
def loaded(printed: str) -> AuditRules:
    lines = [line.strip() for line in printed.splitlines() if line.strip()]
    if lines == ["No rules"]:
        return AuditRules(0, loaded=True)
    if not any(line.startswith(("-w ", "-a ")) for line in lines):
        raise Missing(Text("auditctl -l tidak menampilkan aturan", "auditctl -l printed no rules"))
    return _rules(lines, loaded=True)


@reads(File("/etc/audit/auditd.conf"), Glob("/etc/audit/rules.d/*.rules"), Glob("/etc/audit/audit.rules"), root=True)
def configured(daemon: str, parts: tuple[FileText, ...], whole: tuple[FileText, ...]) -> AuditRules:
    if not parts and not whole:
        raise Absent(Text("tidak ada berkas aturan audit", "there is no file of audit rules"))
    lines = [line.strip() for file in (parts or whole) for line in file.text.splitlines()]
    return _rules(lines, loaded=False)


def _rules(lines: list[str], *, loaded: bool) -> AuditRules:
    rules = [line for line in lines if line.startswith(("-w ", "-a "))]
    areas: set[str] = set()
    for rule in rules:
        words = rule.replace(",", " ").split()
        if "never" in words:
            continue
        watched = [words[1]] if words[0] == "-w" and len(words) > 1 else []
        watched += [word.partition("=")[2] for word in words if word.startswith(("path=", "dir="))]
        for area, paths in PATHS.items():
            if any(
                path == one.rstrip("/") or path.startswith(one.rstrip("/") + "/") for one in watched for path in paths
            ):
                areas.add(area)
        for area, calls in CALLS.items():
            if calls & set(words):
                areas.add(area)
    return AuditRules(len(rules), tuple(sorted(areas)), loaded)
