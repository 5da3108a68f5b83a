"""SPSE's releases (standard f): upgraded when LKPP asks for it, and then with a form and a backup.

Laws:
- A version that cannot be compared with what is required is unknown: "4.5" says nothing about the patch level.
- Backups that could not be read make only an upgrade unknown that no remembered backup covers.
- While nobody keeps the register, an upgrade with a backup is a WARN: a person matches it with its form.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from checks.check import HIGH, HOUR, INTEGRITY, check
from checks.fact import Missing
from checks.facts.backups import Backups, production
from checks.facts.change_register import ChangeRegister
from checks.facts.spse_instances import SpseInstances
from checks.facts.spse_release import SpseReleases
from checks.facts.spse_version import SpseVersion
from checks.governance.changes import LATE, MATCH, WIB
from checks.text import Text, joined
from checks.verdict import Status, Verdict, judge, not_applicable, unknown, warned

LINE = re.compile(r"(\S{1,60}) (\d{4}-\d\d-\d\d)")
NO_SPSE = Status.NOT_APPLICABLE


@check(
    "F-CHG-03", severity=HIGH, aspect=INTEGRITY, every=HOUR, absent=NO_SPSE,
    source="LPSE standard 6 form; SPSE installation guide (backup before a migration); Pantau default (24 hours)",
    title=Text(
        "Pembaruan SPSE disertai persetujuan dan cadangan", "Upgrades of SPSE have an approval and a backup from before"
    ),
    why=Text(
        "Migrasi SPSE mengubah skema basis data dan tidak dapat dibatalkan; tanpa cadangan dari sebelumnya, pembaruan yang "
        "gagal menghilangkan data tender.",
        "A migration of SPSE changes the database's schema and cannot be undone; without a backup from before, an upgrade "
        "that fails loses tender data.",
    ),
    remedy=Text(
        f"{MATCH.id} Sebelum pembaruan berikutnya: `pg_dump -Fc -f /var/backups/BASISDATA-$(date +%F).dump BASISDATA`.",
        f"{MATCH.en} Before the next upgrade: `pg_dump -Fc -f /var/backups/DATABASE-$(date +%F).dump DATABASE`.",
    ),
)  # fmt: skip
def upgrade_is_approved(
    spse: SpseVersion,
    backups: Backups | Missing | None,
    approved: ChangeRegister | None,
    now: datetime,
    *,
    hours: int = 24,
) -> Verdict:
    expected = Text(
        f"formulir yang disetujui, dan cadangan paling lama {hours} jam sebelum pembaruan",
        f"an approved form, and a backup at most {hours} hours before the upgrade",
    )
    said = ", ".join(sorted(set(spse.versions)))
    if spse.watched is None or (spse.change is None and now - spse.watched < timedelta(days=1)):
        return unknown(
            Text(f"SPSE {said}; versinya belum diamati satu hari", f"SPSE {said}; not yet watched for a day")
        )
    if spse.change is None:
        since = f"{spse.watched:%Y-%m-%d}"
        return judge(
            True, Text(f"SPSE {said}, tidak berubah sejak {since}", f"SPSE {said}, unchanged since {since}"), expected
        )
    until, since_ = spse.change.until, spse.change.since or now
    made = [dump for dump in (spse.change.dump, *_dumps(backups, since_)) if dump is not None]
    dump = max(made, default=None)
    when = f"{until:%Y-%m-%d %H:%M} - {since_:%Y-%m-%d %H:%M} UTC"
    told = Text(f"SPSE menjadi {said} ({when}); cadangan ", f"SPSE became {said} ({when}); backup ")
    backed_up = dump is not None and dump >= until - timedelta(hours=hours)
    told = (
        Text(f"{told.id}{dump:%Y-%m-%d %H:%M} UTC", f"{told.en}{dump:%Y-%m-%d %H:%M} UTC")
        if dump is not None
        else Text(f"{told.id}tidak ada", f"{told.en}none")
    )
    if not backed_up and isinstance(backups, Missing):
        return unknown(joined((told, backups.reason)))
    if not backed_up:
        return judge(False, told, expected)
    if approved is None:
        return warned(told, expected)
    form = next((one.number for one in approved.rows if one.opens <= since_ and until <= one.closes + LATE), "")
    if not form:
        return judge(False, Text(f"{told.id}; tanpa persetujuan", f"{told.en}; without an approval"), expected)
    return judge(True, Text(f"{told.id}; formulir {form}", f"{told.en}; form {form}"), expected)


def _dumps(backups: Backups | Missing | None, before: datetime) -> list[datetime]:
    """The newest dumps that lie there now and were made before that moment."""
    newest = [one.newest for one in production(backups.database)] if isinstance(backups, Backups) else []
    return [datetime.fromtimestamp(made, WIB) for made in newest if 0 < made <= before.timestamp()]


@check(
    "F-CHG-05", severity=HIGH, aspect=INTEGRITY, every=6 * HOUR, absent=NO_SPSE, source="Pantau default (14 days)",
    title=Text("SPSE memakai rilis yang diwajibkan LKPP", "SPSE runs the release that LKPP requires"),
    why=Text(
        "Rilis wajib menutup celah keamanan dan mengikuti perubahan aturan pengadaan; yang tertinggal menerima penawaran "
        "dengan celah yang sudah diketahui umum.",
        "A required release closes holes and follows changes of procurement rules; whoever lags takes bids with holes that "
        "everyone knows.",
    ),
    remedy=Text(
        "Ambil rilis dari LKPP, buat cadangan (`pg_dump -Fc -f CADANGAN BASISDATA`), pasang di luar jam layanan dengan "
        "`./spse4 stop`, `./spse4 migration`, `./spse4 start` sebagai akun aplikasi, dan catat di register perubahan.",
        "Get the release from LKPP, make a backup (`pg_dump -Fc -f BACKUP DATABASE`), install it outside service hours with "
        "`./spse4 stop`, `./spse4 migration`, `./spse4 start` as the application's account, and enter it in the register of "
        "changes.",
    ),
)  # fmt: skip
def required_release(
    spse: SpseInstances, releases: SpseReleases, now: datetime, *, required: tuple[str, ...] = (), days: int = 14
) -> Iterator[Verdict]:
    """`required`: lines such as "4.5.20240301 2024-03-15": a release, and the date from which LKPP requires it."""
    if not required:
        yield not_applicable(
            Text(
                "LKPP belum menetapkan rilis wajib dalam kebijakan (F-CHG-05, required)",
                "LKPP has named no required release in the policy (F-CHG-05, required)",
            )
        )
        return
    try:
        dated = sorted((_dated(line) for line in required), key=lambda one: one[1])
    except ValueError as error:
        yield unknown(Text(f"baris kebijakan salah: {error}", f"wrong line in the policy: {error}"))
        return
    names = [one.name for one in spse.instances]
    if len(names) != len(releases.versions):
        yield unknown(Text("Jumlah instans berubah ketika diperiksa", "The number of instances changed meanwhile"))
        return
    today = now.astimezone(WIB).date()
    for name, version in zip(names, releases.versions, strict=True):
        yield _compared(name, version, [(release, day) for release, day in dated if day <= today], today, days)


def _compared(name: str, version: str, required: list[tuple[str, date]], today: date, days: int) -> Verdict:
    if not required:
        return not_applicable(Text("belum ada rilis yang wajib hari ini", "no release is required yet"), subject=name)
    if not version:
        return unknown(Text("SPSE tidak menyebut versinya", "SPSE does not say its version"), subject=name)
    release, day = max(required, key=lambda one: one[1])
    expected = Text(f">= {release} (wajib sejak {day})", f">= {release} (required since {day})")
    orders = [(_order(version, one), one_day) for one, one_day in required]
    if any(order is None for order, _ in orders):
        reason = Text(
            f"versi {version} tidak dapat dibandingkan dengan {release}",
            f"version {version} cannot be compared with {release}",
        )
        return unknown(reason, subject=name)
    behind = [one_day for order, one_day in orders if order is not None and order < 0]
    if not behind:
        return judge(True, version, expected, subject=name, value=0)
    late = (today - min(behind)).days
    measured = Text(f"{version}, tertinggal {late} hari", f"{version}, {late} days behind")
    if late <= days:
        return warned(measured, expected, subject=name, value=late)
    return judge(False, measured, expected, subject=name, value=late)


def _dated(line: str) -> tuple[str, date]:
    match = LINE.fullmatch(line.strip())
    if match is None or not re.search(r"\d", match[1]):
        raise ValueError(repr(line[:80]))
    try:
        return match[1], date.fromisoformat(match[2])
    except ValueError as error:
        raise ValueError(repr(line[:80])) from error


def _order(version: str, release: str) -> int | None:
    """-1, 0 or 1 as `version` is older than, as old as or newer than `release`; None where it does not say enough."""
    ours, theirs = ([int(part) for part in re.findall(r"\d+", one)] for one in (version, release))
    if not ours:
        return None
    if ours != theirs[: len(ours)]:
        return 1 if ours > theirs else -1
    return 0 if ours == theirs else None
