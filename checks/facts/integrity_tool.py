"""File integrity tools (AIDE and its peers): is one installed, has it a baseline, when did it last report?"""

from __future__ import annotations

from datetime import datetime

from checks.fact import Absent, Fact, reads
from checks.facts.file_dates import changed, newest
from checks.source import FileStat, Stat
from checks.text import Text

PROGRAMS = {
    "/usr/bin/aide": "AIDE",
    "/usr/sbin/aide": "AIDE",
    "/usr/sbin/tripwire": "Tripwire",
    "/usr/sbin/samhain": "Samhain",
    "/var/ossec/bin/wazuh-syscheckd": "Wazuh",
    "/var/ossec/bin/ossec-syscheckd": "OSSEC",
}
# Patterns, not plain paths: a folder that may not be listed must be Missing, never "no baseline".
BASELINES = {
    "AIDE": ("/var/lib/aide/aide.db", "/var/lib/aide/aide.db.gz"),
    "Tripwire": ("/var/lib/tripwire/",),
    "Samhain": ("/var/lib/samhain/",),
    "Wazuh": ("/var/ossec/queue/fim/db/fim.db",),
    "OSSEC": ("/var/ossec/queue/syscheck/",),
}


class IntegrityTool(Fact, frozen=True):
    """The file integrity tool, and when its baseline was made; None: it has none. Absent: no such tool is installed."""

    name: str
    baseline: datetime | None = None


class IntegrityRun(Fact, frozen=True):
    """When the integrity tool last wrote its report. Absent: no tool, or it never reported."""

    at: datetime


@reads(
    Stat((
        "/etc/passwd",  # so that "none" is an answer and not an absence
        *PROGRAMS, "/var/lib/aide/aide.db*", "/var/lib/tripwire/*.twd", "/var/lib/samhain/samhain_file*",
        "/var/ossec/queue/fim/db/fim.d*", "/var/ossec/queue/syscheck/*",
    )),
    root=True,
)  # fmt: skip
def integrity_tool(seen: tuple[FileStat, ...]) -> IntegrityTool:
    names = [PROGRAMS[one.path] for one in seen if one.path in PROGRAMS]
    if not names:
        raise Absent(
            Text(
                "tidak ada alat integritas berkas yang terpasang (AIDE, Tripwire, Samhain, Wazuh)",
                "no file integrity tool is installed (AIDE, Tripwire, Samhain, Wazuh)",
            )
        )
    made = {
        name: [one for one in seen if one.kind == "file" and one.size > 0 and _is_baseline(one.path, BASELINES[name])]
        for name in names
    }
    with_baseline = [name for name in names if made[name]]
    if not with_baseline:
        return IntegrityTool(names[0])
    return IntegrityTool(with_baseline[0], newest(made[with_baseline[0]]))


@reads(
    Stat((
        "/var/log/aide/*", "/var/log/aide.log", "/var/lib/aide/aide-report*", "/var/lib/tripwire/report/*.twr",
        "/var/log/samhain*", "/var/ossec/queue/fim/db/fim.d*",
    )),
    root=True, given=IntegrityTool,
    absent=Text("alat integritas belum menulis laporan", "the integrity tool has not written a report yet"),
)  # fmt: skip
def integrity_run(seen: tuple[FileStat, ...]) -> IntegrityRun:
    files = [one for one in seen if one.kind == "file" and one.size > 0]
    if not files:
        raise Absent(Text("alat integritas belum menulis laporan", "the integrity tool has not written a report yet"))
    return IntegrityRun(max(map(changed, files)))


def _is_baseline(path: str, where: tuple[str, ...]) -> bool:
    return any(path == one or (one.endswith("/") and path.startswith(one)) for one in where)
