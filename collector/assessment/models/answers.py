"""What was answered and judged in a round, the files that show it, and the self-assessment as it was submitted.

Laws:
- A file is never deleted: one that was attached by mistake is taken back, and stays.
- A submission is frozen with what the machine saw beside it: both sides look at the same.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from checks.facts.self_assessments import Answer as Scale
from collector.assessment.models.base import AppendedMixin, DraftedQuerySet, OfRoundQuerySet
from collector.assessment.models.standing import Round

SCALE = [(one.value, one.label.id) for one in Scale]


class AnswerQuerySet(DraftedQuerySet["ItemAnswer"]):
    """Answers. Those of the factual assessment are a draft until it is concluded."""

    drafted = models.Q(side="factual")


class FileQuerySet(DraftedQuerySet["EvidenceFile"]):
    """Files. Those of the factual assessment are a draft until it is concluded."""

    path = "provider"
    drafted = models.Q(purpose="factual")


class ItemAnswer(models.Model):
    """An answer to one item, 0 to 3 or n/a: of the provider itself, or of LKPP's assessors."""

    class Side(models.TextChoices):
        """Whose answer it is."""

        SELF = "self", _("Penilaian mandiri")
        FACTUAL = "factual", _("Penilaian faktual")

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="answers")
    side = models.CharField(max_length=7, choices=Side.choices)
    item = models.CharField(max_length=8)
    answer = models.CharField(max_length=3, choices=SCALE)
    note = models.TextField(blank=True)
    answered_by = models.ForeignKey("accounts.Account", on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField()

    objects = AnswerQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["round", "side", "item"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["round", "side", "item"], name="one_answer_per_item")]


class EvidenceFile(models.Model):
    """A file that shows something. `name`: as people call it, tidied. `dated`: the date of the document. `stored`: where it
    lies below the state directory, under a random name. `purpose`: what it was attached to.
    """

    class Purpose(models.TextChoices):
        """What a file was attached to."""

        SELF = "self", _("Penilaian mandiri")
        FACTUAL = "factual", _("Penilaian faktual")
        FOLLOW_UP = "follow_up", _("Tindak lanjut")

    provider = models.ForeignKey("registry.Provider", on_delete=models.PROTECT, related_name="evidence_files")
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="files")
    purpose = models.CharField(max_length=9, choices=Purpose.choices)
    item = models.CharField(max_length=8, blank=True)
    recommendation = models.ForeignKey(
        "assessment.Recommendation", null=True, on_delete=models.PROTECT, related_name="files"
    )
    name = models.CharField(max_length=160)
    dated = models.DateField()
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    media_type = models.CharField(max_length=80)
    stored = models.CharField(max_length=40, unique=True)
    attached_by = models.ForeignKey("accounts.Account", on_delete=models.PROTECT, related_name="+")
    attached_at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True)
    taken_back_by = models.ForeignKey("accounts.Account", null=True, on_delete=models.PROTECT, related_name="+")

    objects = FileQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [models.Index(fields=["round", "purpose", "item"], name="files_of_an_item")]

    def __str__(self) -> str:
        return self.name


class Submission(AppendedMixin):
    """A self-assessment as it was submitted. `content`: items, answers, files and machine evidence as JSON; `digest`: SHA-256 of
    its canonical JSON; `register_digest`: the ledger's entry that carries the answers.
    """

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="submissions")
    number = models.PositiveIntegerField()
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    register_digest = models.CharField(max_length=64)
    contradicted = models.PositiveIntegerField(default=0)
    submitted_by = models.ForeignKey("accounts.Account", on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField()

    objects = OfRoundQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["round", "number"], name="submissions_are_numbered")]
