"""The addresses of the collector below the hot path."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("", include("collector.export.urls")),
    path("", include("collector.console.urls")),
]
