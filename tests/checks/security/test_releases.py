from __future__ import annotations

from datetime import date

from checks.security.releases import SUPPORTED_UNTIL


def test_each_release_stands_once_with_a_real_date() -> None:
    rows = [row.split() for row in SUPPORTED_UNTIL]

    assert len({(distribution, version) for distribution, version, _ in rows}) == len(rows)
    assert all(date.fromisoformat(day) > date(2010, 1, 1) for _, _, day in rows)


def test_a_later_release_of_the_same_distribution_is_never_dropped_first() -> None:
    for name in ("debian", "rhel", "almalinux", "rocky", "ol"):
        ends = [day for distribution, _, day in (row.split() for row in SUPPORTED_UNTIL) if distribution == name]
        assert ends == sorted(ends)
