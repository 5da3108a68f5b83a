"""When files were changed, as aware datetimes: shared by the facts that tell the age of a log, database or baseline."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from checks.fact import Missing
from checks.source import FileStat
from checks.text import Text


def changed(file: FileStat) -> datetime:
    """The last change of `file`. Raises Missing where the file system gives a date that is none."""
    try:
        return datetime.fromtimestamp(file.modified, UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise Missing(
            Text(f"{file.path} bertanggal mustahil: {error}", f"{file.path} has an impossible date: {error}")
        ) from error


def newest(files: Iterable[FileStat]) -> datetime | None:
    """The last change of the file that changed last; None where there is no file."""
    return max(map(changed, files), default=None)


def oldest(files: Iterable[FileStat]) -> datetime | None:
    """The last change of the file that has not changed for longest; None where there is no file."""
    return min(map(changed, files), default=None)
