"""Who may see and do what, for views.

Laws:
- What an account may not see does not exist for it: 404, the same as for what is not there at all.
- What it may see but not do is refused: 403.
"""

from __future__ import annotations

from typing import Any, TypeVar, cast

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest

from collector.accounts.models import Account

M = TypeVar("M", bound=Model)


def account_of(request: HttpRequest) -> Account:
    """Whose request this is. LoginRequiredMiddleware has let nobody else through."""
    if not isinstance(request.user, Account):
        raise PermissionDenied
    return request.user


def visible(model: type[M], account: Account) -> QuerySet[M]:
    """The rows of `model` that `account` may see."""
    manager: Any = model._default_manager  # every model of the console has `visible_to` on its manager
    return cast("QuerySet[M]", manager.visible_to(account))


def visible_or_404(rows: QuerySet[M], **key: object) -> M:
    """The one row of `rows` with `key`. Raises Http404."""
    try:
        return rows.get(**key)
    except (ObjectDoesNotExist, ValueError) as error:
        raise Http404 from error


def demand(allowed: bool) -> None:
    """Raise PermissionDenied unless `allowed`."""
    if not allowed:
        raise PermissionDenied
