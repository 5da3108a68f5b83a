"""ClamAV: how fresh its signatures are, and what the last scan found."""

from __future__ import annotations

import re
from datetime import datetime

from checks.fact import Absent, Fact, Missing, reads
from checks.facts.file_dates import changed
from checks.source import FileStat, FileText, Glob, Stat
from checks.text import Text

SUMMARY = re.compile(r"^Infected files: (\d{1,9})\s*$", re.MULTILINE)


class VirusSignatures(Fact, frozen=True):
    """When the newest ClamAV signature database was brought up to date. Absent: there is none."""

    updated: datetime


class VirusScan(Fact, frozen=True):
    """The last scan that left a summary in /var/log/clamav. Absent: no scan log there."""

    at: datetime
    infected: int


@reads(
    Stat(("/var/lib/clamav/*.c?d",)),
    absent=Text(
        "ClamAV tidak terpasang, atau belum mengunduh basis data tandanya (/var/lib/clamav)",
        "ClamAV is not installed, or has not fetched its signatures yet (/var/lib/clamav)",
    ),
)
def virus_signatures(seen: tuple[FileStat, ...]) -> VirusSignatures:
    files = [one for one in seen if one.kind == "file" and one.size > 0]
    daily = [one for one in files if one.path.rsplit("/", 1)[-1].startswith("daily.")] or files
    if not daily:
        raise Absent(Text("basis data tanda ClamAV kosong", "the ClamAV signature databases are empty"))
    return VirusSignatures(max(map(changed, daily)))


@reads(
    Glob("/var/log/clamav/*scan*.log", may_be_empty=False, max_bytes=8 << 20),
    Stat(("/var/log/clamav/*scan*.log",)),
    root=True,
)
def virus_scan(logs: tuple[FileText, ...], seen: tuple[FileStat, ...]) -> VirusScan:
    times = {one.path: changed(one) for one in seen}
    found = []
    for log in logs:
        summaries = SUMMARY.findall(log.text)
        if summaries and log.path in times:
            found.append((times[log.path], int(summaries[-1])))
    if not found:
        raise Missing(
            Text(
                "tidak ada log pindaian di /var/log/clamav yang memuat baris Infected files",
                "no scan log in /var/log/clamav has a line Infected files",
            )
        )
    return VirusScan(*max(found))
