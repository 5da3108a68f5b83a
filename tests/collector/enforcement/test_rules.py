from __future__ import annotations

import msgspec
import pytest

from collector.enforcement.rules import Improvement, Quorum, Rules, read_rules, shown
from collector.enforcement.rungs import Rung


def test_the_defaults_are_those_of_the_domain() -> None:
    rules = Rules()
    assert [rules.improvement_days(rung) for rung in Rung] == [30, 14, 14, None]
    assert [rules.quorum(rung) for rung in Rung] == [1, 1, 2, 2]
    assert rules.objection_suspends
    assert (rules.objection_decision_days, rules.certificate_months) == (None, None)


def test_rules_come_back_as_they_were_written() -> None:
    rules = Rules(version="2", improvement=Improvement(warning=7), approvers=Quorum(revocation=3), coverage_floor=0.5)
    assert read_rules(rules.encode()) == rules
    assert rules.digest != Rules().digest


@pytest.mark.parametrize(
    "raw",
    [b'{"approvers":{"revocation":1}}', b'{"approvers":{"termination":1}}', b'{"approvers":{"warning":0}}',
     b'{"improvement":{"warning":0}}', b'{"coverage_floor":1.5}', b'{"objection_days":3}'],
)  # fmt: skip
def test_what_the_law_forbids_is_no_rule(raw: bytes) -> None:
    with pytest.raises(msgspec.ValidationError):
        read_rules(raw)


def test_everything_lkpp_sets_is_shown() -> None:
    names = {name for name, _, _ in shown(Rules())}
    groups = {"improvement", "approvers", "version"}
    assert names == (set(msgspec.structs.asdict(Rules())) - groups) | {
        f"improvement.{rung}" for rung in list(Rung)[:3]
    } | {f"approvers.{rung}" for rung in Rung}
    assert all(title.id and title.en for _, title, _ in shown(Rules()))
