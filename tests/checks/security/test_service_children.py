from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from checks.facts.service_children import Child, ServiceChildren
from checks.security.service_children import no_shell_of_a_service
from checks.text import words
from checks.verdict import Status, Verdict
from tests.checks.real import NOW

SHELL = Child(812, "spse", "java", "sh", NOW - timedelta(seconds=40))
NONE = ServiceChildren(9, root=True)


def said(found: ServiceChildren, **thresholds: tuple[str, ...]) -> Verdict:
    verdict = no_shell_of_a_service(found, NOW, **thresholds)
    assert isinstance(verdict, Verdict)
    return verdict


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (NONE, Status.PASS),
        (ServiceChildren(9, 1, (SHELL,)), Status.FAIL),
        (ServiceChildren(9, 1, (SHELL,), hidden=3), Status.FAIL),
        (ServiceChildren(9, hidden=3), Status.UNKNOWN),
    ],
)
def test_a_shell_below_a_service_fails(found: ServiceChildren, expected: Status) -> None:
    assert said(found).status is expected


def test_what_was_found_is_named() -> None:
    verdict = said(ServiceChildren(9, 1, (SHELL,)))

    assert words(verdict.measured, "en") == "sh (PID 812) of spse, started by java 40 s ago"


def test_a_pair_that_policy_knows_is_allowed_and_others_are_not() -> None:
    script = msgspec.structs.replace(SHELL, program="python3")

    assert said(ServiceChildren(9, 1, (script,)), known=("java:python3",)).status is Status.PASS
    assert said(ServiceChildren(9, 2, (script, SHELL)), known=("java:python3",)).status is Status.FAIL


def test_what_was_not_looked_at_is_not_passed_over() -> None:
    verdict = said(ServiceChildren(9, 25, (SHELL,) * 20), known=("java:sh",))

    assert verdict.status is Status.UNKNOWN


def test_a_long_list_says_how_many_are_left_out() -> None:
    verdict = said(ServiceChildren(9, 30, (SHELL,) * 20))

    assert words(verdict.measured, "id").endswith("dan 25 lainnya")
    assert verdict.value == 30
