"""What every page reads and no request changes: the catalogue and the standards of this release."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from django.apps import AppConfig

from checks.catalogue import Catalogue, catalogue
from checks.standard import Standard, load


class ConsoleConfig(AppConfig):
    """Loads them at first use, not at start."""

    name = "collector.console"

    @cached_property
    def catalogue(self) -> Catalogue:
        """Every check."""
        return catalogue()

    @cached_property
    def standards(self) -> Mapping[str, Standard]:
        """The 17 standards by letter."""
        return load()
