"""docs/vectors and docs/wire.md: what we tell authors of other agents is what this code does."""

from __future__ import annotations

import asyncio
import base64
import gzip
import hashlib
import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from prometheus_client import CollectorRegistry
from securesystemslib import dsse
from securesystemslib.signer import SSlibKey

from agent import collector_client, push
from checks.policy import Policy
from checks.text import Text
from checks.verdict import Result, Status
from collector.config import Config
from collector.ingest import app, enrolments
from collector.ingest.admit import Clock, Known, admit
from collector.ingest.enrolled_keys import EnrolledKeys
from collector.ingest.metrics import IngestMetrics
from collector.ingest.refusal import Refusal, Refused
from collector.ledger.append import Outcome
from evidence.enrolment import MEDIA_TYPE as ENROLMENT
from evidence.enrolment import POLICY_MEDIA_TYPE as POLICY
from evidence.enrolment import Enrolled, Enrolment, read_enrolment
from evidence.envelope import (
    BATCH_MEDIA_TYPE,
    PACKED_MEDIA_TYPE,
    Envelope,
    NotAnEnvelope,
    Signature,
    pack_envelopes,
    pae,
    read_envelope,
    seal,
    unpack_envelopes,
    verify,
)
from evidence.envelope import MEDIA_TYPE as ENVELOPE
from evidence.instances import MEDIA_TYPE as INSTANCES
from evidence.instances import Instance, Instances
from evidence.key import PrivateKey, PublicKey
from evidence.report import MEDIA_TYPE as REPORT
from evidence.report import Gap, NotAReport, Report, read_report

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "wire.md").read_text(encoding="utf-8")
FILES = sorted((DOCS / "vectors").glob("*.json"))
SEALED = ["report.json", "gap.json", "enrolment.json", "policy.json"]


def vector(name: str) -> Any:
    return json.loads((DOCS / "vectors" / name).read_text(encoding="utf-8"))


def key(name: str) -> PrivateKey:
    raw = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(vector("keys.json")[name]["seed"]))
    return PrivateKey.from_pem(raw.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))


# The vectors


@pytest.mark.parametrize("name", ["agent", "collector", "stranger"])
def test_each_key_follows_from_its_seed_and_each_seed_from_its_text(name: str) -> None:
    said = vector("keys.json")[name]
    assert said["seed"] == hashlib.sha256(said["seed_is_sha256_of"].encode()).hexdigest()
    public = key(name).public
    assert (public.raw.hex(), public.id) == (said["public_key"], said["key_id"])
    assert base64.b64decode(said["public_key_base64"]) == public.raw
    assert hashlib.sha256(public.raw).hexdigest() == said["key_id"]


@pytest.mark.parametrize("name", SEALED)
def test_from_key_type_and_payload_follow_digest_pae_signature_and_envelope(name: str) -> None:
    said = vector(name)
    payload, signer = said["payload"].encode(), key(said["key"])
    sealed = seal(said["payload_type"], payload, signer)

    assert len(payload) == said["payload_bytes"]
    assert sealed.digest == said["digest"]
    assert pae(said["payload_type"], payload).hex() == said["pae"]
    assert sealed.signatures[0].sig.hex() == said["signature"]
    assert json.loads(sealed.encode()) == said["envelope"]


@pytest.mark.parametrize("name", SEALED)
def test_each_envelope_is_read_and_verified_here_and_by_securesystemslib(name: str) -> None:
    said = vector(name)
    public = key(said["key"]).public
    payload = verify(read_envelope(json.dumps(said["envelope"]).encode()), public)
    assert payload == said["payload"].encode()

    other = SSlibKey(public.id, "ed25519", "ed25519", {"public": public.raw.hex()})
    assert list(dsse.Envelope.from_dict(said["envelope"]).verify([other], 1)) == [public.id]


def test_the_first_report_means_what_the_page_says() -> None:
    said = vector("report.json")
    report = read_report(said["payload"].encode())
    assert said["payload_bytes"] > len(said["payload"])  # characters of more than one byte
    assert (report.sequence, report.previous, report.every) == (1, "", 60)
    assert (set(report.facts), set(report.missing), set(report.absent)) == ({"sshd"}, {"memory"}, {"oom_kills"})
    assert [(result.check, result.status) for result in report.results] == [
        ("K-SSH-01", Status.PASS),
        ("K-SSH-04", Status.FAIL),
    ]
    assert report.policy == vector("policy.json")["digest"]


def test_the_report_after_a_gap_is_of_the_same_stream() -> None:
    first, later = (read_report(vector(name)["payload"].encode()) for name in ("report.json", "gap.json"))
    assert (later.stream, later.sequence, later.gaps[0].first, later.gaps[0].last) == (first.stream, 4, 2, 3)
    assert (later.taken_at - first.taken_at) == timedelta(minutes=3)
    assert later.clock_offset == -0.25


def test_the_enrolment_and_its_answer_fit_each_other() -> None:
    said = vector("enrolment.json")
    asked = read_enrolment(read_envelope(json.dumps(said["envelope"]).encode()))
    assert asked.public_key == key("agent").public.raw

    answer = msgspec.convert(said["answer"], Enrolled)
    assert answer.collector_key == key("collector").public.raw
    policy = verify(answer.policy, PublicKey.from_raw(answer.collector_key))
    assert hashlib.sha256(policy).hexdigest() == vector("policy.json")["digest"]


CASES = [pytest.param(case, id=f"{case['refusal']}: {case['why']}") for case in vector("refused.json")["cases"]]
SERVER = read_report(vector("report.json")["payload"].encode()).target


def received(case: dict[str, Any]) -> bytes:
    return case["body"].encode() if "body" in case else json.dumps(case["envelope"]).encode()


@pytest.mark.parametrize("case", CASES)
def test_each_bad_envelope_is_refused_with_its_word(case: dict[str, Any]) -> None:
    keys = {key("agent").public.id: Known(key("agent").public, frozenset({SERVER}), revoked=False)}
    now = datetime.fromisoformat(vector("refused.json")["now"])
    clock = Clock(now, timedelta(hours=1), timedelta(days=60))

    if case["refusal"] == "equivocation":  # decided by the ledger; all that the door can see is in order
        first = vector("report.json")
        admitted = admit(received(case), keys, clock)
        was = read_report(first["payload"].encode())
        assert (admitted.report.stream, admitted.report.sequence) == (was.stream, was.sequence)
        assert admitted.digest != first["digest"]
        return
    with pytest.raises(Refused) as refused:
        admit(received(case), keys, clock)
    assert refused.value.refusal.word == case["refusal"]


@pytest.mark.parametrize("name", ["report.json", "gap.json"])
def test_each_good_report_is_admitted(name: str) -> None:
    keys = {key("agent").public.id: Known(key("agent").public, frozenset({SERVER}), revoked=False)}
    clock = Clock(datetime(2026, 11, 23, 3, 5, tzinfo=UTC), timedelta(hours=1), timedelta(days=60))
    said = vector(name)
    assert admit(json.dumps(said["envelope"]).encode(), keys, clock).digest == said["digest"]


# Packed bodies, at the door


LATER = [  # refused after the envelope was read
    case
    for case in vector("refused.json")["cases"]
    if case["refusal"] not in {"empty", "not_an_envelope", "equivocation"}
]


class Ledger:
    """A ledger that takes everything."""

    async def append(self, reports: list[Any]) -> list[Outcome]:
        return [Outcome.ACCEPTED] * len(reports)


class At(datetime):
    """The clock of the vectors."""

    @classmethod
    def now(cls, tz: Any = None) -> Any:
        return datetime.fromisoformat(vector("refused.json")["now"]).astimezone(tz)


def asked(method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, dict[str, str], Any]:
    """Status, headers and answer of a door at which the key `agent` is enrolled."""
    keys = EnrolledKeys(
        {key("agent").public.id: Known(key("agent").public, frozenset({SERVER}), revoked=False)}, _read_at=float("inf")
    )
    door = app.Ingest(Config(), Ledger(), IngestMetrics(CollectorRegistry()), keys)  # type: ignore[arg-type]
    named = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    asyncio.run(door({"method": method, "path": path, "headers": named}, receive, send))
    said = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], said, json.loads(sent[1]["body"])


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "datetime", At)


def envelope(name: str) -> Envelope:
    return read_envelope(json.dumps(vector(name)["envelope"]).encode())


def test_the_packed_body_is_that_of_these_envelopes_and_reads_as_them() -> None:
    said = vector("packed.json")
    envelopes = [envelope(name) for name in said["envelopes"]]
    assert said["content_type"] == PACKED_MEDIA_TYPE
    assert pack_envelopes([one.packed() for one in envelopes]).hex() == said["body"]
    assert unpack_envelopes(bytes.fromhex(said["body"])) == envelopes


@pytest.mark.usefixtures("now")
@pytest.mark.parametrize("compressed", [False, True])
def test_the_packed_body_is_answered_as_the_vector_says(compressed: bool) -> None:
    said = vector("packed.json")
    body, headers = bytes.fromhex(said["body"]), {"content_type": said["content_type"]}
    if compressed:
        body, headers = gzip.compress(body), {**headers, "content_encoding": "gzip"}
    assert asked("POST", "/v1/reports", body, **headers)[::2] == (200, said["answer"])


@pytest.mark.parametrize("case", vector("packed.json")["refused"], ids=lambda case: case["why"])
def test_each_bad_packed_body_is_refused_whole_with_its_word(case: dict[str, str]) -> None:
    body = bytes.fromhex(case["body"])
    status, _, answer = asked("POST", "/v1/reports", body, content_type=PACKED_MEDIA_TYPE)
    assert [entry["reason"] for entry in answer["entries"]] == [case["refusal"]]
    assert status == {refusal.word: refusal.status for refusal in Refusal}[case["refusal"]]
    if case["refusal"] == "not_an_envelope":
        with pytest.raises(NotAnEnvelope):
            unpack_envelopes(body)


def test_one_bad_envelope_is_what_spoils_the_first_of_these_bodies() -> None:
    bodies = [bytes.fromhex(case["body"]) for case in vector("packed.json")["refused"]]
    good = envelope("gap.json").packed()
    assert any(body[:1] == b"\x92" and body[1:].startswith(good) for body in bodies)


@pytest.mark.usefixtures("now")
@pytest.mark.parametrize("case", LATER, ids=lambda case: f"{case['refusal']}: {case['why']}")
def test_what_is_an_envelope_but_refused_does_not_hold_back_the_others_of_its_packed_body(case: dict[str, Any]) -> None:
    body = pack_envelopes([read_envelope(received(case)).packed(), envelope("gap.json").packed()])
    status, _, answer = asked("POST", "/v1/reports", body, content_type=PACKED_MEDIA_TYPE)
    first, second = answer["entries"]
    assert (status, first["status"], first["reason"]) == (200, "refused", case["refusal"])
    assert "digest" not in first
    assert second == {"status": "accepted", "digest": vector("gap.json")["digest"]}


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "/v1/reports", "POST"),
        ("PUT", "/v1/enrolments", "POST"),
        ("POST", "/v1/policy", "GET, HEAD"),
        ("POST", "/v1/instances", "GET, HEAD"),
    ],
)
def test_another_method_is_told_which_there_are(method: str, path: str, allowed: str) -> None:
    status, headers, answer = asked(method, path)
    assert (status, headers["allow"], answer["entries"][0]["reason"]) == (405, allowed, "method")
    assert "a 405 carries `Allow`" in PAGE
    assert f"`{allowed}`" in PAGE


# The page


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_the_page_shows_each_vector_word_for_word(file: Path) -> None:
    shown = dict(re.findall(r"^```json vectors/(\S+)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL))
    assert shown[file.name] == file.read_text(encoding="utf-8")
    assert set(shown) == {each.name for each in FILES}


def test_the_page_names_every_media_type() -> None:
    for kind in (ENVELOPE, BATCH_MEDIA_TYPE, PACKED_MEDIA_TYPE, REPORT, ENROLMENT, POLICY, INSTANCES):
        assert f"`{kind}`" in PAGE


def rows(heading: str) -> dict[str, list[str]]:
    """The rows of the first table below `heading`, by the word in their first column."""
    section = PAGE.split(f"\n{heading}\n", 1)[1]
    table = re.search(r"(?:^\|.*\n)+", section, re.MULTILINE)
    assert table
    cells = [[cell.strip() for cell in line.strip("|\n").split("|")] for line in table.group().splitlines()[2:]]
    return {row[0].strip("`"): row[1:] for row in cells}


TYPES = {
    msgspec.inspect.StrType: "string",
    msgspec.inspect.BoolType: "boolean",
    msgspec.inspect.EnumType: "string",
    msgspec.inspect.BytesType: "Base64",
    msgspec.inspect.IntType: "integer",
    msgspec.inspect.FloatType: "number",
    msgspec.inspect.NoneType: "null",
    msgspec.inspect.DateTimeType: "time",
    msgspec.inspect.DateType: "date",
    msgspec.inspect.DictType: "object",
}


def type_word(kind: msgspec.inspect.Type) -> str:
    """What the page calls this type."""
    if isinstance(kind, msgspec.inspect.UnionType):
        return " or ".join(map(type_word, kind.types))
    if isinstance(kind, msgspec.inspect.TupleType):
        return f"array of {len(kind.item_types)} {' and '.join(map(type_word, kind.item_types))}"
    if isinstance(kind, msgspec.inspect.VarTupleType):
        return f"array of {type_word(kind.item_type)}s"
    if isinstance(kind, msgspec.inspect.StructType):
        return "text" if kind.cls is Text else "object"
    return TYPES[type(kind)]


def if_left_out(field: msgspec.inspect.Field) -> str:
    """What the page says the receiver takes where the member is left out."""
    if field.required:
        return "an error"
    made = field.default_factory is not msgspec.NODEFAULT
    return f"`{msgspec.json.encode(field.default_factory() if made else field.default).decode()}`"


def limits(kind: msgspec.inspect.Type) -> str:
    """What the page says of the limits that `msgspec.Meta` sets."""
    said: list[str] = []
    if isinstance(kind, msgspec.inspect.EnumType):
        said.append("one of the statuses below")
    if isinstance(kind, msgspec.inspect.IntType) and (kind.ge, kind.le) != (None, None):
        said.append(f"{kind.ge} to {kind.le}")
    if isinstance(kind, msgspec.inspect.StrType):
        if kind.pattern is not None:
            assert (kind.pattern[:1], kind.pattern[-2:]) == ("^", "\\Z")
            said.append(f"`{kind.pattern[1:-2]}`")
        if kind.max_length is not None:
            said.append(f"at most {kind.max_length} characters")
    if isinstance(kind, msgspec.inspect.VarTupleType) and kind.max_length is not None:
        said.append(f"at most {kind.max_length}")
    constraints = {"min_length", "max_length", "pattern", "gt", "ge", "lt", "le", "multiple_of"}
    told = {"pattern", "max_length", "ge", "le"}
    assert not [name for name in constraints - told if getattr(kind, name, None) is not None], "say it on the page"
    return ", ".join(said) or "—"


def members(kind: type[msgspec.Struct], within: str = "") -> dict[str, list[str]]:
    """Type, value where left out, and limits of each member, as the page has to say them."""
    fields = msgspec.inspect.type_info(kind).fields  # type: ignore[attr-defined]
    return {
        within + field.encode_name: [type_word(field.type), if_left_out(field), limits(field.type)] for field in fields
    }


TABLES: list[tuple[str, type[msgspec.Struct]]] = [
    ("### Members of a report", Report),
    ("### A result", Result),
    ("### A gap", Gap),
    ("### Members of an enrolment", Enrolment),
    ("### Members of the answer", Enrolled),
    ("### Members of an acknowledgement", app.Acknowledgement),
    ("### Members of a policy", Policy),
    ("### Members of a list of instances", Instances),
    ("### Members of an instance", Instance),
]


@pytest.mark.parametrize(("heading", "kind"), TABLES)
def test_the_page_says_type_default_and_limits_of_every_member_in_its_order(
    heading: str, kind: type[msgspec.Struct]
) -> None:
    described = rows(heading)
    assert {name: row[:3] for name, row in described.items()} == members(kind)
    assert list(described) == list(members(kind))
    assert all(row[3] for row in described.values())


def test_the_page_describes_every_member_of_an_envelope() -> None:
    described = {name: row[:3] for name, row in rows("### Members of an envelope").items()}
    assert described == {**members(Envelope), **members(Signature, "signatures[0].")}


def test_the_agent_reads_the_acknowledgement_that_the_collector_writes() -> None:
    assert members(collector_client.Acknowledgement) == members(app.Acknowledgement)


def test_no_table_of_members_is_left_unproven() -> None:
    lines = PAGE.splitlines()
    heads = [number for number, line in enumerate(lines) if line.startswith("| member |")]
    above = [next(line for line in reversed(lines[:number]) if line.startswith("#")) for number in heads]
    assert sorted(above) == sorted(["### Members of an envelope", *(heading for heading, _ in TABLES)])


BEYOND = [
    ("target", "x" * 201), ("boot_id", "x" * 201), ("software", "x" * 201), ("vantage", "x" * 201),
    ("server", "x\0"), ("boot_id", "\0"), ("software", "x\0"), ("vantage", "\0"),
    ("stream", ""), ("stream", "A1"), ("stream", "0" * 41), ("stream", "a\n"),
    ("sequence", 0), ("sequence", 2**63), ("sequence", 1.0), ("every", 0), ("every", 31 * 86400 + 1),
    ("previous", "0" * 63), ("previous", "A" * 64), ("policy", "0" * 65), ("policy", "z" * 64),
    ("gaps", [{"first": 1, "last": 1, "reason": "x" * 201}]), ("gaps", [{"first": 1, "last": 1, "reason": "\0"}]),
    ("gaps", [{"first": 2, "last": 1, "reason": ""}]),
]  # fmt: skip
WITHIN = [
    ("target", "x" * 200), ("stream", "0" * 40), ("stream", "f"), ("sequence", 2**63 - 1), ("every", 31 * 86400),
    ("previous", "a" * 64), ("policy", ""), ("gaps", [{"first": 1, "last": 1, "reason": "ñ" * 200}]),
]  # fmt: skip


@pytest.mark.parametrize(("member", "value"), [*BEYOND, *WITHIN])
def test_a_report_beyond_a_limit_is_refused_and_not_cut(member: str, value: Any) -> None:
    payload = json.dumps({**json.loads(vector("report.json")["payload"]), member: value}).encode()
    if (member, value) in WITHIN:
        assert json.loads(read_report(payload).encode()).get(member) == value
    else:
        with pytest.raises(NotAReport):
            read_report(payload)


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("hostname", "x" * 256),
        ("hostname", "x\0"),
        ("software", "x" * 81),
        ("software", "\0"),
        ("machine_id", "0" * 65),
        ("machine_id", "4C4C"),
        ("machine_id", "4c4c\n"),
        ("public_key", "AAAA"),
        ("public_key", base64.b64encode(bytes(32)).decode()),
    ],
)
def test_an_enrolment_beyond_a_limit_is_refused_and_not_cut(member: str, value: str) -> None:
    payload = json.dumps({**json.loads(vector("enrolment.json")["payload"]), member: value}).encode()
    with pytest.raises(Refused) as refused:
        enrolments.enrol(seal(ENROLMENT, payload, key("agent")).encode(), datetime.now(UTC))
    assert refused.value.refusal is Refusal.NOT_A_REPORT


def test_the_page_describes_every_status_a_report_may_carry() -> None:
    assert list(rows("### Statuses")) == [status.value for status in Status]


def test_the_page_lists_every_refusal_with_its_http_status_and_whether_to_try_again() -> None:
    listed = {word: (int(row[0]), row[1] == "yes") for word, row in rows("### Refusals").items()}
    assert listed == {refusal.word: (refusal.status, refusal.again) for refusal in Refusal}


def test_the_page_says_of_each_refusal_what_our_own_agent_does() -> None:
    does = {word: row[-1] for word, row in rows("### Refusals").items()}

    def rule(*said: str) -> set[str]:
        return {word for word, does_ in does.items() if any(one in does_ for one in said)}

    assert rule("drop it") == push.LASTING_REASONS | push.OWN_REASONS
    assert rule("where *every* report") == push.OWN_REASONS
    assert rule("wait long") == push.KEY_REASONS | push.OWN_REASONS
    assert rule("halve") == push.HALVE_REASONS
    assert rule("keep everything", "drop it") == set(does) - {"not_enrolled"}


def test_the_collector_signs_the_whole_policy_and_knows_it_by_the_digest_of_the_bytes() -> None:
    written = Policy().encode()
    assert list(json.loads(written)) == sorted(rows("### Members of a policy"))
    assert msgspec.json.decode(b"{}", type=Policy).digest == hashlib.sha256(written).hexdigest()


def test_the_page_says_how_long_our_own_agent_waits_and_how_much_it_sends() -> None:
    assert f"**Back off**: {push.FIRST_WAIT:g} s after the first failure" in PAGE
    assert f"up to {push.LONGEST_WAIT / 60:g} minutes" in PAGE
    assert f"thus {push.KEY_WAIT:g} to {push.KEY_WAIT * 1.5:g} s" in PAGE
    assert f"at most {push.MOST} reports and {push.MOST_BYTES:,} bytes" in PAGE


def test_the_page_says_the_default_limits_of_the_door() -> None:
    config = Config()
    assert f"At most {config.max_body >> 20} MiB on the wire and {config.max_decoded >> 20} MiB decompressed" in PAGE
    assert f"arrive within {config.request_timeout:g} seconds" in PAGE
    assert f"{config.max_batch:,} lines |" in PAGE
    assert f"{config.max_batch:,} envelopes |" in PAGE
    assert f"more than {config.clock_ahead // 3600} hour ahead or {config.clock_behind // 86400} days old" in PAGE
