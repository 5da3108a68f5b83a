"""Locking one versioned row that is not a standard: a corrective action, a request for mentoring, a person."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol, TypeVar

from django.db import models

from collector.accounts.models import Account
from collector.assessment.acts.step import Sent
from collector.assessment.unlawful import Overtaken
from collector.registry.models import OfProviderQuerySet


class Versioned(Protocol):
    """A row that counts the acts on it."""

    pk: int
    version: int


class Told(Protocol):
    """The last act on a row."""

    account: Account
    act: str
    at: datetime


M = TypeVar("M", bound=models.Model)


def locked(rows: OfProviderQuerySet[M], account: Account, key: int) -> M:
    """The row `key` that `account` may see, locked. Raises `DoesNotExist` of its model."""
    return rows.visible_to(account).select_for_update(of=("self",)).get(pk=key)


def not_overtaken(row: Versioned, sent: Sent, last: Told | None) -> None:
    """Raises Overtaken if somebody acted on `row` since its page was shown; `last` is the last act on it."""
    if sent.seen is not None and row.version != sent.seen and last is not None:
        raise Overtaken(str(last.account), last.act, last.at)
