"""Units that run the service apart from the UKPBJ (152/2022, KEDUA b and I). Pure.

Law: such a unit was allowed until 31 December 2023. Afterwards it is a warning about what is registered, never a refusal: the
decree names no consequence, and a person looks at it.
"""

from __future__ import annotations

from datetime import date

from checks.text import Text
from collector.admission.words import UnitKind

LAST_DAY = date(2023, 12, 31)


def unit_warning(kind: UnitKind, day: date) -> Text | None:
    """What is to be said on `day` of a unit of this kind; None: nothing."""
    if kind is not UnitKind.SEPARATE:
        return None
    if day <= LAST_DAY:
        return Text(
            "Unit ini terpisah dari UKPBJ; itu berlaku sampai dengan 31 Desember 2023 (152/2022, I).",
            "This unit is separate from the UKPBJ, which is allowed until 31 December 2023 (152/2022, I).",
        )
    return Text(
        "Unit ini tercatat terpisah dari UKPBJ, padahal itu hanya berlaku sampai dengan 31 Desember 2023 (152/2022, I). "
        "Perbaiki datanya, atau tanyakan kapan fungsinya beralih ke UKPBJ.",
        "This unit is registered as separate from the UKPBJ, which was allowed until 31 December 2023 only (152/2022, I). "
        "Correct the record, or ask when the UKPBJ takes the function over.",
    )
