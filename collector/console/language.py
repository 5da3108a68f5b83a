"""Which language a page speaks, and how to change it.

Laws:
- An account's own language wins; before login the cookie; without either, Indonesian - whatever the browser prefers.
- The switch writes both.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from collector.accounts.models import Account

KNOWN = frozenset({"id", "en"})
YEAR = 365 * 86400  # seconds


class LanguageMiddleware:
    """Activates the language of each request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer in the language of `request`."""
        language = _chosen(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ("Cookie",))
        return response


def _chosen(request: HttpRequest) -> str:
    if isinstance(request.user, Account) or request.user.is_authenticated:
        said = request.user.language
    else:
        said = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    return said if said in KNOWN else settings.LANGUAGE_CODE


@login_not_required
@require_POST
def switch(request: HttpRequest) -> HttpResponse:
    """Speak `language` from now on, and go back to `next`."""
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        target = "/"
    response = HttpResponseRedirect(target)
    language = request.POST.get("language", "")
    if language in KNOWN:
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, language, max_age=YEAR, samesite="Lax", httponly=True,
            secure=bool(settings.SESSION_COOKIE_SECURE),
        )  # fmt: skip
        if request.user.is_authenticated:
            Account.objects.filter(pk=request.user.pk).update(language=language)
    return response
