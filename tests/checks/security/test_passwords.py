from __future__ import annotations

import pytest

from checks.facts.password_policy import PasswordPolicy
from checks.security.passwords import password_rules
from checks.verdict import Status, Verdict

GOOD = PasswordPolicy(minimum_length=14, classes=3, remember=24, deny=5)


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        (GOOD, Status.PASS),
        (PasswordPolicy(8, 3, 24, 5), Status.FAIL),
        (PasswordPolicy(14, 3, 5, 5), Status.FAIL),
        (PasswordPolicy(14, 3, 24, 10), Status.FAIL),
        (PasswordPolicy(14, 3, 24, 0), Status.FAIL),
        (PasswordPolicy(), Status.FAIL),
    ],
)
def test_length_history_and_lockout_are_all_needed(policy: PasswordPolicy, expected: Status) -> None:
    said = password_rules(policy)

    assert isinstance(said, Verdict)
    assert said.status is expected


def test_policy_may_ask_for_classes() -> None:
    said = password_rules(GOOD, minimum_classes=4)

    assert isinstance(said, Verdict)
    assert said.status is Status.FAIL
