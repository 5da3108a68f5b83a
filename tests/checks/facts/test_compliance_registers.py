from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from checks.facts.compliance_registers import Agreement, DataLocation, Located, Rule, SecurityTest, SecurityTestKind
from checks.register import RowError, read_csv

WIB = ZoneInfo("Asia/Jakarta")


def test_spreadsheets_of_the_four_registers_are_read() -> None:
    (rule,) = read_csv(Rule, "number,title,kind,valid_from\n188/12,Tim LPSE,Surat keputusan,02/01/2026\n", WIB)
    assert (str(rule.valid_from), rule.valid_until, rule.replaced_by) == ("2026-01-02", None, "")
    (sla,) = read_csv(
        Agreement, 'number,valid_from,valid_until,availability\nSLA-1,2026-01-01,2026-12-31,"99,5"\n', WIB
    )
    assert (sla.availability, sla.signed, sla.instance) == (99.5, None, "")
    (place,) = read_csv(DataLocation, "what,name,place,country\nCadangan,nas01,Dinas Kominfo Batam,ID\n", WIB)
    assert place.what is Located.BACKUP
    (test,) = read_csv(SecurityTest, "held,kind,scope,tester,serious\n1/10/2026,pentest,SPSE,BSSN,0\n", WIB)
    assert (test.kind, test.serious) == (SecurityTestKind.PENTEST, 0)


def test_an_availability_of_more_than_a_hundred_percent_is_refused() -> None:
    with pytest.raises(RowError, match="must be 100 at the most"):
        read_csv(Agreement, "number,valid_from,valid_until,availability\n1,2026-01-01,2026-12-31,995\n", WIB)
