"""Where each provider stands towards each standard, the rounds of its assessment, and every act that moved it.

Laws:
- `ProviderStandard` is the state of `collector.assessment.standard_machine`; only `collector.assessment.acts` writes it.
- A round keeps the items and the rules under which it was begun: what changes later does not change what it asks.
- Transitions are appended, never changed.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from checks.standard import LETTERS
from collector.assessment.models.base import AppendedMixin, DraftedQuerySet, OfStandardQuerySet, PublicQuerySet
from collector.assessment.standard_words import Act, Certified, Stage
from collector.registry.models import OfProviderQuerySet

LETTER_CHOICES = [(letter, letter) for letter in LETTERS]
STAGES = [(stage.value, stage.label.id) for stage in Stage]


class AssessmentRules(AppendedMixin):
    """What the decree leaves to LKPP about assessment: dated, versioned, shown as "ditetapkan LKPP".

    `follow_up_days`: calendar days for the follow-up of a recommendation. `least_answer`: the factual answer (0 to 3) that meets
    an item. `number_scheme`: see `collector.assessment.certificate_number`.
    """

    version = models.CharField(max_length=40, unique=True)
    in_force_from = models.DateTimeField(unique=True)
    follow_up_days = models.PositiveSmallIntegerField(default=30)
    least_answer = models.PositiveSmallIntegerField(default=2)
    number_scheme = models.CharField(max_length=120, default="{sequence:04d}/SERT-LPSE/{letter}/{month}/{year}")
    note = models.TextField(blank=True)
    set_by = models.ForeignKey("accounts.Account", null=True, on_delete=models.PROTECT, related_name="+")

    objects = PublicQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-in_force_from"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(least_answer__lte=3), name="least_answer_is_an_answer")
        ]


class ProviderStandard(models.Model):
    """One standard of one provider. `round_number`: of the current round, 0 before the first. `version` counts every act."""

    provider = models.ForeignKey("registry.Provider", on_delete=models.PROTECT, related_name="assessed_standards")
    letter = models.CharField(max_length=1, choices=LETTER_CHOICES)
    stage = models.CharField(max_length=12, choices=STAGES, default=Stage.NOT_ASSESSED.value)
    certified = models.CharField(
        max_length=7, choices=[(one.value, one.value) for one in Certified], default=Certified.NONE.value
    )
    round_number = models.PositiveIntegerField(default=0)
    proposer = models.ForeignKey("accounts.Account", null=True, on_delete=models.PROTECT, related_name="+")
    revoked_by = models.CharField(max_length=64, blank=True)
    version = models.PositiveBigIntegerField(default=0)
    changed_at = models.DateTimeField(null=True)

    objects = OfProviderQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["provider", "letter"]
        indexes: ClassVar = [models.Index(fields=["stage", "letter"], name="standard_by_stage")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["provider", "letter"], name="one_standing_per_standard"),
            models.CheckConstraint(
                name="revoked_names_its_action",
                condition=models.Q(certified=Certified.REVOKED.value) & ~models.Q(revoked_by="")
                | ~models.Q(certified=Certified.REVOKED.value) & models.Q(revoked_by=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.provider} · {self.letter}"

    @property
    def stage_word(self) -> Stage:
        """The stage, with its label in both languages."""
        return Stage(self.stage)


class Round(models.Model):
    """One assessment of a standard, from its beginning to its determination (or to the revocation that ends it)."""

    class Mode(models.TextChoices):
        """Where the factual assessment is held."""

        DESK = "desk", _("Pemeriksaan dokumen")
        ON_SITE = "on_site", _("Kunjungan lapangan")

    standard = models.ForeignKey(ProviderStandard, on_delete=models.PROTECT, related_name="rounds")
    number = models.PositiveIntegerField()
    questionnaire = models.CharField(max_length=40)
    rules = models.ForeignKey(AssessmentRules, null=True, on_delete=models.PROTECT, related_name="+")
    again_after_revocation = models.BooleanField(default=False)
    mode = models.CharField(max_length=7, choices=Mode.choices, blank=True)
    begun_at = models.DateTimeField()

    objects = OfStandardQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["standard", "number"], name="rounds_are_numbered")]

    @property
    def least_answer(self) -> int:
        """The factual answer that meets an item, by the rules of this round."""
        return (self.rules or AssessmentRules()).least_answer

    @property
    def follow_up_days(self) -> int:
        """Calendar days for the follow-up of a recommendation, by the rules of this round."""
        return (self.rules or AssessmentRules()).follow_up_days


class TransitionQuerySet(DraftedQuerySet["Transition"]):
    """Acts. What assessors do before they conclude is their draft."""

    path = "standard__provider"
    drafted = models.Q(act__in=[Act.JUDGE.value, Act.RECOMMEND.value])


class Transition(AppendedMixin):
    """One act: who, when, what, why, before, after. `detail`: what was written by it, as JSON."""

    standard = models.ForeignKey(ProviderStandard, on_delete=models.PROTECT, related_name="transitions")
    round = models.ForeignKey(Round, null=True, on_delete=models.PROTECT, related_name="transitions")
    at = models.DateTimeField()
    account = models.ForeignKey("accounts.Account", null=True, on_delete=models.PROTECT, related_name="+")
    act = models.CharField(max_length=12, choices=[(one.value, one.value) for one in Act])
    reason = models.TextField(blank=True)
    stage_before = models.CharField(max_length=12, choices=STAGES)
    stage_after = models.CharField(max_length=12, choices=STAGES)
    certified_before = models.CharField(max_length=7)
    certified_after = models.CharField(max_length=7)
    version = models.PositiveBigIntegerField()
    detail = models.JSONField(default=dict)

    objects = TransitionQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["standard", "version"], name="one_transition_per_version")
        ]


class Done(AppendedMixin):
    """A form that was sent, by the one-time key in it: sent twice (a double click, a back button), it is done once.

    `made`: the key of the row that it made.
    """

    account = models.ForeignKey("accounts.Account", on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=64)
    verb = models.CharField(max_length=40)
    made = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["account", "key"], name="done_once")]
