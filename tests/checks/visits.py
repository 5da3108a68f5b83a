"""Visits as the prober makes them, for tests of what is read from them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from checks.outside import Visit
from tests.public_site import HOME

URL = "https://lpse.example.go.id/eproc4"
SENT = datetime(2026, 11, 23, 3, 0, 0, tzinfo=UTC)
FORBIDDEN = Visit(URL, 403, text="<h1>403 Forbidden</h1>")
CHALLENGE = Visit(URL, 503, text="<title>Just a moment...</title><p>Checking your browser before accessing.</p>")
REJECTED = Visit(
    URL, 200, text="<title>Request Rejected</title>The requested URL was rejected. Your support ID is: 123"
)
SILENT = Visit(URL, trouble="silent", seconds=15.0)
EMPTY = Visit(URL, 200)
REFUSALS = (FORBIDDEN, CHALLENGE, REJECTED)


def visit(text: str = HOME, status: int = 200, url: str = URL, **rest: Any) -> Visit:
    """A page as it was seen at `SENT`, a tenth of a second there and back."""
    said = {
        "secure": True,
        "trusted": True,
        "sent": SENT,
        "received": SENT + timedelta(seconds=0.1),
        "seconds": 0.1,
    } | rest
    return Visit(url, status, text=text, **said)
