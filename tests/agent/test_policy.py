from __future__ import annotations

import logging
from pathlib import Path

import pytest

from agent import policy
from agent.settings import Settings
from checks.catalogue import Catalogue, catalogue
from checks.policy import Policy, PolicyError
from evidence.enrolment import POLICY_MEDIA_TYPE
from evidence.envelope import Envelope, seal
from evidence.key import PrivateKey
from tests.agent.parts import COLLECTOR_KEY, settings

STRICTER = Policy(version="2027-1", thresholds={"K-SSH-04": {"maximum": 3}})


@pytest.fixture(scope="module")
def found() -> Catalogue:
    return catalogue()


@pytest.fixture
def known(tmp_path: Path) -> Settings:
    return settings(tmp_path)


def sealed(of: Policy, key: PrivateKey = COLLECTOR_KEY, kind: str = POLICY_MEDIA_TYPE) -> Envelope:
    return seal(kind, of.encode(), key)


def used(known: Settings, found: Catalogue) -> str:
    return policy.current(known, found, COLLECTOR_KEY.public).policy.version


def test_a_policy_signed_by_the_collector_is_kept_and_used(known: Settings, found: Catalogue) -> None:
    made = policy.accept(known, found, sealed(STRICTER), COLLECTOR_KEY.public)
    again = policy.current(known, found, COLLECTOR_KEY.public)
    assert made.digest == again.digest == STRICTER.digest
    assert again.thresholds["K-SSH-04"]["maximum"] == 3


def test_without_a_kept_policy_the_default_one_is_used_without_a_word(
    known: Settings, found: Catalogue, caplog: pytest.LogCaptureFixture
) -> None:
    assert used(known, found) == "default"
    assert policy.current(known, found, None).policy.version == "default"
    assert not caplog.records


def test_a_policy_signed_by_another_key_is_neither_kept_nor_used(known: Settings, found: Catalogue) -> None:
    with pytest.raises(policy.PolicyNotTrusted, match="not signed by the collector's key"):
        policy.accept(known, found, sealed(STRICTER, PrivateKey.generate()), COLLECTOR_KEY.public)
    assert not known.path(policy.FILE).exists()


def test_another_document_of_the_collector_is_no_policy(known: Settings, found: Catalogue) -> None:
    with pytest.raises(policy.PolicyNotTrusted, match="payload type"):
        policy.accept(known, found, sealed(STRICTER, kind="application/json"), COLLECTOR_KEY.public)


def test_a_changed_payload_is_not_trusted(known: Settings, found: Catalogue) -> None:
    good = sealed(STRICTER)
    doctored = Envelope(good.payload.replace(b"3", b"9"), good.payload_type, good.signatures)
    with pytest.raises(policy.PolicyNotTrusted):
        policy.accept(known, found, doctored, COLLECTOR_KEY.public)


@pytest.mark.parametrize(
    "unfit",
    [
        Policy(version="x", thresholds={"K-SSH-04": {"maximum": 2}, "Z-NEW-01": {"most": 1}}),
        Policy(version="x", thresholds={"K-SSH-04": {"maximum": 2, "minimum": 1}}),
        Policy(version="x", thresholds={"K-SSH-04": {"maximum": "many"}}),
        Policy(version="x", thresholds={"K-SSH-04": {"maximum": 2}}, grace={"Z-NEW-01": 60}),
        Policy(version="x", thresholds={"K-SSH-04": {"maximum": 2}}, silence_after=0),
    ],
    ids=["unknown check", "unknown threshold", "wrong type", "unknown grace", "nonsense"],
)
def test_a_policy_that_does_not_fit_is_not_used_in_part_and_the_last_that_fits_stays(
    known: Settings, found: Catalogue, unfit: Policy
) -> None:
    policy.accept(known, found, sealed(STRICTER), COLLECTOR_KEY.public)
    with pytest.raises(PolicyError):
        policy.accept(known, found, sealed(unfit), COLLECTOR_KEY.public)
    assert policy.current(known, found, COLLECTOR_KEY.public).thresholds["K-SSH-04"]["maximum"] == 3


@pytest.mark.parametrize("payload", [b"", b"{", b"[" * 100_000, b'{"version":"2030","a_later_member":{}}', b"\xff"])
def test_a_signed_payload_that_is_no_policy_of_ours_is_a_sentence(
    known: Settings, found: Catalogue, payload: bytes
) -> None:
    with pytest.raises(PolicyError):
        policy.accept(known, found, seal(POLICY_MEDIA_TYPE, payload, COLLECTOR_KEY), COLLECTOR_KEY.public)


@pytest.mark.parametrize("content", [b"", b"garbage", b"{}", b"[" * 100_000, b"\xff\xfe"])
def test_a_damaged_file_is_reported_and_the_default_policy_is_used(
    known: Settings, found: Catalogue, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    policy.accept(known, found, sealed(STRICTER), COLLECTOR_KEY.public)
    known.path(policy.FILE).write_bytes(content)
    with caplog.at_level(logging.WARNING):
        assert used(known, found) == "default"
    assert "event=policy_not_used file=policy.json" in caplog.text


def test_a_kept_file_that_another_key_signed_is_not_used(known: Settings, found: Catalogue) -> None:
    stranger = PrivateKey.generate()
    policy.accept(known, found, sealed(STRICTER, stranger), stranger.public)
    assert used(known, found) == "default"


def test_a_directory_in_the_place_of_the_file_is_reported(known: Settings, found: Catalogue) -> None:
    known.path(policy.FILE).mkdir(parents=True)
    assert used(known, found) == "default"
