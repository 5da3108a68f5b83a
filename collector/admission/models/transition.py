"""How anything came to its state: one row a transition, appended."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from collector.admission.models.applications import Application
from collector.admission.models.base import OfEitherQuerySet


class Transition(models.Model):
    """One. `before` and `after` are what changed; `key` is of the form that asked for it: a second submission finds it."""

    class Machine(models.TextChoices):
        """Whose."""

        APPLICATION = "application", _("Permohonan")
        SLA = "sla", "SLA"
        BREACH = "breach", _("Pelanggaran SLA")
        UNIT = "unit", _("Unit kerja")

    machine = models.CharField(max_length=11, choices=Machine.choices)
    subject = models.BigIntegerField()
    provider = models.ForeignKey("registry.Provider", null=True, on_delete=models.PROTECT, related_name="+")
    application = models.ForeignKey(Application, null=True, on_delete=models.PROTECT, related_name="transitions")
    act = models.CharField(max_length=40)
    by = models.ForeignKey("accounts.Account", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reason = models.TextField(blank=True)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    evidence = models.JSONField(default=list)
    key = models.CharField(max_length=64, blank=True)

    objects = OfEitherQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        indexes = (models.Index(fields=["machine", "subject", "-id"], name="admission_transitions"),)
        constraints = (
            models.UniqueConstraint(
                fields=["by", "key"], condition=~models.Q(key=""), name="an_admission_form_is_performed_once"
            ),
        )

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Append. Raises ValueError on any attempt to change one."""
        if not self._state.adding:
            raise ValueError("transitions are appended, never changed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Never."""
        raise ValueError("transitions are never deleted")
