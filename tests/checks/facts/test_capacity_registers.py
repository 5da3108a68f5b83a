from __future__ import annotations

from zoneinfo import ZoneInfo

from checks.facts.capacity_registers import CapacityItem, CapacityLimit, CapacityReport
from checks.register import read_csv

WIB = ZoneInfo("Asia/Jakarta")


def test_limits_and_reports_are_read_from_spreadsheets() -> None:
    (limit,) = read_csv(CapacityLimit, "item;what;limit;actual_1\nProsesor;CPU server;80 %;41 %\n", WIB)
    assert (limit.item, limit.limit, limit.actual_1, limit.expected_4) == (CapacityItem.PROCESSOR, "80 %", "41 %", "")
    (report,) = read_csv(CapacityReport, "number,made,until\nLK-3,01/10/2026,30/09/2026\n", WIB)
    assert (str(report.made), str(report.until), report.since) == ("2026-10-01", "2026-09-30", None)
