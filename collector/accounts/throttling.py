"""How guessing of passwords is slowed: django-axes, with a second limit of our own.

Laws:
- Eight failures with one name from one address close that pair for a quarter of an hour (settings); fifty failures from one
  address within an hour, with whatever names, close the address.
- What is refused is not written down, and what no limit looks at any more is deleted: the tables do not grow without bound.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessFailureLog, AccessLog
from django.http import HttpRequest
from django.utils import timezone

PER_ADDRESS = 50
WINDOW = timedelta(hours=1)
LOGINS_KEPT = timedelta(days=90)


class Handler(AxesDatabaseHandler):  # type: ignore[misc]
    """Axes' own database handler, and the limit by address."""

    def is_locked(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> bool:
        return bool(super().is_locked(request, credentials)) or _address_closed(request)

    def user_login_failed(
        self, sender: object, credentials: dict[str, Any], request: HttpRequest | None = None, **more: Any
    ) -> None:
        AccessFailureLog.objects.filter(attempt_time__lt=timezone.now() - WINDOW).delete()
        super().user_login_failed(sender, credentials, request, **more)

    def user_logged_in(self, sender: object, request: HttpRequest, user: Any, **more: Any) -> None:
        AccessLog.objects.filter(attempt_time__lt=timezone.now() - LOGINS_KEPT).delete()
        super().user_logged_in(sender, request, user, **more)


def _address_closed(request: HttpRequest) -> bool:
    """Have too many logins failed from the address of `request`?"""
    address = request.axes_ip_address  # type: ignore[attr-defined]
    recent = AccessFailureLog.objects.filter(ip_address=address, attempt_time__gt=timezone.now() - WINDOW)
    count: int = recent[:PER_ADDRESS].count()
    return count >= PER_ADDRESS
