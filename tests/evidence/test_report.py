from __future__ import annotations

import contextlib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.fact import Fact, Snapshot, name_of
from checks.text import Text
from checks.verdict import Result, Status
from evidence.report import Gap, NotAReport, Report, pack, read_report, unpack

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)

BASE = {
    "target": "srv-1",
    "stream": "0d6e4079e36703ebd37c00722f5891d2",
    "sequence": 1,
    "previous": "",
    "taken_at": "2026-11-23T03:00:00Z",
    "boot_id": "b7a6c0de-0000-4000-8000-000000000001",
    "software": "pantau 0.1.0",
    "policy": "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
    "every": 60,
}


class PgSettings(Fact, frozen=True):
    """A fact of this test."""

    port: int
    at: datetime = NOW
    options: dict[str, str] = {}  # noqa: RUF012 - msgspec copies it


class DiskUse(Fact, frozen=True):
    """Another."""

    share: float


KNOWN: dict[str, type[Fact]] = {"pg_settings": PgSettings, "disk_use": DiskUse}


def payload(**members: object) -> bytes:
    return msgspec.json.encode({name: value for name, value in (BASE | members).items() if value is not None})


def report(facts: bytes = b"{}", **members: object) -> Report:
    return read_report(payload(facts=msgspec.Raw(facts), **members))


# Reading


def test_a_report_needs_no_more_than_who_when_and_where_in_the_chain() -> None:
    read = read_report(payload())
    assert (read.target, read.sequence, read.taken_at, read.every) == ("srv-1", 1, NOW, 60)
    assert (read.clock_offset, read.vantage, read.facts, read.results, read.gaps) == (None, "local", {}, (), ())


def test_a_report_that_was_encoded_is_read_back_whole() -> None:
    whole = Report(
        target="srv-1",
        stream="a1",
        sequence=7,
        previous="ab" * 32,
        taken_at=NOW,
        boot_id="b",
        software="pantau 0.1.0",
        policy="cd" * 32,
        every=3600,
        clock_offset=-0.25,
        vantage="outside:jakarta",
        facts={"disk_use": msgspec.Raw(b'{"share":0.5}')},
        missing={"pg_settings": "psql: permission denied"},
        absent={"sshd": "no sshd"},
        results=(
            Result("K-SSH-01", Status.FAIL, "PermitRootLogin yes", Text("no", "no")),
            Result("G-DSK-01", Status.WARN, "83 %", subject="/home", value=83.0),
        ),
        gaps=(Gap(3, 5, "evicted"),),
    )
    assert read_report(whole.encode()) == whole


def test_what_has_its_default_is_not_sent() -> None:
    sent = msgspec.json.decode(read_report(payload()).encode())
    assert set(sent) == set(BASE)


@pytest.mark.parametrize("member", sorted(BASE))
def test_each_of_these_members_must_be_there(member: str) -> None:
    with pytest.raises(NotAReport, match=member):
        read_report(payload(**{member: None}))


@pytest.mark.parametrize(
    ("members", "said"),
    [
        ({"extra": 1}, "extra"),
        ({"target": 5}, r"\$.target"),
        ({"sequence": "1"}, r"\$\.sequence"),
        ({"sequence": 1.5}, r"\$\.sequence"),
        ({"sequence": True}, r"\$\.sequence"),
        ({"sequence": 0}, r">= 1 - at `\$\.sequence`"),
        ({"sequence": -1}, ">= 1"),
        ({"taken_at": "2026-11-23T03:00:00"}, r"time zone is needed - at `\$\.taken_at`"),
        ({"taken_at": "2026-11-23"}, r"\$\.taken_at"),
        ({"taken_at": "2026-11-23T03:00:60Z"}, r"\$\.taken_at"),
        ({"taken_at": 1763866800}, r"\$\.taken_at"),
        ({"clock_offset": "0"}, r"\$\.clock_offset"),
        ({"every": "60"}, r"\$\.every"),
        ({"facts": []}, r"\$\.facts"),
        ({"missing": {"sshd": 1}}, r"\$\.missing"),
        ({"results": [{"check": "K-SSH-01"}]}, r"status.*\$\.results\[0\]"),
        ({"results": [{"check": "K-SSH-01", "status": "passed"}]}, r"passed.*\$\.results\[0\]\.status"),
        ({"results": [{"check": "K-SSH-01", "status": "stale"}]}, "stale"),
        ({"results": [{"check": "K-SSH-01", "status": "pass", "severity": "low"}]}, "severity"),
        ({"results": [{"check": "K-SSH-01", "status": "pass", "measured": {"id": "x"}}]}, "en"),
        ({"gaps": [{"first": 1, "last": 2}]}, "reason"),
    ],
)
def test_a_wrong_member_is_refused_with_its_path(members: Mapping[str, object], said: str) -> None:
    with pytest.raises(NotAReport, match=said):
        read_report(payload(**members))


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"null",
        b"[]",
        b"5",
        b'"report"',
        b"{",
        b"\xff",
        b"[" * 100_000,
        payload()[:-1] + b',"facts":{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}}",
        payload()[:-1] + b',"facts":{"a":' + b"[" * 100_000,
        payload()[:-1] + b',"clock_offset":NaN}',
        payload()[:-1] + b',"clock_offset":1e400}',
        payload().replace(b"srv-1", b"srv\xff1"),
        payload().replace(b"srv-1", b"srv\\ud8001"),
        payload() + b"x",
    ],
)
def test_what_is_no_report_is_refused_and_breaks_nothing(raw: bytes) -> None:
    with pytest.raises(NotAReport, match=r"."):
        read_report(raw)


def test_a_time_of_another_zone_is_the_same_moment() -> None:
    read = read_report(payload(taken_at="2026-11-23T10:00:00+07:00"))
    assert read.taken_at == NOW
    assert read.taken_at.utcoffset() == timedelta(hours=7)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_report_or_not_a_report(raw: bytes) -> None:
    with contextlib.suppress(NotAReport):
        read_report(raw)


@given(st.integers(min_value=0), st.binary(max_size=4))
def test_a_damaged_report_is_a_report_or_not_a_report(place: int, splinter: bytes) -> None:
    whole = payload(facts={"disk_use": {"share": 0.5}}, results=[{"check": "K-SSH-01", "status": "pass"}])
    place %= len(whole)
    with contextlib.suppress(NotAReport):
        read = read_report(whole[:place] + splinter + whole[place + len(splinter) :])
        assert read.sequence >= 1
        assert read.taken_at.tzinfo


def test_a_sequence_no_ledger_can_keep_is_refused() -> None:
    with pytest.raises(NotAReport, match="sequence"):
        read_report(payload(sequence=2**63))


# Facts on the wire


def test_a_snapshot_travels_under_the_names_of_its_facts() -> None:
    snapshot = Snapshot({PgSettings: PgSettings(5432)}, {DiskUse: "timed out"}, {})
    facts, missing, absent = pack(snapshot)
    assert set(facts) == {"pg_settings"}
    assert msgspec.json.decode(facts["pg_settings"])["port"] == 5432
    assert (missing, absent) == ({"disk_use": "timed out"}, {})


def test_a_fact_that_nobody_here_knows_is_passed_over_but_kept() -> None:
    read = report(
        b'{"disk_use":{"share":0.5},"quantum_state":{"spin":1}}', missing={"moon": "?"}, absent={"sun": "night"}
    )
    assert unpack(read, KNOWN) == Snapshot({DiskUse: DiskUse(0.5)}, {}, {})
    assert bytes(read.facts["quantum_state"]) == b'{"spin":1}'


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b'{"share":"half"}', r"disk_use: .*\$\.share"),
        (b'{"share":0.5,"colour":"red"}', "disk_use: .*colour"),
        (b"{}", "disk_use: .*share"),
        (b"null", "disk_use: "),
        (b"[[[]]]", "disk_use: "),
        (b"5", "disk_use: "),
        (b'{"share":1e400}', "disk_use: "),
        (b'{"share":' + b"1" * 5000 + b"}", "disk_use: "),
    ],
)
def test_a_fact_that_does_not_decode_is_missing_and_costs_no_other(raw: bytes, said: str) -> None:
    snapshot = unpack(report(b'{"disk_use":' + raw + b',"pg_settings":{"port":5432}}'), KNOWN)
    assert snapshot.facts == {PgSettings: PgSettings(5432)}
    with pytest.raises(AssertionError, match=said):
        raise AssertionError(snapshot.missing[DiskUse])


@pytest.mark.parametrize("raw", [b'{"port":5432,"options":{"a":"\xff"}}', b'{"\xff":1}'])
def test_a_fact_that_is_no_utf_8_is_missing(raw: bytes) -> None:
    snapshot = unpack(report(b'{"pg_settings":' + raw + b"}"), KNOWN)
    assert "pg_settings: " in snapshot.missing[PgSettings]


def test_a_fact_that_is_both_read_and_missing_counts_as_read() -> None:
    snapshot = unpack(report(b'{"disk_use":{"share":0.5}}', missing={"disk_use": "?"}), KNOWN)
    assert snapshot.facts == {DiskUse: DiskUse(0.5)}


MOMENTS = st.datetimes(
    min_value=datetime(1970, 1, 1),
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=7)), timezone(timedelta(hours=9))]),
)
FACTS: st.SearchStrategy[Fact] = st.one_of(
    st.builds(PgSettings, st.integers(-(2**63), 2**63 - 1), MOMENTS, st.dictionaries(st.text(), st.text(), max_size=4)),
    st.builds(DiskUse, st.floats(allow_nan=False, allow_infinity=False)),
)


@given(st.lists(FACTS, max_size=2), st.dictionaries(st.sampled_from([PgSettings, DiskUse]), st.text(), max_size=2))
def test_what_is_packed_is_unpacked_again(facts: list[Fact], reasons: dict[type[Fact], str]) -> None:
    read = {type(fact): fact for fact in facts}
    snapshot = Snapshot(read, {kind: why for kind, why in reasons.items() if kind not in read}, {})
    packed, missing, absent = pack(snapshot)
    sent = Report(
        target="srv-1", stream="a1", sequence=1, previous="", taken_at=NOW, boot_id="b", software="t 1", policy="ab" * 32,
        every=60, facts=packed, missing=missing, absent=absent,
    )  # fmt: skip
    assert unpack(read_report(sent.encode()), KNOWN) == snapshot


@pytest.mark.parametrize(
    ("name", "expected"),
    [("Sshd", "sshd"), ("PgSettings", "pg_settings"), ("OomKills", "oom_kills"), ("Ipv4Routes", "ipv4_routes")],
)
def test_the_name_of_a_fact_is_its_class_in_snake_case(name: str, expected: str) -> None:
    assert name_of(type(name, (Fact,), {}, frozen=True)) == expected
