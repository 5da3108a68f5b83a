"""The time zone of the operating system and of the Java programs on it."""

from __future__ import annotations

import re

from checks.fact import Absent, Fact, Missing, reads
from checks.facts.privilege import hidden_from
from checks.facts.processes import PROCESSES, ProcessTable
from checks.source import File
from checks.text import Text

MOST = 10
OPTION = "-Duser.timezone="


class TimeZone(Fact, frozen=True):
    """The rule of /etc/localtime in POSIX words: "WIB-7", "UTC0". Absent: no /etc/localtime, which means UTC."""

    rule: str


class JavaTimeZones(Fact, frozen=True):
    """The zones that running Java programs were given (-Duser.timezone); empty for those that follow the system.

    Absent: no Java program runs.
    """

    zones: tuple[str, ...]


@reads(File("/etc/localtime"))
def time_zone(binary: str) -> TimeZone:
    """A TZif file of version 2 or later (RFC 9636) ends with its rule between two line breaks."""
    body, footer, rule = binary.rstrip("\n").rpartition("\n")
    posix = r"[A-Za-z]{3,}[+-]?\d\S*|<[\w+-]+>[+-]?\d\S*"
    if not body.startswith("TZif") or not footer or not re.fullmatch(posix, rule):
        raise Missing(Text("/etc/localtime bukan berkas zona waktu", "/etc/localtime is not a time zone file"))
    return TimeZone(rule[:60])


@reads(PROCESSES)
def java_time_zones(table: ProcessTable) -> JavaTimeZones:
    java = [process for process in table.processes if process.name == "java"]
    if not java:
        raise Absent(Text("tidak ada program Java yang berjalan", "no Java program runs"))
    if any(not process.argv for process in java):
        reason = hidden_from(root=table.root)
        raise Missing(
            Text(
                f"baris perintah program Java tidak terlihat; {reason.id}",
                f"the command line of a Java program cannot be seen; {reason.en}",
            )
        )
    zones = {
        next((word.removeprefix(OPTION) for word in reversed(process.argv) if word.startswith(OPTION)), "")
        for process in java
    }
    return JavaTimeZones(tuple(sorted(zone[:40] for zone in zones))[:MOST])
