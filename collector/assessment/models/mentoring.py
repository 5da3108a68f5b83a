"""Mentoring and consultation (152/2022, 2.1.d): what was asked for, when it was held, what was said, what follows."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from collector.assessment.mentoring_machine import Stage
from collector.assessment.models.base import AppendedMixin
from collector.registry.models import OfProviderQuerySet


class Mentoring(models.Model):
    """One request and what came of it. `scheduled_for` moves with each new session; sessions are in the transitions."""

    class Kind(models.TextChoices):
        """The two forms of the decree."""

        MENTORING = "mentoring", _("Pendampingan (bimbingan teknis)")
        CONSULTATION = "consultation", _("Konsultasi")

    class Means(models.TextChoices):
        """How a consultation is held."""

        ONLINE = "online", _("Daring")
        OFFLINE = "offline", _("Luring")
        OTHER = "other", _("Bentuk lain")

    provider = models.ForeignKey("registry.Provider", on_delete=models.PROTECT, related_name="mentorings")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    means = models.CharField(max_length=7, choices=Means.choices)
    letters = models.CharField(max_length=17, blank=True)
    subject = models.CharField(max_length=200)
    question = models.TextField()
    stage = models.CharField(max_length=10, choices=[(one.value, one.label.id) for one in Stage])
    requested_by = models.ForeignKey("accounts.Account", on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    scheduled_for = models.DateTimeField(null=True)
    mentor = models.ForeignKey("accounts.Account", null=True, on_delete=models.PROTECT, related_name="+")
    follow_up = models.TextField(blank=True)
    follow_up_due = models.DateField(null=True)
    version = models.PositiveIntegerField(default=0)

    objects = OfProviderQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-requested_at", "-id"]


class OfMentoringQuerySet(OfProviderQuerySet["MentoringTransition"]):
    """Rows of a request."""

    path = "mentoring__provider"


class MentoringTransition(AppendedMixin):
    """One act. `notes`: of the session, the answer, or the reason."""

    mentoring = models.ForeignKey(Mentoring, on_delete=models.PROTECT, related_name="transitions")
    at = models.DateTimeField()
    account = models.ForeignKey("accounts.Account", on_delete=models.PROTECT, related_name="+")
    act = models.CharField(max_length=12)
    notes = models.TextField(blank=True)
    before = models.CharField(max_length=10, blank=True)
    after = models.CharField(max_length=10)
    detail = models.JSONField(default=dict)
    version = models.PositiveIntegerField()

    objects = OfMentoringQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["mentoring", "version"], name="one_act_per_version_of_a_mentoring")
        ]
