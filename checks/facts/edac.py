"""Memory errors that the memory controllers corrected, or could not (EDAC)."""

from __future__ import annotations

from checks.fact import Absent, Fact, Missing, reads
from checks.source import FileText, Glob
from checks.text import Text

MC = "/sys/devices/system/edac/mc/mc*"


class MemoryErrors(Fact, frozen=True):
    """Errors over all controllers since their driver was loaded `days` ago. Absent: no controller that counts (no ECC)."""

    controllers: int
    corrected: int
    uncorrected: int
    days: float


@reads(Glob(f"{MC}/ce_count"), Glob(f"{MC}/ue_count"), Glob(f"{MC}/seconds_since_reset"))
def memory_errors(
    corrected: tuple[FileText, ...], uncorrected: tuple[FileText, ...], seconds: tuple[FileText, ...]
) -> MemoryErrors:
    if not corrected and not uncorrected:
        raise Absent(
            Text(
                "tidak ada pengendali memori yang menghitung galat di sini (tanpa memori ECC, atau mesin virtual)",
                "no memory controller counts errors here (no ECC memory, or a virtual machine)",
            )
        )
    if len(corrected) != len(uncorrected):
        raise Missing(
            Text(
                "sebagian pengendali memori tidak menyatakan jumlah galatnya",
                "some memory controllers do not say how many errors they saw",
            )
        )
    since = [_count(file) for file in seconds]
    return MemoryErrors(
        len(corrected),
        sum(map(_count, corrected)),
        sum(map(_count, uncorrected)),
        round(max(since, default=0) / 86400, 3),
    )


def _count(file: FileText) -> int:
    text = file.text.strip()
    if not (text.isdecimal() and text.isascii() and len(text) < 20):
        raise Missing(Text(f"{file.path} bukan angka", f"{file.path} is no number"))
    return int(text)
