from __future__ import annotations

import logging
from pathlib import Path

import msgspec
import pytest

from agent import policy
from agent.collector_client import RefusedByCollector, Unreachable
from agent.enrol import enrol, machine_id
from agent.identity import NotEnrolled, load
from agent.policy import PolicyNotTrusted
from checks.catalogue import catalogue
from checks.policy import Policy
from evidence.enrolment import Enrolled, read_enrolment
from evidence.envelope import read_envelope, verify
from evidence.key import PrivateKey
from tests.agent.as_nobody import as_nobody
from tests.agent.collector_stand_in import CollectorStandIn, Said, json_of, refused
from tests.agent.parts import settings


def test_an_enrolled_agent_holds_the_key_it_proved_and_the_policy_in_force(
    collector: CollectorStandIn, tmp_path: Path
) -> None:
    collector.policy = Policy(version="2027-1")
    known = settings(tmp_path)
    identity = enrol(known, collector.url, " token-1\n")
    request = read_enrolment(read_envelope(collector.asked[0].body))
    verify(read_envelope(collector.asked[0].body), identity.key.public)
    assert (request.token, request.hostname, request.machine_id) == ("token-1", "spse.contoh.go.id", machine_id())
    assert request.public_key == load(known).key.public.raw == identity.key.public.raw
    assert load(known).collector == collector.url
    assert policy.current(known, catalogue(), identity.collector_key).policy.version == "2027-1"


@pytest.mark.parametrize("reason", ["not_enrolled", "busy"])
def test_a_refused_enrolment_leaves_no_identity(collector: CollectorStandIn, tmp_path: Path, reason: str) -> None:
    collector.answer = lambda asked: refused(reason, 403)
    known = settings(tmp_path)
    with pytest.raises(RefusedByCollector, match=reason):
        enrol(known, collector.url, "used-up")
    with pytest.raises(NotEnrolled):
        load(known)


def test_a_page_of_a_proxy_leaves_no_identity(collector: CollectorStandIn, tmp_path: Path) -> None:
    collector.answer = lambda asked: Said(200, b"<html>")
    known = settings(tmp_path)
    with pytest.raises(Unreachable):
        enrol(known, collector.url, "token")
    with pytest.raises(NotEnrolled):
        load(known)


def test_a_collector_without_a_usable_key_is_a_sentence(collector: CollectorStandIn, tmp_path: Path) -> None:
    made = Enrolled("srv-1", "LPSE", b"short", collector.sealed_policy())
    collector.answer = lambda asked: Said(200, json_of(made))
    with pytest.raises(PolicyNotTrusted, match="no usable key"):
        enrol(settings(tmp_path), collector.url, "token")


def test_a_policy_signed_by_somebody_else_is_not_taken(collector: CollectorStandIn, tmp_path: Path) -> None:
    made = Enrolled("srv-1", "LPSE", PrivateKey.generate().public.raw, collector.sealed_policy())
    collector.answer = lambda asked: Said(200, json_of(made))
    known = settings(tmp_path)
    with pytest.raises(PolicyNotTrusted):
        enrol(known, collector.url, "token")
    assert not known.path(policy.FILE).exists()


def test_a_policy_of_a_later_catalogue_does_not_waste_the_token(
    collector: CollectorStandIn, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    collector.policy = Policy(version="2031", grace={"Z-NEW-01": 60})
    known = settings(tmp_path)
    with caplog.at_level(logging.WARNING):
        identity = enrol(known, collector.url, "token")
    assert "event=policy_not_used" in caplog.text
    assert load(known).server == identity.server
    assert policy.current(known, catalogue(), identity.collector_key).policy.version == "default"


def test_a_state_directory_that_may_not_be_written_is_found_before_the_token_is_spent(
    collector: CollectorStandIn, public: Path
) -> None:
    known = settings(public)
    Path(known.state).mkdir()
    with pytest.raises(PermissionError):
        as_nobody(lambda: enrol(known, collector.url, "token"))
    assert not collector.asked


def test_the_request_says_no_more_than_it_must(collector: CollectorStandIn, tmp_path: Path) -> None:
    enrol(settings(tmp_path), collector.url, "token")
    payload = msgspec.json.decode(read_envelope(collector.asked[0].body).payload)
    assert sorted(payload) == ["hostname", "machine_id", "public_key", "software", "token"]
