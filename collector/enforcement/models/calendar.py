"""What LKPP sets: days off and working days, rules, and where providers sit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self, TypeVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from collector.enforcement.calendar import Effect, Override
from collector.enforcement.rules import Rules, read_rules
from collector.enforcement.zones import Zone
from collector.registry.models import OfProviderQuerySet

if TYPE_CHECKING:
    from collector.accounts.models import Account


M = TypeVar("M", bound=models.Model)


class PublicQuerySet(models.QuerySet[M]):
    """What everybody may see."""

    def visible_to(self, account: Account) -> Self:
        """All: deadlines are explained by it."""
        return self


class DayOverride(models.Model):
    """LKPP's word on one day, from when it was entered. Taking it back is another row."""

    class Effects(models.TextChoices):
        """What it makes of the day."""

        OFF = Effect.OFF.value, _("Hari libur")
        WORKING = Effect.WORKING.value, _("Hari kerja")
        AS_LIBRARY = Effect.AS_LIBRARY.value, _("Seperti kalender nasional")

    day = models.DateField(db_index=True)
    effect = models.CharField(max_length=10, choices=Effects.choices)
    reason = models.TextField()
    by = models.ForeignKey("accounts.Account", on_delete=models.PROTECT, related_name="+")
    known_from = models.DateTimeField()

    objects = PublicQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)

    @property
    def override(self) -> Override:
        """As the calendar has it."""
        return Override(self.known_from, self.pk, self.day, Effect(self.effect), self.reason, str(self.by))


class RulesVersion(models.Model):
    """One version of LKPP's rules, from when it was in force. Never changed: a new version is a new row."""

    digest = models.CharField(max_length=64)
    body = models.BinaryField()
    reason = models.TextField()
    in_force_from = models.DateTimeField(unique=True)
    published_by = models.ForeignKey("accounts.Account", null=True, on_delete=models.PROTECT, related_name="+")

    objects = PublicQuerySet.as_manager()

    class Meta:
        ordering = ("-in_force_from",)

    @property
    def rules(self) -> Rules:
        """Decoded."""
        return read_rules(bytes(self.body))


class ProviderZone(models.Model):
    """The time zone a provider sits in; WIB where there is no row."""

    class Zones(models.TextChoices):
        """The three."""

        WIB = Zone.WIB.value, "WIB"
        WITA = Zone.WITA.value, "WITA"
        WIT = Zone.WIT.value, "WIT"

    provider = models.OneToOneField("registry.Provider", on_delete=models.PROTECT, related_name="time_zone")
    zone = models.CharField(max_length=4, choices=Zones.choices)

    objects = OfProviderQuerySet.as_manager()
