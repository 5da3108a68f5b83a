"""POST /v1/enrolments and GET /v1/policy at a real server process."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import httpx
import msgspec
import pytest

from checks.policy import Policy, read_policy
from collector.registry.demo import SLUG
from evidence.enrolment import POLICY_MEDIA_TYPE, Enrolled
from evidence.envelope import Envelope, read_envelope, verify
from evidence.key import PrivateKey, PublicKey
from tests.collector.forging import as_json, flipped
from tests.collector.process import Collector, enrolment, reasons


def enrol(served: Collector, content: Envelope | bytes) -> httpx.Response:
    return served.post(content, "/v1/enrolments")


def test_an_agent_with_a_good_token_learns_who_it_is_and_the_policy(served: Collector) -> None:
    key = PrivateKey.generate()
    answer = enrol(served, enrolment(key, served.token(), "spse7.contoh.go.id"))
    assert answer.status_code == 200
    enrolled = msgspec.json.decode(answer.content, type=Enrolled)
    assert enrolled.provider == "LPSE Kabupaten Contoh"
    assert enrolled.policy.payload_type == POLICY_MEDIA_TYPE
    assert read_policy(verify(enrolled.policy, PublicKey.from_raw(enrolled.collector_key))) == Policy()
    rows = served.query("SELECT key_id, hostname FROM registry_agent WHERE server_id = %s", enrolled.server)
    assert rows == [(key.public.id, "spse7.contoh.go.id")]


def test_the_policy_is_signed_by_the_collectors_key_and_no_other(served: Collector) -> None:
    answer = served.get("/v1/policy")
    own = PrivateKey.from_pem((served.state / "collector_key.pem").read_bytes()).public
    envelope = read_envelope(answer.content)
    assert (answer.status_code, envelope.payload_type) == (200, POLICY_MEDIA_TYPE)
    assert hashlib.sha256(verify(envelope, own)).hexdigest() == Policy().digest
    assert served.client.head(served.url + "/v1/policy").status_code == 200


def test_a_token_is_only_kept_as_its_hash(served: Collector) -> None:
    token = served.run("token", SLUG, "--note", "for a test").strip()
    with served.connection() as connection:
        tables = ("registry_token", "accounts_act", "registry_agent")
        rows = [repr(connection.execute(f"SELECT * FROM {table}").fetchall()) for table in tables]
    assert hashlib.sha256(token.encode()).hexdigest() in rows[0]
    assert not any(token in said or token.removeprefix("pantau-") in said for said in rows)
    assert served.post(enrolment(PrivateKey.generate(), token), "/v1/enrolments").status_code == 200
    if (served.state / "collector.db").exists():
        assert not any(token.encode() in path.read_bytes() for path in served.state.glob("collector.db*"))
    assert token not in served.log


def test_one_token_shown_by_many_at_once_enrols_one(served: Collector) -> None:
    for _ in range(5):
        token = served.token()
        requests = [enrolment(PrivateKey.generate(), token) for _ in range(12)]
        servers = served.query("SELECT count(*) FROM registry_target WHERE kind = 'server'")[0][0]
        with ThreadPoolExecutor(12) as pool:
            said = Counter(answer.status_code for answer in pool.map(lambda one: enrol(served, one), requests))
        assert said == {200: 1, 403: 11}
        assert served.query("SELECT count(*) FROM registry_target WHERE kind = 'server'")[0][0] == servers + 1


def spoil(served: Collector, column: str) -> str:
    token = served.token()
    digest = hashlib.sha256(token.encode()).hexdigest()
    served.query(f"UPDATE registry_token SET {column} = '2001-01-01 00:00:00+00' WHERE digest = %s", digest)
    return token


def test_spent_expired_revoked_and_unknown_tokens_are_answered_alike(served: Collector) -> None:
    spent = served.token()
    enrol(served, enrolment(PrivateKey.generate(), spent))
    tokens = [
        spent,
        spoil(served, "expires_at"),
        spoil(served, "revoked_at"),
        "pantau-never-made",
        "",
        "x" * 10_000,
        "\0",
    ]
    agents = served.query("SELECT count(*) FROM registry_agent")
    answers = [enrol(served, enrolment(PrivateKey.generate(), token)) for token in tokens]
    assert {answer.status_code for answer in answers} == {403}
    assert {answer.text for answer in answers} == {answers[0].text}
    assert reasons(answers[0]) == ["not_enrolled"]
    assert served.query("SELECT count(*) FROM registry_agent") == agents


def test_a_key_is_enrolled_once_and_a_refusal_does_not_spend_the_token(served: Collector) -> None:
    key, second = PrivateKey.generate(), served.token()
    assert enrol(served, enrolment(key, served.token())).status_code == 200
    assert reasons(enrol(served, enrolment(key, second))) == ["not_enrolled"]
    assert enrol(served, enrolment(PrivateKey.generate(), second)).status_code == 200


def test_a_revoked_key_cannot_come_back(served: Collector) -> None:
    sensor = served.enrol()
    served.run("agents", "--revoke", sensor.agent.key_id, "--reason", "stolen")
    assert reasons(enrol(served, enrolment(sensor.key, served.token()))) == ["not_enrolled"]


def test_a_token_for_a_server_enrols_again_for_that_server(served: Collector) -> None:
    server = served.enrol().agent.server_id
    token = served.run("token", SLUG, "--server", server).strip()
    assert served.enrol(token=token).agent.server_id == server


def small_order(key: PrivateKey) -> Envelope:
    return enrolment(key, "pantau-x", public_key=bytes(32))


ENROLMENTS: list[tuple[str, int, str, Callable[[PrivateKey, str], Envelope | bytes]]] = [
    ("nothing", 400, "empty", lambda key, token: b" "),
    ("not JSON", 400, "not_an_envelope", lambda key, token: b"hello"),
    ("brackets", 400, "not_an_envelope", lambda key, token: b"[" * 100_000),
    ("another payload type", 415, "wrong_payload_type",
     lambda key, token: as_json(enrolment(key, token), payloadType="application/vnd.pantau.report.v1+json")),
    ("a flipped bit", 401, "bad_signature", lambda key, token: flipped(enrolment(key, token))),
    ("somebody else's key", 401, "bad_signature",
     lambda key, token: enrolment(key, token, public_key=PrivateKey.generate().public.raw)),
    ("a point of small order", 422, "not_a_report", lambda key, token: small_order(key)),
    ("a key of 31 bytes", 422, "not_a_report", lambda key, token: enrolment(key, token, public_key=b"x" * 31)),
    ("no point at all", 401, "bad_signature", lambda key, token: enrolment(key, token, public_key=b"\x02" + bytes(31))),
    ("a NUL in the host name", 422, "not_a_report", lambda key, token: enrolment(key, token, hostname="a\0b")),
    ("a host name too long", 422, "not_a_report", lambda key, token: enrolment(key, token, hostname="a" * 256)),
    ("a machine id that is none", 422, "not_a_report", lambda key, token: enrolment(key, token, machine_id="../x")),
    ("a wrong type", 422, "not_a_report", lambda key, token: enrolment(key, token, software=1)),
    ("an unknown member", 422, "not_a_report", lambda key, token: enrolment(key, token, server="srv-1")),
    ("larger than the limit", 413, "too_large", lambda key, token: b"x" * ((1 << 20) + 1)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("status", "reason", "make"), [one[1:] for one in ENROLMENTS], ids=[one[0] for one in ENROLMENTS]
)
def test_what_is_no_good_enrolment_is_refused_and_leaves_the_token_unspent(
    served: Collector, status: int, reason: str, make: Callable[[PrivateKey, str], Envelope | bytes]
) -> None:
    key, token = PrivateKey.generate(), served.token()
    before = served.refused().get(reason, 0)
    answer = enrol(served, make(key, token))
    assert (answer.status_code, reasons(answer)) == (status, [reason])
    assert served.refused()[reason] == before + 1
    assert enrol(served, enrolment(key, token)).status_code == 200


def test_an_enrolment_is_no_report_and_a_report_no_enrolment(served: Collector) -> None:
    sensor = served.enrol()
    assert reasons(served.post(enrolment(sensor.key, served.token()))) == ["wrong_payload_type"]
    assert reasons(enrol(served, sensor.report())) == ["wrong_payload_type"]
