"""The last report of Lynis: its hardening index. Only the index is read; what Lynis suggests is the administrator's to read.

Law: a scan that was cut short, or of some tests only, gives another index and is Missing.
"""

from __future__ import annotations

import math
import re
from datetime import datetime

from checks.fact import Absent, Fact, Missing, reads
from checks.facts.file_dates import changed
from checks.source import File, FileStat, History, Samples, Stat
from checks.text import Text

REPORT = "/var/log/lynis-report.dat"
FEWEST = 100  # tests of a whole scan: some 200 to 300
LINE = re.compile(r"(\w+)=(.*)")
NEVER = Text(f"Lynis belum pernah dijalankan di sini ({REPORT})", f"Lynis was never run here ({REPORT})")


class LynisReport(Fact, frozen=True):
    """The hardening index (0 to 100) of the last whole scan, when it ended, and how many tests it made.

    `best`: the highest index that the agent remembers of the last 180 days; None where it remembers none. Absent: Lynis was
    never run.
    """

    index: int
    at: datetime
    tests: int
    best: int | None = None


def _index(report: LynisReport) -> dict[str, float]:
    return {"": report.index}


@reads(
    File(REPORT), Stat((REPORT,)), History(LynisReport, "index", _index, days=180.0, needs=0.0, step=86400),
    root=True, absent=NEVER,
)  # fmt: skip
def lynis_report(text: str, found: tuple[FileStat, ...], remembered: tuple[Samples, ...]) -> LynisReport:
    seen = [value for one in remembered for _, value in one.points if math.isfinite(value) and 0 <= value <= 100]
    return _report(text, found, round(max(seen)) if seen else None)


@reads(File(REPORT), Stat((REPORT,)), root=True, absent=NEVER)
def lynis_report_alone(text: str, found: tuple[FileStat, ...]) -> LynisReport:
    return _report(text, found, None)


def _report(text: str, found: tuple[FileStat, ...], best: int | None) -> LynisReport:
    files = [one for one in found if one.kind == "file"]
    if not files:
        raise Absent(NEVER)
    said = {match[1]: match[2].strip() for line in text.splitlines() if (match := LINE.fullmatch(line))}
    index, tests = said.get("hardening_index", ""), said.get("lynis_tests_done", "")
    if said.get("finish") != "true" or not re.fullmatch(r"\d{1,2}|100", index) or not re.fullmatch(r"\d{1,4}", tests):
        raise Missing(
            Text(
                f"{REPORT} tidak selesai ditulis: jalankan `lynis audit system` sampai tuntas",
                f"{REPORT} was not finished: let `lynis audit system` run to its end",
            )
        )
    if int(tests) < FEWEST or {said.get("test_category", "all"), said.get("test_group", "all")} != {"all"}:
        raise Missing(
            Text(
                f"Lynis terakhir hanya menjalankan sebagian uji ({tests})",
                f"Lynis last ran only some of its tests ({tests})",
            )
        )
    return LynisReport(int(index), changed(files[0]), int(tests), best)
