"""Who may see rows of admission."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self, TypeVar

from django.db import models

if TYPE_CHECKING:
    from collector.accounts.models import Account

M = TypeVar("M", bound=models.Model)


class OursQuerySet(models.QuerySet[M]):
    """Rows that belong to a provider by one of `paths`."""

    paths: tuple[str, ...] = ("provider",)

    def visible_to(self, account: Account) -> Self:
        """Those that `account` may see; who is of no provider and not LKPP sees none."""
        if account.sees_all:
            return self
        if account.provider_id is None:
            return self.none()
        mine = models.Q()
        for path in self.paths:
            mine |= models.Q(**{path: account.provider_id})
        return self.filter(mine)


class OfUnitQuerySet(OursQuerySet[M]):
    """Units: of a provider, or named in an application."""

    paths = ("provider", "application__provider")


class OfApplicationQuerySet(OursQuerySet[M]):
    """Rows of an application."""

    paths = ("application__provider",)


class OfEitherQuerySet(OursQuerySet[M]):
    """Rows of a provider, or of an application that becomes one."""

    paths = ("provider", "application__provider")


class OfSlaQuerySet(OursQuerySet[M]):
    """Rows of an agreement."""

    paths = ("sla__provider", "sla__application__provider")
