"""Addresses of export."""

from __future__ import annotations

from django.urls import path

from collector.export import health, metrics

urlpatterns = [
    path("-/healthy", health.healthy, name="healthy"),
    path("-/ready", health.ready, name="ready"),
    path("metrics", metrics.show, name="metrics"),
]
