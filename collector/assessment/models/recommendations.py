"""Recommendations to improve (152/2022, 2.1.e.3), their follow-up by the provider (2.1.e.4), and its re-check by LKPP."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from collector.assessment.models.base import DraftedQuerySet
from collector.assessment.models.standing import Round
from collector.registry.models import OfProviderQuerySet


class RecommendationQuerySet(DraftedQuerySet["Recommendation"]):
    """Recommendations: drafts until the factual assessment is concluded."""


class Recommendation(models.Model):
    """One recommendation in a round. `item` is empty where it is about the whole standard. `due`: LKPP's choice, by
    `due_days` calendar days of the rules from `given_at`, or another day that the assessor named.
    """

    class State(models.TextChoices):
        """How far it is."""

        OPEN = "open", _("Belum ditindaklanjuti")
        WAITING = "waiting", _("Menunggu pemeriksaan ulang")
        ACCEPTED = "accepted", _("Tindak lanjut diterima")

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="recommendations")
    item = models.CharField(max_length=8, blank=True)
    text = models.TextField()
    due = models.DateField()
    due_days = models.PositiveSmallIntegerField(null=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    given_by = models.ForeignKey("accounts.Account", on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField()

    objects = RecommendationQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [models.Index(fields=["state", "due"], name="recommendations_due")]


class OfRecommendationQuerySet(OfProviderQuerySet["FollowUp"]):
    """Rows of a recommendation."""

    path = "recommendation__round__standard__provider"


class FollowUp(models.Model):
    """What the provider did about a recommendation, and what the re-check said of it. A rejected one is followed by another."""

    recommendation = models.ForeignKey(Recommendation, on_delete=models.PROTECT, related_name="follow_ups")
    text = models.TextField()
    followed_by = models.ForeignKey("accounts.Account", on_delete=models.PROTECT, related_name="+")
    followed_at = models.DateTimeField()
    accepted = models.BooleanField(null=True)
    checked_by = models.ForeignKey("accounts.Account", null=True, on_delete=models.PROTECT, related_name="+")
    checked_at = models.DateTimeField(null=True)
    check_reason = models.TextField(blank=True)

    objects = OfRecommendationQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["recommendation"], condition=models.Q(accepted__isnull=True), name="one_follow_up_waits"
            )
        ]
