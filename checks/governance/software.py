"""Software (standard p): nothing in use that its makers have given up."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from checks.check import DAY, HIGH, INTEGRITY, check
from checks.fact import Missing
from checks.facts.java_runtime import JavaRuntime
from checks.facts.os_release import OsRelease
from checks.facts.postgres_majors import PostgresMajors
from checks.facts.web_software import WebPart, WebSoftware
from checks.governance.lifecycles import AS_OF, MENDED_UNTIL
from checks.security.java import end_of_life as end_of_java
from checks.security.operating_system import end_of_support
from checks.security.postgres_version import END_OF_LIFE
from checks.security.releases import SUPPORTED_UNTIL
from checks.text import Text
from checks.verdict import Verdict, judge, unknown, warned

OPEN = date.max  # mended, with no end announced
EXPECTED = Text("masih dirawat pembuatnya", "still mended by its makers")


@check(
    "P-SW-02", severity=HIGH, aspect=INTEGRITY, every=DAY, source="LPSE standard 16 form (Software dan Lisensi); Pantau default",
    title=Text("Semua komponen masih didukung pembuatnya", "Every component is still supported by its makers"),
    why=Text(
        "Komponen usang tidak lagi mendapat perbaikan: celahnya diumumkan, tetapi tidak pernah ditutup.",
        "A component past its end of life is not mended any more: its holes are made public and never closed.",
    ),
    remedy=Text(
        "Catat di register perangkat lunak dan rencanakan penggantinya. Web server dan ModSecurity: pakai paket distribusi "
        "(Debian/Ubuntu: `apt install apache2 libapache2-mod-security2`; EL: `dnf install httpd mod_security`) dan hapus hasil "
        "kompilasi di /usr/local. Sistem operasi, Java, PostgreSQL: lihat K-OS-01, K-APP-07, K-PG-01.",
        "Enter it in the software register and plan its replacement. Web server and ModSecurity: use packages "
        "(Debian/Ubuntu: `apt install apache2 libapache2-mod-security2`; EL: `dnf install httpd mod_security`) and remove what "
        "was compiled into /usr/local. Operating system, Java, PostgreSQL: see K-OS-01, K-APP-07, K-PG-01.",
    ),
)  # fmt: skip
def components_are_supported(
    system: OsRelease,
    java: JavaRuntime | Missing | None,
    database: PostgresMajors | Missing | None,
    web: WebSoftware | Missing | None,
    now: datetime,
    *,
    warn_days: int = 180,
    table_days: int = 400,
    also: tuple[str, ...] = (),
    table_date: str = AS_OF.isoformat(),
) -> Iterator[Verdict]:
    """`also`: further rows "product branch date", such as a contract of extended support gives; with them goes `table_date`,
    the day on which the tables were last compared. When that is more than `table_days` ago nothing can be said to be
    supported still.
    """
    today = now.date()
    compared = date.fromisoformat(table_date)
    old = (today - compared).days > table_days
    ended = end_of_support(system, (*SUPPORTED_UNTIL, *(row for row in also if not row.endswith(" -"))))

    def said(subject: str, name: str, end: date | None) -> Verdict:
        if end is None:
            reason = Text(
                f"{name}: tidak ada dalam tabel masa dukungan", f"{name}: it is not in the table of lifetimes"
            )
            return unknown(reason, subject=subject)
        until = Text("tanpa batas yang diumumkan", "no end announced") if end is OPEN else Text(f"{end}", f"{end}")
        measured = Text(f"{name}, didukung sampai {until.id}", f"{name}, supported until {until.en}")
        if end is OPEN:
            measured = Text(f"{name}, didukung, {until.id}", f"{name}, supported, {until.en}")
        if end < today:
            measured = Text(f"{name}, tidak didukung sejak {end}", f"{name}, unsupported since {end}")
            return judge(False, measured, EXPECTED, subject=subject)
        if old:
            reason = Text(
                f"{name}: tabel masa dukungan bertanggal {compared}, perbarui kebijakan atau agen",
                f"{name}: the table of lifetimes is of {compared}, update the policy or the agent",
            )
            return unknown(reason, subject=subject)
        if end is not OPEN and (end - today).days < warn_days:
            return warned(measured, EXPECTED, subject=subject)
        return judge(True, measured, EXPECTED, subject=subject)

    yield said("os", system.name or f"{system.id} {system.version}", ended)
    for subject, unread in (("java", java), ("postgresql", database), ("web", web)):
        if isinstance(unread, Missing):
            yield unknown(unread.reason, subject=subject)
    if isinstance(java, JavaRuntime):
        yield said("java", f"Java {java.version}", end_of_java(java.feature))
    for major in database.versions if isinstance(database, PostgresMajors) else ():
        branch = major.partition(".")[0]  # 9.0 to 9.6 stand as one row
        yield said("postgresql", f"PostgreSQL {major}", _row("postgresql", branch, (*_postgresql(), *also)))
    for part in web.parts if isinstance(web, WebSoftware) else ():
        name = f"{part.name} {part.version}".strip()
        if not part.version:
            reason = Text(
                f"{name}: dikompilasi sendiri, versinya tidak diketahui", f"{name}: built here, version not known"
            )
            yield unknown(reason, subject=part.product)
        else:
            yield said(part.product, name, ended if part.distribution else _of_branch(part, (*MENDED_UNTIL, *also)))


def _postgresql() -> tuple[str, ...]:
    return tuple(f"postgresql {row}" for row in END_OF_LIFE)


def _of_branch(part: WebPart, rows: tuple[str, ...]) -> date | None:
    return _row(part.product, ".".join(part.version.split(".")[:2]), rows)


def _row(product: str, branch: str, rows: tuple[str, ...]) -> date | None:
    """When `branch` of `product` ends by the last row that fits; older than all rows ended with the first of them."""
    known = {row.split()[1]: row.split()[2] for row in rows if row.split()[0] == product}
    if branch in known:
        return OPEN if known[branch] == "-" else date.fromisoformat(known[branch])
    ends = [date.fromisoformat(day) for day in known.values() if day != "-"]
    oldest = min(map(_numbers, known), default=None)
    return min(ends) if oldest is not None and ends and _numbers(branch) < oldest else None


def _numbers(branch: str) -> tuple[int, ...]:
    return tuple(int(number) for number in branch.split("."))
