"""What the models of assessment share: rows that are only appended, and who may see rows through what they belong to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.db import models

from collector.assessment.standard_words import Stage
from collector.registry.models import OfProviderQuerySet

if TYPE_CHECKING:
    from collector.accounts.models import Account

M = TypeVar("M", bound=models.Model)


class OfStandardQuerySet(OfProviderQuerySet[M]):
    """Rows of a standard of a provider."""

    path = "standard__provider"


class OfRoundQuerySet(OfProviderQuerySet[M]):
    """Rows of one round of assessment."""

    path = "round__standard__provider"


class DraftedQuerySet(OfProviderQuerySet[M]):
    """Rows of which some are a draft of LKPP's assessors while the factual assessment is in course: `drafted` says which.

    The provider sees them once it is concluded.
    """

    path = "round__standard__provider"
    drafted = models.Q()

    def visible_to(self, account: Account) -> Self:
        """Those that `account` may see."""
        rows = super().visible_to(account)
        if account.sees_all:
            return rows
        return rows.exclude(
            self.drafted,
            round__standard__stage=Stage.FACTUAL.value,
            round__number=models.F("round__standard__round_number"),
        )


class PublicQuerySet(models.QuerySet[M]):
    """What every account may see."""

    def visible_to(self, account: Account) -> Self:
        """All of them."""
        return self


class AppendedMixin(models.Model):
    """A row that is written once. Raises ValueError on every attempt to change or to delete it."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Append."""
        if not self._state.adding:
            raise ValueError(f"{type(self).__name__} rows are appended, never changed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Never."""
        raise ValueError(f"{type(self).__name__} rows are never deleted")
