"""How anything came to its state: one row a transition, appended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from collector.registry.models import OfProviderQuerySet

if TYPE_CHECKING:
    from collector.accounts.models import Account


class Machine(models.TextChoices):
    """Whose transition."""

    NON_CONFORMITY = "non_conformity", _("Ketidaksesuaian")
    CASE = "case", _("Kasus")
    ACTION = "action", _("Tindakan pembinaan")
    OBJECTION = "objection", _("Keberatan")
    OFFER = "offer", _("Sistem yang dikelola LKPP")
    CALENDAR = "calendar", _("Kalender")
    RULES = "rules", _("Ketetapan LKPP")


class TransitionQuerySet(OfProviderQuerySet["Transition"]):
    """Transitions."""

    def visible_to(self, account: Account) -> Self:
        """Those that `account` may see: a provider's people see no internal ones."""
        rows = super().visible_to(account)
        return rows if account.sees_all else rows.filter(internal=False)


class Transition(models.Model):
    """One. `before` and `after` are what changed; `key` is of the form that asked for it: a second submission finds it.

    `internal`: of a draft or proposal, which the provider does not see.
    """

    machine = models.CharField(max_length=14, choices=Machine.choices)
    subject = models.BigIntegerField()
    provider = models.ForeignKey("registry.Provider", null=True, on_delete=models.PROTECT, related_name="+")
    act = models.CharField(max_length=40)
    by = models.ForeignKey("accounts.Account", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reason = models.TextField(blank=True)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    evidence = models.JSONField(default=list)  # of {"name", "size", "sha256"}
    internal = models.BooleanField(default=False)
    key = models.CharField(max_length=64, blank=True)

    objects = TransitionQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        indexes = (models.Index(fields=["machine", "subject", "-id"], name="transition_of_subject"),)
        constraints = (
            models.UniqueConstraint(fields=["by", "key"], condition=~models.Q(key=""), name="a_form_is_performed_once"),
        )

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Append. Raises ValueError on any attempt to change one."""
        if not self._state.adding:
            raise ValueError("transitions are appended, never changed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Never."""
        raise ValueError("transitions are never deleted")
