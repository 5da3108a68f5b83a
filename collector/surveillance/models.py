"""State, findings, standards, waivers, policies.

Laws:
- `TargetState`, `Finding` and `StandardState` are projections of the ledger: `rejudge` builds the same again.
- `Waiver` and `PolicyVersion` are human acts: appended and dated, never changed by the judge.
- A finding's id is derived from what it is about and since when, so a rebuilt finding keeps its address.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from checks.check import Severity
from collector.registry.models import OfProviderQuerySet, OfTargetQuerySet
from collector.surveillance.state import State, decode

if TYPE_CHECKING:
    from collector.accounts.models import Account


class TargetState(models.Model):
    """Where one target stands now. `state` is an encoded `State`; the other columns are what lists need of it."""

    target = models.OneToOneField("registry.Target", primary_key=True, on_delete=models.PROTECT, related_name="state")
    heard_at = models.DateTimeField(db_index=True)
    taken_at = models.DateTimeField()
    failing = models.PositiveIntegerField(default=0)
    undetermined = models.PositiveIntegerField(default=0)
    passing = models.PositiveIntegerField(default=0)
    coverage = models.FloatField(default=0.0)
    silent = models.BooleanField(default=False)
    version = models.PositiveBigIntegerField(default=0)
    statuses = models.JSONField(default=dict)
    state = models.BinaryField()  # the large ones stand last: SQLite reads a row from its beginning

    objects = OfTargetQuerySet.as_manager()

    def remembered(self) -> State:
        """The decoded state."""
        return decode(bytes(self.state))


class Finding(models.Model):
    """A check that a target fails, from when to when. `closed_at` is None while it is open."""

    id = models.CharField(primary_key=True, max_length=24)
    target = models.ForeignKey("registry.Target", on_delete=models.PROTECT, related_name="findings")
    check_code = models.CharField(max_length=12, db_index=True)
    subject = models.CharField(max_length=300, blank=True)
    severity = models.CharField(max_length=8, choices=[(s.value, s.value) for s in Severity])
    since = models.DateTimeField()
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    measured = models.JSONField(default=str)
    expected = models.JSONField(default=str)
    opened_by = models.ForeignKey("ledger.Entry", null=True, on_delete=models.PROTECT, related_name="+")
    closed_by = models.ForeignKey("ledger.Entry", null=True, on_delete=models.PROTECT, related_name="+")

    objects = OfTargetQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_at", "id"]
        indexes = [
            models.Index(fields=["target", "check_code", "closed_at"], name="finding_by_target"),
            models.Index(
                fields=["target", "severity"], condition=models.Q(closed_at__isnull=True), name="finding_open"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["target", "check_code", "subject"],
                condition=models.Q(closed_at__isnull=True),
                name="one_open_finding",
            )
        ]

    @property
    def open(self) -> bool:
        """Is it still so?"""
        return self.closed_at is None


class StandardState(models.Model):
    """How a provider stands towards one standard, over all its targets."""

    provider = models.ForeignKey("registry.Provider", on_delete=models.PROTECT, related_name="standards")
    letter = models.CharField(max_length=1)
    standing = models.CharField(max_length=14)
    met = models.PositiveIntegerField(default=0)
    not_met = models.PositiveIntegerField(default=0)
    undetermined = models.PositiveIntegerField(default=0)
    not_applicable = models.PositiveIntegerField(default=0)
    coverage = models.FloatField(default=0.0)
    since = models.DateTimeField()

    objects = OfProviderQuerySet.as_manager()

    class Meta:
        ordering = ["provider", "letter"]
        constraints = [models.UniqueConstraint(fields=["provider", "letter"], name="one_state_per_standard")]


class Waiver(models.Model):
    """A dated, approved exception. The check is still evaluated and shown; it only does not count as a failure."""

    class Stage(models.TextChoices):
        """Where a waiver stands."""

        REQUESTED = "requested", _("Diajukan")
        APPROVED = "approved", _("Disetujui")
        REJECTED = "rejected", _("Ditolak")

    target = models.ForeignKey("registry.Target", on_delete=models.PROTECT, related_name="waivers")
    check_code = models.CharField(max_length=12)
    subject = models.CharField(max_length=300, blank=True)
    justification = models.TextField()
    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.REQUESTED)
    requested_by = models.ForeignKey("accounts.Account", on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey("accounts.Account", null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision_reason = models.TextField(blank=True)
    expires_at = models.DateTimeField()

    objects = OfTargetQuerySet.as_manager()

    class Meta:
        ordering = ["-requested_at"]
        constraints = [
            models.CheckConstraint(
                name="waiver_decided_by_another",
                condition=models.Q(decided_by__isnull=True) | ~models.Q(decided_by=models.F("requested_by")),
            ),
            models.CheckConstraint(
                name="waiver_expires_later", condition=models.Q(expires_at__gt=models.F("requested_at"))
            ),
        ]

    def holds(self, now: datetime) -> bool:
        """Is it approved, and not expired?"""
        return self.stage == self.Stage.APPROVED and now < self.expires_at

    def may_be_decided_by(self, account: Account) -> bool:
        """A second person, with the right role."""
        return self.stage == self.Stage.REQUESTED and account.may_approve_waiver and account.pk != self.requested_by_id


class PolicyVersion(models.Model):
    """A policy, from when it was in force. Never changed: a new version is a new row."""

    digest = models.CharField(max_length=64, unique=True)
    body = models.BinaryField()
    in_force_from = models.DateTimeField(unique=True)
    published_by = models.ForeignKey("accounts.Account", null=True, on_delete=models.PROTECT)

    class Meta:
        ordering = ["-in_force_from"]
