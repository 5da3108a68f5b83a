"""docs/vectors and docs/wire.md: what we tell authors of other agents is what this code does."""

from __future__ import annotations

import base64
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
from securesystemslib import dsse
from securesystemslib.signer import SSlibKey

from checks.verdict import Result, Status
from collector.ingest.admit import Clock, Known, admit
from collector.ingest.refusal import Refusal, Refused
from evidence.enrolment import MEDIA_TYPE as ENROLMENT
from evidence.enrolment import POLICY_MEDIA_TYPE as POLICY
from evidence.enrolment import Enrolled, Enrolment, read_enrolment
from evidence.envelope import BATCH_MEDIA_TYPE, Envelope, pae, read_envelope, seal, verify
from evidence.envelope import MEDIA_TYPE as ENVELOPE
from evidence.key import PrivateKey, PublicKey
from evidence.report import MEDIA_TYPE as REPORT
from evidence.report import Gap, Report, read_report

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
SERVER = read_report(vector("report.json")["payload"].encode()).server


def received(case: dict[str, Any]) -> bytes:
    return case["body"].encode() if "body" in case else json.dumps(case["envelope"]).encode()


@pytest.mark.parametrize("case", CASES)
def test_each_bad_envelope_is_refused_with_its_word(case: dict[str, Any]) -> None:
    keys = {key("agent").public.id: Known(key("agent").public, SERVER, revoked=False)}
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
    keys = {key("agent").public.id: Known(key("agent").public, SERVER, revoked=False)}
    clock = Clock(datetime(2026, 11, 23, 3, 5, tzinfo=UTC), timedelta(hours=1), timedelta(days=60))
    said = vector(name)
    assert admit(json.dumps(said["envelope"]).encode(), keys, clock).digest == said["digest"]


# The page


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_the_page_shows_each_vector_word_for_word(file: Path) -> None:
    shown = dict(re.findall(r"^```json vectors/(\S+)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL))
    assert shown[file.name] == file.read_text(encoding="utf-8")
    assert set(shown) == {each.name for each in FILES}


def test_the_page_names_every_media_type() -> None:
    for kind in (ENVELOPE, BATCH_MEDIA_TYPE, REPORT, ENROLMENT, POLICY):
        assert f"`{kind}`" in PAGE


def rows(heading: str) -> dict[str, list[str]]:
    """The rows of the first table below `heading`, by the word in their first column."""
    section = PAGE.split(f"\n{heading}\n", 1)[1]
    table = re.search(r"(?:^\|.*\n)+", section, re.MULTILINE)
    assert table
    cells = [[cell.strip() for cell in line.strip("|\n").split("|")] for line in table.group().splitlines()[2:]]
    return {row[0].strip("`"): row[1:] for row in cells}


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("### Members of a report", Report),
        ("### A result", Result),
        ("### A gap", Gap),
        ("### Members of an enrolment", Enrolment),
        ("### Members of the answer", Enrolled),
    ],
)
def test_the_page_describes_every_member_and_says_which_may_be_left_out(
    heading: str, kind: type[msgspec.Struct]
) -> None:
    described = rows(heading)
    fields = msgspec.structs.fields(kind)
    assert list(described) == [field.encode_name for field in fields]
    for field in fields:
        assert (described[field.encode_name][1] == "yes") is field.required, field.name


def test_the_page_describes_every_member_of_an_envelope() -> None:
    assert list(rows("### Members of an envelope")) == [
        *(field.encode_name for field in msgspec.structs.fields(Envelope)),
        "signatures[0].sig",
        "signatures[0].keyid",
    ]


def test_the_page_describes_every_status_a_report_may_carry() -> None:
    assert list(rows("### Statuses")) == [status.value for status in Status]


def test_the_page_lists_every_refusal_with_its_http_status_and_whether_to_try_again() -> None:
    listed = {word: (int(row[0]), row[1] == "yes") for word, row in rows("### Refusals").items()}
    assert listed == {refusal.word: (refusal.status, refusal.again) for refusal in Refusal}
