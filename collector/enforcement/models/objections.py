"""Objections to acts, and what was examined and clarified."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from collector.enforcement import objection
from collector.enforcement.models.ladder import OfActionQuerySet
from collector.registry.models import OfProviderQuerySet

if TYPE_CHECKING:
    from collector.accounts.models import Account


class Objection(models.Model):
    """One objection. `window_ended_at`: the end of the window as it was known when it was filed.

    `opened_at` to `ended_at`: while LKPP had to decide it. A proposed outcome is LKPP's own until it is decided.
    """

    class Stage(models.TextChoices):
        """Where it stands."""

        LATE = objection.Stage.LATE.value, _("Terlambat, menunggu putusan petugas")
        FILED = objection.Stage.FILED.value, _("Diajukan")
        EXAMINED = objection.Stage.EXAMINED.value, _("Diperiksa/diklarifikasi")
        OUTCOME_PROPOSED = objection.Stage.OUTCOME_PROPOSED.value, _("Hasil diusulkan")
        DECIDED = objection.Stage.DECIDED.value, _("Diputus")
        LEFT = objection.Stage.LEFT.value, _("Tidak diterima karena terlambat")
        TAKEN_BACK = objection.Stage.TAKEN_BACK.value, _("Ditarik kembali")

    class Outcome(models.TextChoices):
        """What became of the act."""

        UPHELD = objection.Outcome.UPHELD.value, _("Tindakan dipertahankan")
        CHANGED = objection.Outcome.CHANGED.value, _("Tindakan diubah")
        WITHDRAWN = objection.Outcome.WITHDRAWN.value, _("Tindakan dicabut")

    action = models.ForeignKey("enforcement.Action", on_delete=models.PROTECT, related_name="objections")
    stage = models.CharField(max_length=16, choices=Stage.choices)
    late = models.BooleanField()
    window_ended_at = models.DateTimeField(null=True)
    text = models.TextField()
    letter = models.JSONField()
    evidence = models.JSONField()
    filed_by = models.ForeignKey("accounts.Account", on_delete=models.PROTECT, related_name="+")
    filed_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=9, choices=Outcome.choices, blank=True)
    drop = models.JSONField(default=list)  # keys of non-conformities the act shall no longer be about
    more_days = models.PositiveIntegerField(default=0)
    proposed_by = models.ForeignKey("accounts.Account", null=True, on_delete=models.PROTECT, related_name="+")
    decided_by = models.ForeignKey("accounts.Account", null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=0)

    objects = OfActionQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(
                fields=["action"],
                condition=~models.Q(stage__in=[objection.Stage.LEFT.value, objection.Stage.TAKEN_BACK.value]),
                name="one_objection_to_an_act",
            ),
            models.CheckConstraint(
                name="objection_decided_by_another",
                condition=models.Q(decided_by__isnull=True) | ~models.Q(decided_by=models.F("proposed_by")),
            ),
        )

    def __str__(self) -> str:
        return f"Keberatan {self.pk}"


class ExaminationQuerySet(OfProviderQuerySet["Examination"]):
    """Examinations and clarifications."""

    path = "objection__action__case__provider"

    def visible_to(self, account: Account) -> Self:
        """A provider's people see what was clarified with it, and all when the objection is decided."""
        rows = super().visible_to(account)
        if account.sees_all:
            return rows
        return rows.filter(models.Q(party="") | models.Q(objection__decided_at__isnull=False))


class Examination(models.Model):
    """One examination or clarification. `party` names another party than the provider; "" is the provider."""

    class Kind(models.TextChoices):
        """Which of the two."""

        EXAMINATION = "examination", _("Pemeriksaan")
        CLARIFICATION = "clarification", _("Klarifikasi")

    objection = models.ForeignKey(Objection, on_delete=models.PROTECT, related_name="examinations")
    kind = models.CharField(max_length=13, choices=Kind.choices)
    party = models.CharField(max_length=200, blank=True)
    text = models.TextField()
    files = models.JSONField(default=list)
    by = models.ForeignKey("accounts.Account", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = ExaminationQuerySet.as_manager()

    class Meta:
        ordering = ("id",)
