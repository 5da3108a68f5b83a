from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

import msgspec

from checks.facts.agent_health import AgentHealth
from checks.governance.agent_health import agent_is_healthy
from checks.verdict import Status
from tests.checks.real import NOW

DIGEST = "ab" * 32
HEALTHY = AgentHealth(0o600, NOW - timedelta(days=100), 1 << 30, "0.1.0", DIGEST, 0, (), 0o644)
PASS, FAIL, WARN, UNKNOWN = Status.PASS, Status.FAIL, Status.WARN, Status.UNKNOWN


def judged(current: tuple[str, ...] = (), **changed: object) -> dict[str, Status]:
    said = agent_is_healthy(msgspec.structs.replace(HEALTHY, **changed), NOW, current=current)
    assert isinstance(said, Iterable)
    return {one.subject: one.status for one in said}


def test_a_healthy_agent_passes_in_all_its_parts() -> None:
    assert judged() == dict.fromkeys(("pantau-agent", "agent_key.pem", "agent.toml", "spool"), PASS)
    assert judged((f"0.1.0 {DIGEST}",))["pantau-agent"] is PASS


def test_another_release_or_an_altered_file_fails() -> None:
    assert judged((f"0.2.0 {'cd' * 32}",))["pantau-agent"] is FAIL
    assert judged(altered=1, which=("checks/check.py",))["pantau-agent"] is FAIL
    assert judged(version="", digest="")["pantau-agent"] is UNKNOWN
    assert judged(("0.2.0",))["pantau-agent"] is UNKNOWN


def test_a_key_that_others_may_read_or_that_is_old_fails() -> None:
    assert judged(key_mode=0o640)["agent_key.pem"] is FAIL
    assert judged(key_made=NOW - timedelta(days=366))["agent_key.pem"] is FAIL
    assert judged(key_made=NOW - timedelta(days=365))["agent_key.pem"] is WARN
    assert judged(key_made=NOW - timedelta(days=335))["agent_key.pem"] is PASS


def test_a_configuration_that_others_may_change_and_a_full_disk_fail() -> None:
    assert judged(config_mode=0o664)["agent.toml"] is FAIL
    assert "agent.toml" not in judged(config_mode=None)
    assert judged(free=10 << 20)["spool"] is FAIL


def test_where_no_agent_is_enrolled_there_is_nothing_to_judge() -> None:
    assert agent_is_healthy.absent is Status.NOT_APPLICABLE
