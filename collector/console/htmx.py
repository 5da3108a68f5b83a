"""Does the page's script ask for a part of the page, or a browser for the whole?"""

from __future__ import annotations

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails


def partial(request: HttpRequest) -> bool:
    """A part is enough. Going back in history needs the whole."""
    htmx: HtmxDetails = request.htmx  # type: ignore[attr-defined]
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request
