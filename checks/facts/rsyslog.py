"""Log services that run, and whether they are told to send logs to another host."""

from __future__ import annotations

import ipaddress
import re

from checks.fact import Absent, Fact, Missing, reads
from checks.facts.processes import PROCESSES, ProcessTable
from checks.facts.visible_processes import all_of
from checks.source import File, FileText, Glob
from checks.text import Text

SYSLOGS = ("rsyslogd", "syslog-ng")
SHIPPERS = (
    "systemd-journal-upload", "filebeat", "fluent-bit", "fluentd", "td-agent", "vector", "promtail", "alloy",
    "wazuh-agentd", "ossec-agentd", "splunkd", "nxlog", "logstash", "otelcol", "otelcol-contrib", "elastic-agent",
)  # fmt: skip
COMM = 15  # the kernel keeps so many characters of a name
CLASSIC = re.compile(r"^\S+\s+@{1,2}(?:\([^)]*\))?(?P<host>\[[^\]]+\]|[\w.-]+)(?::\d+)?")
ACTION = re.compile(r"action\s*\((?P<body>[^)]*)\)", re.IGNORECASE | re.DOTALL)
FORWARDING = re.compile(r"type\s*=\s*[\"']om(?:fwd|relp)[\"']", re.IGNORECASE)
TARGET = re.compile(r"target\s*=\s*[\"'](?P<host>[^\"']+)[\"']", re.IGNORECASE)
SYSLOG_NG = re.compile(r"\b(?:network|syslog|tcp6?|udp6?)\s*\(\s*[\"'](?P<host>[^\"']+)[\"']", re.IGNORECASE)


class LogServices(Fact, frozen=True):
    """Which log services are running: `journald`, `syslog` (rsyslog or syslog-ng), and names of log shippers. Never absent."""

    journald: bool
    syslog: bool
    shippers: tuple[str, ...] = ()


class LogForwarding(Fact, frozen=True):
    """How many other hosts the files of rsyslog or syslog-ng name as targets; loopback does not count.

    Absent: neither is installed.
    """

    targets: int


@reads(PROCESSES)
def log_services(table: ProcessTable) -> LogServices:
    names = {one.name for one in all_of(table)}
    return LogServices(
        journald=any(name in names for name in ("systemd-journald", "systemd-journald"[:COMM])),
        syslog=any(name in names for name in SYSLOGS),
        shippers=tuple(name for name in SHIPPERS if name in names),  # shortened, journal-upload looks like journald
    )


@reads(File("/etc/rsyslog.conf"), Glob("/etc/rsyslog.d/*.conf"))
def rsyslog(main: str, drop_ins: tuple[FileText, ...]) -> LogForwarding:
    if not main.strip():
        raise Missing(Text("/etc/rsyslog.conf kosong", "/etc/rsyslog.conf is empty"))
    hosts: set[str] = set()
    for text in (main, *(file.text for file in drop_ins)):
        plain = "\n".join(line.partition("#")[0] for line in text.splitlines())
        hosts.update(match["host"] for line in plain.splitlines() if (match := CLASSIC.match(line.strip())))
        for action in ACTION.finditer(plain):
            if FORWARDING.search(action["body"]) and (target := TARGET.search(action["body"])):
                hosts.add(target["host"])
    return LogForwarding(sum(not _local(host) for host in hosts))


@reads(File("/etc/syslog-ng/syslog-ng.conf"), Glob("/etc/syslog-ng/conf.d/*.conf"))
def syslog_ng(main: str, drop_ins: tuple[FileText, ...]) -> LogForwarding:
    if not main.strip():
        raise Absent(Text("syslog-ng.conf kosong", "syslog-ng.conf is empty"))
    hosts: set[str] = set()
    for text in (main, *(file.text for file in drop_ins)):
        plain = "\n".join(line.partition("#")[0] for line in text.splitlines())
        for block in re.findall(r"destination\s+\w+\s*\{(.*?)\};", plain, re.DOTALL):
            hosts.update(match["host"] for match in SYSLOG_NG.finditer(block))
    return LogForwarding(sum(not _local(host) for host in hosts))


def _local(host: str) -> bool:
    name = host.strip("[]").lower()
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return name == "localhost" or name.startswith("localhost.")
