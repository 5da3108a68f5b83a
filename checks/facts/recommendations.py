"""Recommendations that LKPP gave a provider (152/2022, 2.1.e.3 and 2.2.a): entered by LKPP's officers, read by the collector."""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar

from checks.fact import reads
from checks.register import Registered, Row, column
from checks.source import Register
from checks.target import Target
from checks.text import Text


class Recommendation(Row, frozen=True):
    """One recommendation. The decree sets no time for following it up: no `due` where LKPP set none."""

    number: Annotated[str, column("Nomor surat", "Letter number")]
    standard: Annotated[str, column("Standar", "Standard")]
    given: Annotated[date, column("Tanggal diberikan", "Given")]
    due: Annotated[date | None, column("Tenggat tindak lanjut", "Due")] = None
    followed: Annotated[date | None, column("Tanggal ditindaklanjuti", "Followed up")] = None
    note: Annotated[str, column("Catatan", "Note")] = ""


class Recommendations(Registered, frozen=True):
    """Recommendations to one provider. Absent: LKPP has entered none."""

    about: ClassVar[Target] = Target.PROVIDER
    title: ClassVar[Text] = Text("Rekomendasi LKPP", "Recommendations of LKPP")

    rows: tuple[Recommendation, ...] = ()


@reads(Register("recommendations", Recommendations))
def recommendations(entered: Recommendations) -> Recommendations:
    return entered
