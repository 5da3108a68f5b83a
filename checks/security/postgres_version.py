"""The version of PostgreSQL (standard k)."""

from __future__ import annotations

from datetime import date, datetime

from checks.check import DAY, HIGH, INTEGRITY, check
from checks.facts.postgres_settings import PgSettings
from checks.text import Text
from checks.verdict import Status, Verdict, judge, unknown, warned

# "major date": the day of the last release of that major version (postgresql.org, Versioning Policy).
END_OF_LIFE = (
    "9 2021-11-11", "10 2022-11-10", "11 2023-11-09", "12 2024-11-21", "13 2025-11-13", "14 2026-11-12",
    "15 2027-11-11", "16 2028-11-09", "17 2029-11-08", "18 2030-11-14",
)  # fmt: skip
# "date version ...": minor releases come together, quarterly, and sometimes in between (postgresql.org, news). 18.5 was
# withdrawn. Of November 2026 only 15.20 was seen (Debian's security archive); the others are the next in their rows.
MINOR_RELEASES = (
    "2025-08-14 17.6 16.10 15.14 14.19 13.22",
    "2025-11-13 18.1 17.7 16.11 15.15 14.20 13.23",
    "2026-02-12 18.2 17.8 16.12 15.16 14.21",
    "2026-02-26 18.3 17.9 16.13 15.17 14.22",
    "2026-05-14 18.4 17.10 16.14 15.18 14.23",
    "2026-08-13 18.6 17.11 16.15 15.19 14.24",
    "2026-11-12 18.7 17.12 16.16 15.20 14.25",
)


@check(
    "K-PG-01", severity=HIGH, aspect=INTEGRITY, every=DAY, absent=Status.NOT_APPLICABLE,
    source="CIS PostgreSQL 16 1.0.0 1.4; Pantau default (90 days)",
    title=Text("Versi PostgreSQL didukung dan mutakhir", "PostgreSQL is a supported version at its latest minor release"),
    why=Text(
        "Versi yang sudah habis masa dukungannya tidak lagi mendapat perbaikan keamanan, dan celah yang ditutup oleh rilis "
        "minor diumumkan secara terbuka. Rilis minor dapat dipasang tanpa mengubah data.",
        "A version past its end of life gets no security fixes, and the holes that a minor release closes are public "
        "knowledge. A minor release is installed without touching the data.",
    ),
    remedy=Text(
        "Rilis minor: `apt-get update && apt-get install --only-upgrade 'postgresql-[0-9]*'` (Debian/Ubuntu) atau "
        "`dnf upgrade 'postgresql*'` (EL), lalu `systemctl restart postgresql` di luar jam layanan. Versi mayor: cadangkan, "
        "uji di server latihan, lalu `pg_upgradecluster` (Debian/Ubuntu) atau `pg_upgrade` (EL).",
        "Minor release: `apt-get update && apt-get install --only-upgrade 'postgresql-[0-9]*'` (Debian/Ubuntu) or "
        "`dnf upgrade 'postgresql*'` (EL), then `systemctl restart postgresql` outside service hours. Major version: back "
        "up, try it on the training server, then `pg_upgradecluster` (Debian/Ubuntu) or `pg_upgrade` (EL).",
    ),
)  # fmt: skip
def version(
    settings: PgSettings, now: datetime, *, oldest: int = 11, behind_days: int = 90, warn_days: int = 180,
    table_days: int = 200, end_of_life: tuple[str, ...] = END_OF_LIFE,
    minor_releases: tuple[str, ...] = MINOR_RELEASES,
) -> Verdict:  # fmt: skip
    """`table_days`: when the newest row of `minor_releases` is older, nobody can say what the latest release is."""
    number = int(settings.options["server_version_num"])
    major, minor = divmod(number, 10000)
    today = now.date()
    name = f"{major}.{minor}" if major >= 10 else f"{major}.{minor // 100}"
    ends = {int(row.split()[0]): date.fromisoformat(row.split()[1]) for row in end_of_life}
    expected = Text(
        f"versi >= {oldest} yang masih didukung, rilis minor tertinggal paling lama {behind_days} hari",
        f"a supported version >= {oldest}, at most {behind_days} days behind its minor releases",
    )
    end = ends.get(major)
    if end is None and major < max(ends):
        end = min(ends.values())
    if end is None:
        return unknown(
            Text(f"PostgreSQL {name} belum ada dalam tabel rilis", f"PostgreSQL {name} is not in the table of releases")
        )
    if today > end or major < oldest:
        measured = Text(f"PostgreSQL {name}, dukungan berakhir {end}", f"PostgreSQL {name}, end of life {end}")
        return judge(False, measured, expected)
    newer = sorted(_newer(minor_releases, major, minor, today))
    behind = (today - newer[0][0]).days if newer else 0
    if behind > behind_days:
        measured = Text(
            f"PostgreSQL {name}, tertinggal setidaknya {behind} hari; terbaru {major}.{newer[-1][1]}",
            f"PostgreSQL {name}, at least {behind} days behind; the latest is {major}.{newer[-1][1]}",
        )
        return judge(False, measured, expected, value=behind)
    newest = max(date.fromisoformat(row.split()[0]) for row in minor_releases)
    if (today - newest).days > table_days:
        return unknown(
            Text(
                f"PostgreSQL {name}; tabel rilis hanya sampai {newest}, perbarui kebijakan atau agen",
                f"PostgreSQL {name}; the table of releases ends at {newest}, update the policy or the agent",
            )
        )
    if newer:
        measured = Text(
            f"PostgreSQL {name}; {major}.{newer[-1][1]} sudah tersedia",
            f"PostgreSQL {name}; {major}.{newer[-1][1]} is out",
        )
        return warned(measured, expected, value=behind)
    if (end - today).days < warn_days:
        measured = Text(f"PostgreSQL {name}, dukungan berakhir {end}", f"PostgreSQL {name}, end of life {end}")
        return warned(measured, expected, value=behind)
    return judge(True, f"PostgreSQL {name}", expected, value=behind)


def _newer(minor_releases: tuple[str, ...], major: int, minor: int, today: date) -> list[tuple[date, int]]:
    """(date, minor) of the releases of `major` that came after `minor`, and were out by `today`."""
    found = []
    for row in minor_releases:
        day, *versions = row.split()
        for version in versions:
            of, _, number = version.partition(".")
            if int(of) == major and int(number) > minor and date.fromisoformat(day) <= today:
                found.append((date.fromisoformat(day), int(number)))
    return found
