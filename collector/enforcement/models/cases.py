"""Non-conformities that surveillance found, what was said to them, and the cases they are gathered in."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from collector.enforcement import nonconformity
from collector.registry.models import OfProviderQuerySet


class Case(models.Model):
    """A case of one provider. A reopened one is a new one with `previous`. `version` counts its transitions."""

    class Stage(models.TextChoices):
        """Where it stands."""

        OPEN = "open", _("Terbuka")
        CLOSED = "closed", _("Ditutup")

    provider = models.ForeignKey("registry.Provider", on_delete=models.PROTECT, related_name="cases")
    title = models.CharField(max_length=200)
    stage = models.CharField(max_length=6, choices=Stage.choices, default=Stage.OPEN)
    previous = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="reopened_as")
    opened_by = models.ForeignKey("accounts.Account", on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    closed_by = models.ForeignKey("accounts.Account", null=True, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=0)

    objects = OfProviderQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        indexes = (models.Index(fields=["provider", "stage"], name="case_by_provider"),)

    def __str__(self) -> str:
        return f"{self.title} (kasus {self.pk})"


class NonConformity(models.Model):
    """One non-conformity with one standard. What machines found is copied: findings are built anew, this stays.

    `finding` is the id of the finding it was proposed from, "" for one that a person found; `digest` names the envelope.
    """

    class Stage(models.TextChoices):
        """Where it stands."""

        PROPOSED = nonconformity.Stage.PROPOSED.value, _("Diusulkan")
        CONFIRMED = nonconformity.Stage.CONFIRMED.value, _("Ditetapkan")
        IN_CASE = nonconformity.Stage.IN_CASE.value, _("Dalam kasus")
        CORRECTED = nonconformity.Stage.CORRECTED.value, _("Diperbaiki")
        DISMISSED = nonconformity.Stage.DISMISSED.value, _("Dikesampingkan")

    provider = models.ForeignKey("registry.Provider", on_delete=models.PROTECT, related_name="non_conformities")
    standard = models.CharField(max_length=1)
    description = models.TextField(blank=True)
    finding = models.CharField(max_length=24, blank=True, db_index=True)
    target = models.ForeignKey("registry.Target", null=True, on_delete=models.PROTECT, related_name="+")
    check_code = models.CharField(max_length=12, blank=True)
    subject = models.CharField(max_length=300, blank=True)
    severity = models.CharField(max_length=8, blank=True)
    since = models.DateTimeField(null=True)
    measured = models.JSONField(default=str)
    expected = models.JSONField(default=str)
    digest = models.CharField(max_length=64, blank=True)
    stage = models.CharField(max_length=9, choices=Stage.choices, default=Stage.PROPOSED)
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="items")
    proposed_by = models.ForeignKey("accounts.Account", null=True, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=0)

    objects = OfProviderQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        indexes = (models.Index(fields=["provider", "stage"], name="nonconformity_by_provider"),)
        constraints = (
            models.UniqueConstraint(
                fields=["finding", "standard"], condition=~models.Q(finding=""), name="a_finding_is_proposed_once"
            ),
        )

    def __str__(self) -> str:
        return " ".join(part for part in (self.standard, self.check_code, self.subject, self.description) if part)[:150]

    @property
    def settled(self) -> bool:
        """Did a person close or dismiss it?"""
        return self.stage in nonconformity.SETTLED


class Statement(models.Model):
    """What a provider said: to a non-conformity (its answer), or to an act (its follow-up); with the digests of files."""

    provider = models.ForeignKey("registry.Provider", on_delete=models.PROTECT, related_name="+")
    non_conformity = models.ForeignKey(NonConformity, null=True, on_delete=models.PROTECT, related_name="answers")
    action = models.ForeignKey("enforcement.Action", null=True, on_delete=models.PROTECT, related_name="follow_ups")
    text = models.TextField()
    files = models.JSONField(default=list)
    by = models.ForeignKey("accounts.Account", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = OfProviderQuerySet.as_manager()

    class Meta:
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(
                name="a_statement_is_about_one_thing",
                condition=models.Q(non_conformity__isnull=False, action__isnull=True)
                | models.Q(non_conformity__isnull=True, action__isnull=False),
            ),
        )
