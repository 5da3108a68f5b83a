from __future__ import annotations

from datetime import date

from checks.governance.lifecycles import AS_OF, MENDED_UNTIL


def test_rows_of_the_table_are_well_formed() -> None:
    for row in MENDED_UNTIL:
        product, branch, day = row.split()
        assert product in {"apache", "nginx", "haproxy", "modsecurity"}
        assert all(number.isdigit() for number in branch.split("."))
        assert day == "-" or date.fromisoformat(day)
    assert date(2026, 1, 1) < AS_OF
    assert len({tuple(row.split()[:2]) for row in MENDED_UNTIL}) == len(MENDED_UNTIL)
