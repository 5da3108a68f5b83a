"""Accounts, their roles, and the trail of human acts.

Laws:
- What an account may see is decided in one place: `Account.sees_all`, `Account.provider` and the managers' `visible_to`.
- Acts are appended, never changed or deleted, and each is chained to the one before it (`act_chain`), by one writer at a time.
"""

from __future__ import annotations

from typing import Any, Self

from django.contrib.auth.models import AbstractUser
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from collector.accounts.act_chain import act_digest, plain


class Role(models.TextChoices):
    """What a person is to the service."""

    OFFICER = "officer", _("Petugas surveilans LKPP")
    APPROVER = "approver", _("Pejabat penyetuju LKPP")
    PROVIDER_ADMIN = "provider_admin", _("Admin penyedia sistem")
    PROVIDER_HEAD = "provider_head", _("Kepala LPSE")
    AUDITOR = "auditor", _("Auditor")
    ADMINISTRATOR = "administrator", _("Administrator collector")


LKPP = frozenset({Role.OFFICER, Role.APPROVER, Role.AUDITOR, Role.ADMINISTRATOR})
PROVIDER = frozenset({Role.PROVIDER_ADMIN, Role.PROVIDER_HEAD})


class Account(AbstractUser):
    """A person. Roles of a provider need a provider; roles of LKPP have none."""

    role = models.CharField(max_length=20, choices=Role.choices, default=Role.AUDITOR)
    provider = models.ForeignKey("registry.Provider", null=True, blank=True, on_delete=models.PROTECT)
    language = models.CharField(max_length=2, choices=[("id", "Indonesia"), ("en", "English")], default="id")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="account_provider_matches_role",
                condition=models.Q(role__in=sorted(PROVIDER), provider__isnull=False)
                | (~models.Q(role__in=sorted(PROVIDER)) & models.Q(provider__isnull=True)),
            )
        ]

    @property
    def sees_all(self) -> bool:
        """May see every provider."""
        return self.role in LKPP

    @property
    def may_enrol(self) -> bool:
        """May create and revoke enrolment tokens and agents (of the providers it sees)."""
        return self.role in {Role.ADMINISTRATOR, Role.PROVIDER_ADMIN}

    @property
    def may_retire(self) -> bool:
        """May take a server (of the providers it sees) out of use."""
        return self.role in {Role.ADMINISTRATOR, Role.PROVIDER_ADMIN}

    @property
    def may_approve_baseline(self) -> bool:
        """May say that what is on a server (of the providers it sees) is what should be there."""
        return self.role in {Role.ADMINISTRATOR, Role.PROVIDER_ADMIN, Role.PROVIDER_HEAD}

    @property
    def may_keep_registers(self) -> bool:
        """May enter what is registered about a server (of the providers it sees)."""
        return self.role in {Role.ADMINISTRATOR, Role.PROVIDER_ADMIN, Role.PROVIDER_HEAD}

    @property
    def may_request_waiver(self) -> bool:
        """May ask for a waiver."""
        return self.role in {Role.OFFICER, Role.PROVIDER_ADMIN, Role.PROVIDER_HEAD}

    @property
    def may_approve_waiver(self) -> bool:
        """May decide a waiver that somebody else asked for."""
        return self.role == Role.APPROVER


class ActHead(models.Model):
    """The end of the chain of acts, in one row: whoever appends holds it locked."""

    ONLY = 1

    sequence = models.PositiveBigIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True)


class ActQuerySet(models.QuerySet["Act"]):
    """Acts. Appended one by one: the chain has one end."""

    def visible_to(self, account: Account) -> Self:
        """All of them to LKPP's people; to a provider's people those of its own."""
        if account.sees_all:
            return self
        return self.filter(provider=account.provider_id, account__provider=account.provider_id)

    def update(self, **kwargs: Any) -> int:
        """Never."""
        raise ValueError("acts are appended, never changed")

    def delete(self) -> tuple[int, dict[str, int]]:
        """Never."""
        raise ValueError("acts are never deleted")

    def bulk_create(self, *args: Any, **kwargs: Any) -> list[Act]:
        """Never."""
        raise ValueError("acts are appended one by one")


class Act(models.Model):
    """One human act: who, when, what, on what, why, what it changed; chained to the act before it."""

    sequence = models.PositiveBigIntegerField(unique=True, editable=False)
    previous = models.CharField(max_length=64, blank=True, editable=False)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    at = models.DateTimeField(default=timezone.now, db_index=True)
    account = models.ForeignKey(Account, null=True, on_delete=models.PROTECT)
    provider = models.ForeignKey("registry.Provider", null=True, on_delete=models.PROTECT)
    verb = models.CharField(max_length=40)
    subject = models.CharField(max_length=200)
    reason = models.TextField(blank=True)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)

    objects = ActQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Append to the end of the chain. Raises ValueError on any attempt to change an act."""
        if not self._state.adding:
            raise ValueError("acts are appended, never changed")
        self.before, self.after = plain(self.before), plain(self.after)
        with transaction.atomic():
            ActHead.objects.get_or_create(pk=ActHead.ONLY)
            head = ActHead.objects.select_for_update().get(pk=ActHead.ONLY)
            self.sequence, self.previous = head.sequence + 1, head.digest
            self.digest = act_digest(
                sequence=self.sequence, previous=self.previous, at=self.at, account=self.account_id,
                provider=self.provider_id, verb=self.verb, subject=self.subject, reason=self.reason,
                before=self.before, after=self.after,
            )  # fmt: skip
            super().save(*args, **kwargs)
            ActHead.objects.filter(pk=ActHead.ONLY).update(sequence=self.sequence, digest=self.digest)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Never."""
        raise ValueError("acts are never deleted")
