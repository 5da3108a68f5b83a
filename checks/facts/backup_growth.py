"""How fast backups grow: all copies of databases and documents together, in the usual folders.

Until the agent's own history reaches far enough their dates and sizes tell it: each series grows by what each new copy is
larger than the one before, times the number of copies that are kept.

Law: what dates and sizes tell holds as long as old copies go on being deleted; where nobody deletes any, backups grow faster.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from checks.fact import Fact, Missing, reads
from checks.facts.backups import PLACES, Backups, copies, is_backup
from checks.facts.spse_owners import OWNERS, PASSWD
from checks.source import FileStat, FileText, History, Samples
from checks.text import Text
from checks.trend import Basis, Trend, scaled, trend

FEWEST = 7  # copies of a series
SHARE = 0.5  # of all bytes that must be in series of which growth is known


class BackupGrowth(Fact, frozen=True):
    """Bytes of all copies, and their growth in bytes a day where it is known. Absent: as `Backups`.

    `basis`: the agent's own samples, or dates and sizes of the copies.
    """

    total: int
    growth: Trend | None = None
    basis: Basis = "samples"


def _total(found: BackupGrowth) -> dict[str, float]:
    return {"": found.total}


@reads(PLACES, OWNERS, PASSWD, History(BackupGrowth, "total", _total, days=90.0), root=True, given=Backups)
def with_growth(
    found: tuple[FileStat, ...],
    installed: tuple[FileStat, ...],
    passwd: tuple[FileText, ...],
    remembered: tuple[Samples, ...],
) -> BackupGrowth:
    moving = trend(point for one in remembered for point in one.points)
    if moving is None:
        raise Missing(Text("pertumbuhan cadangan belum diketahui", "the growth of the backups is not known yet"))
    return BackupGrowth(_size(copies(found, installed, passwd, is_backup)), moving)


@reads(PLACES, OWNERS, PASSWD, root=True, given=Backups)
def with_growth_by_dates(
    found: tuple[FileStat, ...], installed: tuple[FileStat, ...], passwd: tuple[FileText, ...]
) -> BackupGrowth:
    series = copies(found, installed, passwd, is_backup)
    total = _size(series)
    moving = kept(series.values(), total)
    return BackupGrowth(total, moving, "backups" if moving else "samples")


def kept(series: Iterable[tuple[tuple[float, float], ...]], total: int) -> Trend | None:
    """Growth of all `series` of copies (seconds, bytes), in bytes a day, while of each so many copies are kept as there are.

    None where of less than half of the `total` bytes it is known.
    """
    known = [(moving, points) for points in series if (moving := trend(points, least=FEWEST)) is not None]
    if not known or sum(size for _, points in known for _, size in points) < SHARE * total:
        return None
    parts = [scaled(moving, len(points)) for moving, points in known]
    return Trend(
        sum(one.slope for one in parts), sum(one.low for one in parts), sum(one.high for one in parts),
        max(one.days for one in parts), sum(one.points for one in parts),
    )  # fmt: skip


def _size(series: Mapping[str, tuple[tuple[float, float], ...]]) -> int:
    size = sum(int(size) for points in series.values() for _, size in points)
    if not size:
        raise Missing(Text("tidak ada salinan yang ukurannya diketahui", "there is no copy of which the size is known"))
    return size
