"""What pages look up: checks, standards, the rulebook in force, and a judge to count again with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from django.apps import apps

from checks.catalogue import Catalogue
from checks.check import Check
from checks.policy import Rulebook, rulebook
from checks.standard import Standard
from checks.text import Text
from collector import SOFTWARE
from collector.console.apps import ConsoleConfig
from collector.surveillance.consumer import Judging
from collector.surveillance.policies import in_force
from collector.surveillance.standards import roll_up


def _config() -> ConsoleConfig:
    return cast(ConsoleConfig, apps.get_app_config("console"))


def catalogue() -> Catalogue:
    """Every check of this release."""
    return _config().catalogue


@dataclass(frozen=True)
class About:
    """What a page says about a check; `breach` is its title where it fails.

    Templates get this, because they would call the check itself: it is a function.
    """

    code: str
    title: Text
    breach: Text
    why: Text
    remedy: Text
    severity: str
    aspect: str
    source: str


def about(check: Check) -> About:
    """What a page says about `check`."""
    return About(
        check.code, check.title, check.breach, check.why, check.remedy,
        check.severity.value, check.aspect.value, check.source,
    )  # fmt: skip


def check_of(code: str) -> Check | None:
    """The check called `code`; None if this release no longer has it."""
    return _config().catalogue.checks.get(code)


def about_code(code: str) -> About | None:
    """What a page says about the check called `code`; None if this release no longer has it."""
    check = check_of(code)
    return about(check) if check else None


def standards() -> Mapping[str, Standard]:
    """The 17 standards by letter."""
    return _config().standards


def rulebook_at(now: datetime) -> Rulebook:
    """The catalogue under the policy in force at `now`."""
    return rulebook(catalogue(), in_force(now))


def judging() -> Judging:
    """A judge that counts again what a waiver changed."""
    return Judging(catalogue(), standards(), SOFTWARE)


def count_again(provider: int, now: datetime) -> None:
    """Count how the provider with this key stands, after its servers changed."""
    roll_up({provider}, standards(), now)
