"""The last rootkit scan of rkhunter or chkrootkit: when, and what it found."""

from __future__ import annotations

import re
from datetime import datetime

from checks.fact import Fact, Missing, reads
from checks.facts.file_dates import changed
from checks.source import File, FileStat, Stat
from checks.text import Text

RKHUNTER = "/var/log/rkhunter.log"
CHKROOTKIT = "/var/log/chkrootkit/log.today"
POSSIBLE = re.compile(r"Possible rootkits: (\d{1,6})")
SUSPECT = re.compile(r"Suspect files: (\d{1,6})")


class RootkitScan(Fact, frozen=True):
    """`rootkits`: what the tool itself calls a rootkit or infected; `warnings`: what a person should look at.

    Absent: neither tool has left a log.
    """

    tool: str
    at: datetime
    rootkits: int
    warnings: int


def never(tool: str, log: str) -> Text:
    """That `tool` has not scanned: its `log` is not there."""
    return Text(f"{tool} belum pernah memindai di sini (tidak ada {log})", f"{tool} has never scanned here (no {log})")


@reads(
    File(RKHUNTER, max_bytes=8 << 20), Stat((RKHUNTER,)), root=True,
    absent=never("rkhunter", RKHUNTER),
)  # fmt: skip
def rkhunter(text: str, seen: tuple[FileStat, ...]) -> RootkitScan:
    possible, suspect = POSSIBLE.findall(text), SUSPECT.findall(text)
    if not possible:
        raise Missing(
            Text(
                f"{RKHUNTER} tidak memuat ringkasan; pemindaian tidak selesai",
                f"{RKHUNTER} has no summary; the scan did not end",
            )
        )
    warnings = sum("] Warning:" in line for line in text.splitlines()) or int(suspect[-1] if suspect else 0)
    return RootkitScan("rkhunter", max(map(changed, seen)), int(possible[-1]), warnings)


@reads(
    File(CHKROOTKIT, max_bytes=8 << 20), Stat((CHKROOTKIT,)), root=True,
    absent=never("chkrootkit", CHKROOTKIT),
)  # fmt: skip
def chkrootkit(text: str, seen: tuple[FileStat, ...]) -> RootkitScan:
    results = [line for line in text.splitlines() if re.match(r"(Checking|Searching for) .*\.\.\.", line)]
    if not results:
        raise Missing(Text(f"{CHKROOTKIT} tidak memuat hasil chkrootkit", f"{CHKROOTKIT} has no results of chkrootkit"))
    infected = sum(bool(re.search(r"\bINFECTED\b|\bVulnerable\b", line)) for line in text.splitlines())
    warnings = sum(line.rstrip().endswith("WARNING") for line in results)
    return RootkitScan("chkrootkit", max(map(changed, seen)), infected, warnings)
