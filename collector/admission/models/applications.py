"""Units, applications with their documents, reviews, and installations."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from collector.admission.models.base import OfApplicationQuerySet, OfUnitQuerySet, OursQuerySet
from collector.admission.words import FINAL
from collector.admission.words import Purpose as DocumentPurpose
from collector.admission.words import Stage as ApplicationStage
from collector.admission.words import UnitKind as KindOfUnit
from collector.registry.models import Provider


class Unit(models.Model):
    """The unit that runs the service: of a registered provider, or as an application names it. A separate one is flagged:
    see `unit.unit_warning`.
    """

    class Kind(models.TextChoices):
        """152/2022, KEDUA."""

        UKPBJ = KindOfUnit.UKPBJ.value, "UKPBJ"
        SEPARATE = KindOfUnit.SEPARATE.value, _("Unit kerja terpisah dari UKPBJ")

    institution = models.ForeignKey("registry.Institution", on_delete=models.PROTECT, related_name="units")
    provider = models.OneToOneField("registry.Provider", null=True, on_delete=models.PROTECT, related_name="unit")
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    version = models.PositiveIntegerField(default=0)

    objects = OfUnitQuerySet.as_manager()

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Application(models.Model):
    """An application. `provider`: whose it is; of a new one it is made when the application becomes active.

    `name` and `slug`: of the provider. `applicant`: name and position of who signed the letter.
    """

    class Kind(models.TextChoices):
        """In which form."""

        SYSTEM = Provider.Kind.SYSTEM.value, _("Penyedia sistem")
        SERVICE = Provider.Kind.SERVICE.value, _("Penyedia layanan")

    class Stage(models.TextChoices):
        """Where it stands."""

        DRAFT = ApplicationStage.DRAFT.value, _("Draf")
        SUBMITTED = ApplicationStage.SUBMITTED.value, _("Diajukan")
        IN_REVIEW = ApplicationStage.IN_REVIEW.value, _("Direviu")
        INCOMPLETE = ApplicationStage.INCOMPLETE.value, _("Belum lengkap")
        COMPLETE = ApplicationStage.COMPLETE.value, _("Lengkap")
        SIGNED = ApplicationStage.SIGNED.value, _("SLA ditandatangani")
        INSTALLED = ApplicationStage.INSTALLED.value, _("Instalasi")
        ACTIVE = ApplicationStage.ACTIVE.value, _("Aktif")
        WITHDRAWN = ApplicationStage.WITHDRAWN.value, _("Ditarik kembali")

    institution = models.ForeignKey("registry.Institution", on_delete=models.PROTECT, related_name="applications")
    provider = models.ForeignKey("registry.Provider", null=True, on_delete=models.PROTECT, related_name="applications")
    unit = models.OneToOneField(Unit, on_delete=models.PROTECT, related_name="application")
    kind = models.CharField(max_length=7, choices=Kind.choices)
    name = models.CharField(max_length=200)
    slug = models.SlugField(max_length=80)
    applicant = models.CharField(max_length=200)
    letter_number = models.CharField(max_length=100, blank=True)
    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.DRAFT)
    drafted_by = models.ForeignKey("accounts.Account", on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    completed_by = models.ForeignKey("accounts.Account", null=True, on_delete=models.PROTECT, related_name="+")
    completed_on = models.DateField(null=True)
    activated_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=0)

    objects = OursQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        indexes = (models.Index(fields=["stage", "-changed_at"], name="application_by_stage"),)
        constraints = (
            models.UniqueConstraint(
                fields=["slug"],
                condition=~models.Q(stage__in=sorted(FINAL)),
                name="one_application_at_a_time",
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} (permohonan {self.pk})"


class Document(models.Model):
    """A document of an application. `taken_back_at`: it counts no more, and stays."""

    class Purpose(models.TextChoices):
        """What it is."""

        LETTER = DocumentPurpose.LETTER.value, _("Surat permohonan")
        SUPPORTING = DocumentPurpose.SUPPORTING.value, _("Dokumen pendukung")

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="documents")
    purpose = models.CharField(max_length=10, choices=Purpose.choices)
    name = models.CharField(max_length=255)
    dated = models.DateField()
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    stored = models.CharField(max_length=255, blank=True)
    added_by = models.ForeignKey("accounts.Account", on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True)

    objects = OfApplicationQuerySet.as_manager()

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return self.name


class Review(models.Model):
    """One review of what was submitted: open until it has an outcome. `documents`: SHA-256 of what was there to be reviewed."""

    class Outcome(models.TextChoices):
        """Of a review."""

        COMPLETE = "complete", _("Lengkap")
        INCOMPLETE = "incomplete", _("Belum lengkap")
        ENDED = "ended", _("Berakhir karena permohonan ditarik")

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="reviews")
    taken_by = models.ForeignKey("accounts.Account", on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField()
    documents = models.JSONField(default=list)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    reasons = models.JSONField(default=list)
    decided_by = models.ForeignKey("accounts.Account", null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)

    objects = OfApplicationQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(
                fields=["application"], condition=models.Q(outcome=""), name="one_open_review_at_a_time"
            ),
        )


class Installation(models.Model):
    """An installation of SPSE by its minutes (berita acara). The latest row of an application holds.

    `instances`: of {"name", "url", "ports_may_be_tried"}.
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="installations")
    on = models.DateField()
    number = models.CharField(max_length=100, blank=True)
    minutes = models.JSONField()  # as `Sla.document`
    instances = models.JSONField()
    by = models.ForeignKey("accounts.Account", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = OfApplicationQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
