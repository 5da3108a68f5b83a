"""Answers of self-assessments (152/2022, 2.1.e.1), by the items of the standards: entered by people, read by the collector."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, ClassVar

from checks.fact import reads
from checks.register import Choice, Registered, Row, column
from checks.source import Register
from checks.standard import LETTERS
from checks.target import Target
from checks.text import Text


class Answer(Choice):
    """The scale of Indeks KAMI."""

    NOTHING = "0", "Tidak ada", "Nothing"
    PLANNED = "1", "Direncanakan", "Planned"
    PARTLY = "2", "Diterapkan sebagian", "Applied in part"
    WHOLLY = "3", "Diterapkan menyeluruh", "Applied throughout"
    NOT_APPLICABLE = "n/a", "Tidak berlaku", "Not applicable"


class SelfAssessment(Row, frozen=True):
    """The answer to one item, by the standard's letter and the item's number in it."""

    standard: Annotated[str, column("Standar (huruf a-q)", "Standard (letter a-q)")]
    item: Annotated[int, column("Nomor butir", "Number of the item", least=1, most=20)]
    answer: Annotated[Answer, column("Jawaban", "Answer")]
    assessed: Annotated[date, column("Tanggal penilaian", "Assessed on")]
    evidence: Annotated[str, column("Bukti", "Evidence")] = ""

    @property
    def id(self) -> str:
        """The item as the standards call it: "k.2"."""
        return f"{self.standard.strip().casefold()}.{self.item}"


class SelfAssessments(Registered, frozen=True):
    """All answers of one provider, of every year. Absent: none was entered here."""

    about: ClassVar[Target] = Target.PROVIDER
    title: ClassVar[Text] = Text("Penilaian mandiri", "Self-assessments")
    most_rows: ClassVar[int] = 2000

    rows: tuple[SelfAssessment, ...] = ()

    def latest(self, by: date) -> Mapping[str, SelfAssessment]:
        """The last answer to each item that was given on the day `by` or before it. What is dated ahead was not given yet."""
        found: dict[str, SelfAssessment] = {}
        for row in self.rows:
            held = found.get(row.id)
            if row.assessed <= by and (held is None or row.assessed >= held.assessed):
                found[row.id] = row
        return {item: found[item] for item in sorted(found) if item[0] in LETTERS}


@reads(Register("self_assessments", SelfAssessments))
def self_assessments(entered: SelfAssessments) -> SelfAssessments:
    return entered
