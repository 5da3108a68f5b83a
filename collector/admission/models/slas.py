"""Agreements on the level of service (SLA), their signatures and breaches."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from collector.admission.models.applications import Application
from collector.admission.models.base import OfEitherQuerySet, OfSlaQuerySet
from collector.admission.words import Side as SignatureSide
from collector.admission.words import SlaStage as AgreementStage


class Sla(models.Model):
    """An agreement: of an application, or of a provider that runs already. `follows`: the one it renews or amends.

    Durations in minutes, availability in % of a month; null: not agreed. `clauses`: of {"number", "text"}, what breaches it.
    """

    class Stage(models.TextChoices):
        """Where it stands."""

        DRAFTED = AgreementStage.DRAFTED.value, _("Disusun")
        HALF_SIGNED = AgreementStage.HALF_SIGNED.value, _("Ditandatangani satu pihak")
        SIGNED = AgreementStage.SIGNED.value, _("Ditandatangani kedua pihak")
        DROPPED = AgreementStage.DROPPED.value, _("Dibatalkan")

    provider = models.ForeignKey("registry.Provider", null=True, on_delete=models.PROTECT, related_name="slas")
    application = models.ForeignKey(Application, null=True, on_delete=models.PROTECT, related_name="slas")
    follows = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="followed_by")
    number = models.CharField(max_length=100)
    document = models.JSONField()  # {"name", "size", "sha256", "stored", "dated"}
    valid_from = models.DateField()
    valid_until = models.DateField()
    earliest = models.DateField(null=True)
    availability = models.FloatField(null=True)
    rto_minutes = models.PositiveIntegerField(null=True)
    rpo_minutes = models.PositiveIntegerField(null=True)
    support_hours = models.CharField(max_length=200, blank=True)
    clauses = models.JSONField(default=list)
    stage = models.CharField(max_length=11, choices=Stage.choices, default=Stage.DRAFTED)
    drafted_by = models.ForeignKey("accounts.Account", on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=0)

    objects = OfEitherQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(
                name="an_sla_is_of_a_provider_or_an_application",
                condition=models.Q(provider__isnull=False) | models.Q(application__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["number"], condition=~models.Q(stage="dropped"), name="an_sla_number_is_used_once"
            ),
        )

    def __str__(self) -> str:
        return f"SLA {self.number}"


class Signature(models.Model):
    """One side's signature, on paper or not: who signed on which day, and who recorded it."""

    class Side(models.TextChoices):
        """Whose."""

        PROVIDER = SignatureSide.PROVIDER.value, "K/L/Pemda"
        LKPP = SignatureSide.LKPP.value, "LKPP"

    sla = models.ForeignKey(Sla, on_delete=models.PROTECT, related_name="signatures")
    side = models.CharField(max_length=8, choices=Side.choices)
    name = models.CharField(max_length=120)
    position = models.CharField(max_length=120, blank=True)
    on = models.DateField()
    by = models.ForeignKey("accounts.Account", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = OfSlaQuerySet.as_manager()

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=["sla", "side"], name="a_side_signs_once"),
            models.UniqueConstraint(fields=["sla", "by"], name="two_people_record_the_signatures"),
        )


class Breach(models.Model):
    """What an officer recorded as a breach of an SLA: the door to termination (2.2.d). `clause_text` as it was then."""

    sla = models.ForeignKey(Sla, on_delete=models.PROTECT, related_name="breaches")
    clause = models.CharField(max_length=60)
    clause_text = models.TextField()
    on = models.DateField()
    description = models.TextField()
    evidence = models.JSONField(default=list)
    by = models.ForeignKey("accounts.Account", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    retracted_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=0)

    objects = OfSlaQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.sla} · {self.clause}"
