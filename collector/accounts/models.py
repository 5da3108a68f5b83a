"""Accounts, their roles, and the trail of human acts.

Laws:
- What an account may see is decided in one place: `Account.sees_all`, `Account.provider` and the managers' `visible_to`.
- Acts are appended, never changed or deleted.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


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


class Act(models.Model):
    """One human act: who, when, what, on what, why."""

    at = models.DateTimeField(default=timezone.now, db_index=True)
    account = models.ForeignKey(Account, null=True, on_delete=models.PROTECT)
    provider = models.ForeignKey("registry.Provider", null=True, on_delete=models.PROTECT)
    verb = models.CharField(max_length=40)
    subject = models.CharField(max_length=200)
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["-id"]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Append. Raises ValueError on any attempt to change an act."""
        if not self._state.adding:
            raise ValueError("acts are appended, never changed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Never."""
        raise ValueError("acts are never deleted")
