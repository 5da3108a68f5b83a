"""Acts of the ladder, who approved them, and the deadlines that run from their receipt."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self, TypeVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from collector.enforcement.case import IN_FORCE
from collector.enforcement.case import Stage as ActionStage
from collector.enforcement.deadline import Kind
from collector.enforcement.notice import Channel as NoticeChannel
from collector.enforcement.rungs import Form as ActionForm
from collector.enforcement.rungs import Rung as ActionRung
from collector.registry.models import OfProviderQuerySet

if TYPE_CHECKING:
    from collector.accounts.models import Account

M = TypeVar("M", bound=models.Model)


class ActionQuerySet(OfProviderQuerySet[M]):
    """Acts of the ladder."""

    path = "case__provider"

    def visible_to(self, account: Account) -> Self:
        """Those that `account` may see: a provider's people see what was issued to it."""
        rows = super().visible_to(account)
        return rows if account.sees_all else rows.filter(issued_at__isnull=False)

    def in_force(self) -> Self:
        """Issued, and not withdrawn."""
        return self.filter(stage__in=sorted(IN_FORCE))


class OfActionQuerySet(OfProviderQuerySet[M]):
    """Rows that belong to a provider through an issued act."""

    path = "action__case__provider"

    def visible_to(self, account: Account) -> Self:
        """Those that `account` may see."""
        rows = super().visible_to(account)
        return rows if account.sees_all else rows.filter(action__issued_at__isnull=False)


class Action(models.Model):
    """One act. `rules`: LKPP's rules in force when it was proposed, encoded; they hold for its whole life."""

    class Rung(models.TextChoices):
        """152/2022, 2.2.a to d."""

        RECOMMENDATION = ActionRung.RECOMMENDATION.value, _("Saran/Rekomendasi")
        WARNING = ActionRung.WARNING.value, _("Teguran")
        REVOCATION = ActionRung.REVOCATION.value, _("Pencabutan sertifikat standarisasi")
        TERMINATION = ActionRung.TERMINATION.value, _("Penghentian layanan SPSE")

    class Stage(models.TextChoices):
        """Where it stands."""

        PROPOSED = ActionStage.PROPOSED.value, _("Diusulkan")
        APPROVED = ActionStage.APPROVED.value, _("Disetujui")
        ISSUED = ActionStage.ISSUED.value, _("Diterbitkan")
        RECEIVED = ActionStage.RECEIVED.value, _("Diterima penyedia")
        REJECTED = ActionStage.REJECTED.value, _("Ditolak")
        RETRACTED = ActionStage.RETRACTED.value, _("Dibatalkan pengusul")
        WITHDRAWN = ActionStage.WITHDRAWN.value, _("Dicabut")

    class Form(models.TextChoices):
        """Of a termination."""

        REVOKED = ActionForm.REVOKED.value, _("Pencabutan")
        ACCESS_TAKEN = ActionForm.ACCESS_TAKEN.value, _("Pengambilalihan hak akses")
        OTHER = ActionForm.OTHER.value, _("Bentuk lain")

    class Channel(models.TextChoices):
        """How the notice was sent."""

        LETTER = NoticeChannel.LETTER.value, _("Surat")
        COURIER = NoticeChannel.COURIER.value, _("Kurir")
        EMAIL = NoticeChannel.EMAIL.value, _("Surel")
        CONSOLE = NoticeChannel.CONSOLE.value, _("Konsol")

    case = models.ForeignKey("enforcement.Case", on_delete=models.PROTECT, related_name="actions")
    rung = models.CharField(max_length=14, choices=Rung.choices)
    stage = models.CharField(max_length=9, choices=Stage.choices, default=Stage.PROPOSED)
    items = models.ManyToManyField("enforcement.NonConformity", related_name="actions")
    standards = models.CharField(max_length=17, blank=True)  # letters, in order
    grounds = models.TextField()
    sla_clause = models.CharField(max_length=500, blank=True)
    form = models.CharField(max_length=12, choices=Form.choices, blank=True)
    form_text = models.CharField(max_length=500, blank=True)
    coverage = models.JSONField(default=dict)  # letter -> share, as text
    rules = models.TextField()
    proposed_by = models.ForeignKey("accounts.Account", on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    letter = models.CharField(max_length=100, blank=True)
    issued_by = models.ForeignKey("accounts.Account", null=True, on_delete=models.PROTECT, related_name="+")
    issued_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    channel = models.CharField(max_length=8, choices=Channel.choices, blank=True)
    received_on = models.DateField(null=True)
    proof = models.TextField(blank=True)
    proof_file = models.JSONField(default=dict)
    receipt_by = models.ForeignKey("accounts.Account", null=True, on_delete=models.PROTECT, related_name="+")
    more_days = models.PositiveIntegerField(default=0)
    withdrawal_asked_by = models.ForeignKey("accounts.Account", null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=0)

    objects = ActionQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        indexes = (models.Index(fields=["case", "stage"], name="action_by_case"),)
        constraints = (
            models.UniqueConstraint(
                fields=["letter"], condition=~models.Q(letter=""), name="a_letter_number_is_used_once"
            ),
            models.CheckConstraint(
                name="withdrawal_and_issue_need_a_letter",
                condition=~models.Q(stage__in=["issued", "received", "withdrawn"]) | ~models.Q(letter=""),
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_rung_display()} {self.letter or f'(usulan {self.pk})'}"


class Approval(models.Model):
    """One person's approval. Whoever proposed has none."""

    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="approvals")
    by = models.ForeignKey("accounts.Account", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reason = models.TextField(blank=True)

    objects = OfActionQuerySet.as_manager()

    class Meta:
        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=["action", "by"], name="one_approval_of_a_person"),)


class Deadline(models.Model):
    """One deadline as it was computed, with all it was made of. `replaced_at` is None for the one that holds.

    `lines`: the explanation, a day each: {"day", "weekday", "working", "why", "count"}; texts are {"id", "en"}.
    """

    class Kinds(models.TextChoices):
        """What for."""

        OBJECTION = Kind.OBJECTION.value, _("Batas pengajuan keberatan")
        IMPROVEMENT = Kind.IMPROVEMENT.value, _("Batas perbaikan (ditetapkan LKPP)")

    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="deadlines")
    kind = models.CharField(max_length=11, choices=Kinds.choices)
    received_on = models.DateField()
    days = models.PositiveIntegerField()
    calendar = models.CharField(max_length=60)
    overrides = models.ManyToManyField("enforcement.DayOverride", related_name="+")
    lines = models.JSONField()
    due_at = models.DateTimeField()
    made_at = models.DateTimeField()
    cause = models.CharField(max_length=500)
    replaced_at = models.DateTimeField(null=True)

    objects = OfActionQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(
                fields=["action", "kind"], condition=models.Q(replaced_at__isnull=True), name="one_deadline_holds"
            ),
        )
