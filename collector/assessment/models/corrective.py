"""Corrective actions of internal assessments (standard q): Belum, Proses, Sudah, and the assessor's approval.

Law: whoever is responsible (PIC) or said that an action is done does not approve it.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from checks.facts.corrective_actions import Progress
from collector.assessment.models.base import AppendedMixin
from collector.assessment.models.standing import LETTER_CHOICES
from collector.registry.models import OfProviderQuerySet

PROGRESS = [(one.value, one.label.id) for one in Progress]


class CorrectiveAction(models.Model):
    """One action on one finding of an assessment, as the form of standard 17 has it. `number` is the finding's, of the provider.

    `responsible` is the PIC's name. `withdrawn`: entered by mistake; it stays, and counts no more.
    """

    provider = models.ForeignKey("registry.Provider", on_delete=models.PROTECT, related_name="corrective_actions")
    letter = models.CharField(max_length=1, choices=LETTER_CHOICES)
    criterion = models.CharField(max_length=300, blank=True)
    number = models.CharField(max_length=60)
    description = models.CharField(max_length=300)
    priority = models.CharField(max_length=60, blank=True)
    target = models.DateField()
    responsible = models.CharField(max_length=120)
    assessor = models.CharField(max_length=120, blank=True)
    status = models.CharField(max_length=6, choices=PROGRESS, default=Progress.PENDING.value)
    action = models.CharField(max_length=300, blank=True)
    acted_on = models.DateField(null=True)
    done_by = models.ForeignKey("accounts.Account", null=True, on_delete=models.PROTECT, related_name="+")
    approved_by = models.ForeignKey("accounts.Account", null=True, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True)
    withdrawn = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=0)

    objects = OfProviderQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["target", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["provider", "letter", "number"],
                condition=models.Q(withdrawn=False),
                name="one_action_per_finding",
            ),
            models.CheckConstraint(
                name="corrective_approved_by_another",
                condition=models.Q(approved_by__isnull=True) | ~models.Q(approved_by=models.F("done_by")),
            ),
        ]


class OfActionQuerySet(OfProviderQuerySet["CorrectiveTransition"]):
    """Rows of a corrective action."""

    path = "corrective__provider"


class CorrectiveTransition(AppendedMixin):
    """One act on a corrective action."""

    corrective = models.ForeignKey(CorrectiveAction, on_delete=models.PROTECT, related_name="transitions")
    at = models.DateTimeField()
    account = models.ForeignKey("accounts.Account", on_delete=models.PROTECT, related_name="+")
    act = models.CharField(max_length=12)
    reason = models.TextField(blank=True)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    version = models.PositiveIntegerField()

    objects = OfActionQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["corrective", "version"], name="one_act_per_version_of_a_corrective")
        ]
