from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from checks.facts.waf import WafEngine, WafRules
from checks.facts.web_directives import WebServer
from checks.facts.web_server import WebServers
from checks.security.waf import enforcing, up_to_date
from checks.verdict import Status, Verdict
from tests.checks.real import NOW
from tests.checks.security.test_web import APACHE, DEBIAN, EL

NEW = WafRules(20, NOW - timedelta(days=30))
ENGINE = WafEngine("libapache2-mod-security2", "2.9.7")


def server(**fields: object) -> WebServer:
    return msgspec.structs.replace(APACHE, **fields)


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({}, Status.FAIL),
        ({"engines": {"": "on"}}, Status.PASS),
        ({"engines": {"": "detectiononly"}}, Status.FAIL),
        ({"engines": {"": "on", "virtualhost *:443": "off"}}, Status.FAIL),
        ({"engines": {"virtualhost *:443": "on"}, "sites": 1}, Status.PASS),
        ({"engines": {"virtualhost *:443": "on"}, "sites": 2}, Status.FAIL),
        ({"engines": {}, "unread": ("/srv/waf.conf",)}, Status.UNKNOWN),
    ],
)
def test_the_firewall_must_enforce_everywhere(fields: dict[str, object], status: Status) -> None:
    verdicts = enforcing(WebServers((server(**fields),)))
    assert not isinstance(verdicts, Verdict)

    assert [one.status for one in verdicts] == [status]


def test_debian_ships_detection_only_and_the_spse_guide_enforces() -> None:
    for web, status in ((DEBIAN, Status.FAIL), (EL, Status.PASS)):
        verdicts = enforcing(web)
        assert not isinstance(verdicts, Verdict)
        assert [one.status for one in verdicts] == [status]


@pytest.mark.parametrize(
    ("engine", "rules", "status"),
    [
        (ENGINE, NEW, Status.PASS),
        (ENGINE, WafRules(20, NOW - timedelta(days=366)), Status.FAIL),
        (WafEngine("mod_security", "2.6.5"), NEW, Status.FAIL),
        (WafEngine("libmodsecurity3", "3.0.9"), NEW, Status.PASS),
        (None, NEW, Status.UNKNOWN),
        (ENGINE, None, Status.UNKNOWN),
    ],
)
def test_engine_and_rules_must_be_fresh(engine: WafEngine | None, rules: WafRules | None, status: Status) -> None:
    verdict = up_to_date(EL, engine, rules, NOW)
    assert isinstance(verdict, Verdict)
    assert verdict.status is status


def test_without_a_firewall_its_age_does_not_matter() -> None:
    verdict = up_to_date(WebServers((server(),)), None, None, NOW)
    assert isinstance(verdict, Verdict)
    assert verdict.status is Status.NOT_APPLICABLE
