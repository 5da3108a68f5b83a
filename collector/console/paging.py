"""Long lists in pages."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest

PER_PAGE = 25


def page_of(request: HttpRequest, rows: Any, name: str = "page", most: int = PER_PAGE) -> Page[Any]:
    """The page of `rows` that the address asks for with `name`; what makes no sense there is the first or the last page."""
    return Paginator(rows, most).get_page(request.GET.get(name))
