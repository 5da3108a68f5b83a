"""What the laboratory concludes: is every check seen right on a good host and on a bad one, or is it said why not? Pure.

Laws:
- A check that nothing failed on the bad hosts is not known to work, unless the table says why it cannot be staged.
- On the good host a check passes. Another answer needs a row of the table that names it and gives the reason.
- A row that is no longer needed is an error too: the table only shrinks by being kept honest.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

TABLE = Path(__file__).with_name("exceptions.csv")
PLANTED = Path(__file__).with_name("planted.csv")
BADNESS = ("not_applicable", "pass", "warn", "unknown", "fail")
GOOD, BAD = "good", "bad"


@dataclass(frozen=True)
class Row:
    """One exception: on `host` (good or bad) the check `code` may say one of `says`, for `reason`.

    On bad hosts `says` is empty: it fails on none of them; or "fail": it fails on some runs (shared hardware).
    """

    code: str
    host: str
    says: tuple[str, ...]
    reason: str


@dataclass(frozen=True)
class Conclusion:
    """Codes of checks that are right on either host, rows that explain the others, and what is wrong, in sentences."""

    checks: int
    right_on_good: tuple[str, ...]
    right_on_bad: tuple[str, ...]
    not_staged: tuple[Row, ...]
    false_alarms: tuple[str, ...]
    wrong: tuple[str, ...]


def table(path: Path = TABLE) -> tuple[Row, ...]:
    """The exceptions. Raises ValueError on a row without a reason, on an unknown host or status, and on a double."""
    rows: list[Row] = []
    with path.open(encoding="utf-8", newline="") as text:
        for line in csv.DictReader(text):
            row = Row(line["code"], line["host"], tuple(line["says"].split()), line["reason"])
            if row.host not in {GOOD, BAD} or not row.reason or set(row.says) - set(BADNESS):
                raise ValueError(f"{path.name}: {line}")
            rows.append(row)
    if len({(row.code, row.host) for row in rows}) < len(rows):
        raise ValueError(f"{path.name}: a check has two rows for one host")
    return tuple(rows)


@dataclass(frozen=True)
class Plant:
    """One thing that was put on `host`: the check `code` must fail there, and `measured` (English) must stand in what it says."""

    thing: str
    seen_by: str
    host: str
    code: str
    measured: str


def planted(path: Path = PLANTED) -> tuple[Plant, ...]:
    """All that was planted."""
    with path.open(encoding="utf-8", newline="") as text:
        return tuple(Plant(**line) for line in csv.DictReader(text))


def unseen(plants: Iterable[Plant], said: Mapping[str, Iterable[Mapping[str, object]]]) -> tuple[str, ...]:
    """What was planted and not seen, in sentences. `said`: results by host, `measured` in English."""
    return tuple(
        f"{plant.code}: does not see {plant.thing} on {plant.host} ({plant.measured})"
        for plant in plants
        if not any(
            one["check"] == plant.code and one["status"] == "fail" and plant.measured in str(one["measured"])
            for one in said[plant.host]
        )
    )


def worst(results: Iterable[Mapping[str, object]]) -> dict[str, str]:
    """The worst status of each check, of what `pantau-agent check --json` calls results."""
    found: dict[str, str] = {}
    for one in results:
        code, status = str(one["check"]), str(one["status"])
        if code not in found or BADNESS.index(status) > BADNESS.index(found[code]):
            found[code] = status
    return found


def conclude(
    codes: Sequence[str], good: Mapping[str, str], bad: Sequence[Mapping[str, str]], rows: Sequence[Row]
) -> Conclusion:
    """`good` and each of `bad`: the worst status of each check on one host."""
    on_good = {row.code: row for row in rows if row.host == GOOD}
    on_bad = {row.code: row for row in rows if row.host == BAD}
    wrong = [f"{code}: in the table, but no check of a host" for code in sorted({*on_good, *on_bad} - set(codes))]
    right_on_good, right_on_bad, used = [], [], []
    for code in codes:
        status = good.get(code, "not judged")
        row = on_good.get(code)
        if row is not None and status in row.says:
            used.append(row)
        if status == "pass" or (row is not None and status in row.says and status in {"warn", "not_applicable"}):
            right_on_good.append(code)
        elif row is None or status not in row.says:
            wrong.append(f"{code}: {status} on the good host")
        if row is not None and status == "pass" and "pass" not in row.says:
            wrong.append(f"{code}: passes on the good host; its row for good is no longer needed")
        failed = any(one.get(code) == "fail" for one in bad)
        exception = on_bad.get(code)
        if failed:
            right_on_bad.append(code)
        if failed and exception is not None and "fail" not in exception.says:
            wrong.append(f"{code}: fails on a bad host; its row for bad is no longer needed")
        if not failed and exception is None:
            said = ", ".join(one.get(code, "not judged") for one in bad)
            wrong.append(f"{code}: fails on no bad host ({said})")
        if not failed and exception is not None:
            used.append(exception)
    alarms = [
        code for code in codes if good.get(code) == "fail" and "fail" not in getattr(on_good.get(code), "says", ())
    ]
    return Conclusion(
        len(codes), tuple(right_on_good), tuple(right_on_bad), tuple(used), tuple(alarms), tuple(wrong)
    )  # fmt: skip
