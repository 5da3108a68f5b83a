"""What the address of the overview asks for.

Law: what makes no sense there is as if it were not there; no address is an error.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.http import QueryDict

from checks.check import Severity
from checks.standard import LETTERS, Standing

SEVERITIES = tuple(severity.value for severity in Severity)
STANDINGS = tuple(standing.value for standing in Standing)
SORTS = ("worst", "name", "heard")


@dataclass(frozen=True)
class Filters:
    """What to show, and in which order."""

    q: str = ""
    letter: str = ""
    standing: str = ""
    severity: str = ""
    silent: bool = False
    sort: str = "worst"

    @classmethod
    def read(cls, said: QueryDict) -> Filters:
        """The filters in an address."""

        def one(name: str, allowed: tuple[str, ...], otherwise: str = "") -> str:
            value = said.get(name, "")
            return value if value in allowed else otherwise

        return cls(
            q=said.get("q", "").strip()[:100],
            letter=one("letter", tuple(LETTERS)),
            standing=one("standing", STANDINGS),
            severity=one("severity", SEVERITIES),
            silent=said.get("silent", "") == "1",
            sort=one("sort", SORTS, "worst"),
        )

    @property
    def any(self) -> bool:
        """Is anything left out?"""
        return bool(self.q or self.standing or self.severity or self.silent)
