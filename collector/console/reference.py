"""What pages look up: checks, standards, the rulebook in force, and a judge to count again with."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import cast

from django.apps import apps

from checks.catalogue import Catalogue
from checks.check import Check
from checks.policy import Rulebook, rulebook
from checks.standard import Standard
from collector import SOFTWARE
from collector.console.apps import ConsoleConfig
from collector.surveillance.consumer import Judging
from collector.surveillance.policies import in_force


def _config() -> ConsoleConfig:
    return cast(ConsoleConfig, apps.get_app_config("console"))


def catalogue() -> Catalogue:
    """Every check of this release."""
    return _config().catalogue


def check_of(code: str) -> Check | None:
    """The check called `code`; None if this release no longer has it."""
    return _config().catalogue.checks.get(code)


def standards() -> Mapping[str, Standard]:
    """The 17 standards by letter."""
    return _config().standards


def rulebook_at(now: datetime) -> Rulebook:
    """The catalogue under the policy in force at `now`."""
    return rulebook(catalogue(), in_force(now))


def judging() -> Judging:
    """A judge that counts again what a waiver changed."""
    return Judging(catalogue(), standards(), SOFTWARE)
