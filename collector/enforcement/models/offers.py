"""Recommendations to use a system that LKPP manages (152/2022, III)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from collector.enforcement import offer
from collector.registry.models import OfProviderQuerySet

if TYPE_CHECKING:
    from collector.accounts.models import Account


class OfferQuerySet(OfProviderQuerySet["Offer"]):
    """Offers."""

    def visible_to(self, account: Account) -> Self:
        """A provider's people see those that were made to it."""
        rows = super().visible_to(account)
        return rows if account.sees_all else rows.filter(offered_at__isnull=False)


class Offer(models.Model):
    """One. `system` names what is offered."""

    class Stage(models.TextChoices):
        """Where it stands."""

        DRAFTED = offer.Stage.DRAFTED.value, _("Disusun")
        OFFERED = offer.Stage.OFFERED.value, _("Direkomendasikan")
        ACCEPTED = offer.Stage.ACCEPTED.value, _("Diterima")
        DECLINED = offer.Stage.DECLINED.value, _("Tidak diterima")
        MIGRATED = offer.Stage.MIGRATED.value, _("Sudah berpindah")
        RETURNED = offer.Stage.RETURNED.value, _("Sudah kembali")
        DROPPED = offer.Stage.DROPPED.value, _("Dibatalkan")

    provider = models.ForeignKey("registry.Provider", on_delete=models.PROTECT, related_name="offers")
    system = models.CharField(max_length=200)
    stage = models.CharField(max_length=8, choices=Stage.choices, default=Stage.DRAFTED)
    drafted_by = models.ForeignKey("accounts.Account", on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    offered_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=0)

    objects = OfferQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(
                fields=["provider"],
                condition=models.Q(stage__in=sorted(offer.UNDER_WAY)),
                name="one_offer_under_way",
            ),
        )

    def __str__(self) -> str:
        return f"{self.system} ({self.get_stage_display()})"
