"""The last restore test: `pantau-agent restore-test` restored a backup into a scratch cluster and kept what came of it.

Laws:
- The record is believed only where nobody but root and the agent's user could have written it.
- It holds names and numbers of tables that are no secret, never a value, and never a sentence of PostgreSQL's.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, TypeAlias

import msgspec

from checks.fact import Fact, Missing, reads
from checks.facts.spse_owners import PASSWD, numbers
from checks.source import File, FileStat, FileText, Stat
from checks.text import Text

FOLDER = "/var/lib/pantau"
RECORD = f"{FOLDER}/restore_test.json"
KEEPER = "pantau"
NEVER = Text("belum pernah ada uji pemulihan di server ini", "no restore test was ever made on this server")

Step: TypeAlias = Literal["", "read", "extensions", "restore", "count"]
Reason: TypeAlias = Literal["", "cut", "not_a_dump", "extension", "no_space", "too_slow", "refused", "stopped", "empty"]
Moment: TypeAlias = Annotated[datetime, msgspec.Meta(tz=True)]
Count: TypeAlias = Annotated[int, msgspec.Meta(ge=0)]
Name: TypeAlias = Annotated[str, msgspec.Meta(max_length=200)]


class RestoredTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One table that was counted after it was restored."""

    name: Name
    rows: Count


class RestoreTest(Fact, frozen=True):
    """What came of the last restore test, which began `at`. Absent: there never was one.

    `backup` is the path of the dump, `taken` when it was written, `size` its bytes, `form` what it is ("custom, gzip").
    `seconds`: from an empty folder to a restored database; what passed until it failed where it did. `server`: the release
    it was restored into. `step` and `reason` are empty where it `passed`; `detail` is the name of a missing extension.
    `tables` of the backup were restored, the largest are in `counted` with their rows, unless they are `secret`.
    `left_out`: statements that only a superuser may make (roles, publications); they hold no data.
    """

    at: Moment
    backup: Name
    taken: Moment
    size: Count
    form: Annotated[str, msgspec.Meta(max_length=40)]
    seconds: Annotated[float, msgspec.Meta(ge=0, le=1e7)]
    passed: bool
    server: Annotated[str, msgspec.Meta(max_length=40)] = ""
    step: Step = ""
    reason: Reason = ""
    detail: Annotated[str, msgspec.Meta(max_length=63)] = ""
    tables: Count = 0
    counted: Annotated[tuple[RestoredTable, ...], msgspec.Meta(max_length=30)] = ()
    secret: Count = 0
    left_out: Count = 0


@reads(File(RECORD, max_bytes=16 << 10), Stat((FOLDER, RECORD)), PASSWD, root=True, absent=NEVER)
def recorded(text: str, stats: tuple[FileStat, ...], passwd: tuple[FileText, ...]) -> RestoreTest:
    keepers = {0, numbers(passwd).get(KEEPER, 0)}
    found = {one.path: one for one in stats}
    _believe(found.get(FOLDER), "directory", 0o022, keepers)
    _believe(found.get(RECORD), "file", 0o077, keepers)
    try:
        test = msgspec.json.decode(text, type=RestoreTest)
    except (msgspec.DecodeError, RecursionError, UnicodeEncodeError) as error:
        raise Missing(
            Text(f"{RECORD} bukan catatan uji pemulihan", f"{RECORD} is no record of a restore test")
        ) from error
    if test.passed is bool(test.step or test.reason) or (test.passed and not test.tables):
        raise Missing(Text(f"{RECORD} bertentangan dengan dirinya", f"{RECORD} contradicts itself"))
    return test


def _believe(stat: FileStat | None, kind: str, closed: int, keepers: set[int]) -> None:
    """Raises Missing where somebody else could have written this."""
    if stat is None or stat.kind != kind or stat.uid not in keepers or stat.mode & closed:
        path = stat.path if stat else RECORD
        how = f"{stat.kind} {stat.mode:04o} uid {stat.uid}" if stat else "?"
        raise Missing(
            Text(
                f"{path} tidak dipercaya ({how}): harus milik root atau {KEEPER} dan tertutup bagi yang lain",
                f"{path} is not believed ({how}): it must belong to root or {KEEPER} and be closed to others",
            )
        )
