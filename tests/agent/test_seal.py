from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import msgspec

from agent.audit import Audit
from agent.seal import Circumstances, seal_report
from agent.spool import Place
from checks import SOFTWARE
from checks.fact import Fact, Snapshot
from checks.text import Text
from checks.verdict import Result, Status
from evidence.envelope import verify
from evidence.report import MEDIA_TYPE, Gap, read_report
from tests.agent.parts import enrolled, settings


class Colour(Fact, frozen=True):
    name: str


class Shade(Fact, frozen=True):
    name: str


class Taste(Fact, frozen=True):
    name: str


def test_a_sealed_report_says_all_of_its_audit_its_place_and_its_circumstances(tmp_path: Path) -> None:
    identity = enrolled(settings(tmp_path))
    at = datetime(2026, 11, 23, 2, 0, 0, 123456, tzinfo=UTC)
    refused = Text("ditolak", "refused")
    results = (Result("K-SSH-01", Status.FAIL, "yes", "no", "subject", 1.5),)
    audit = Audit(at, Snapshot({Colour: Colour("red")}, {Shade: refused}, {Taste: "none"}), results)
    place = Place("ab12", 7, "f" * 64, (Gap(1, 3, "spool full"),))
    envelope = seal_report(audit, 3600, place, identity, Circumstances("boot-1", -0.3, "e" * 64))
    report = read_report(verify(envelope, identity.key.public))
    assert envelope.payload_type == MEDIA_TYPE
    assert (report.target, report.stream, report.sequence, report.previous) == ("srv-1", "ab12", 7, "f" * 64)
    assert (report.taken_at, report.every, report.software) == (at, 3600, SOFTWARE)
    assert (report.boot_id, report.clock_offset, report.policy) == ("boot-1", -0.3, "e" * 64)
    assert report.gaps == place.gaps
    assert [(one.check, one.subject, one.status) for one in report.results] == [("K-SSH-01", "subject", Status.FAIL)]
    assert {name: bytes(raw) for name, raw in report.facts.items()} == {"colour": b'{"name":"red"}'}
    assert (report.missing, report.absent) == ({"shade": refused}, {"taste": "none"})


def test_hostile_text_of_the_host_survives_sealing_byte_for_byte(tmp_path: Path) -> None:
    identity = enrolled(settings(tmp_path))
    hostile = "[red]\x1b[2J\x00\n\u202e<script>\\"
    found = Result("K", Status.FAIL, subject=hostile)
    audit = Audit(datetime.now(UTC), Snapshot({Colour: Colour(hostile)}, {Shade: hostile}), (found,))
    envelope = seal_report(audit, 60, Place("ab", 1, "", ()), identity, Circumstances("", None, ""))
    report = read_report(verify(envelope, identity.key.public))
    assert report.results[0].subject == hostile
    assert report.missing["shade"] == hostile
    assert msgspec.json.decode(report.facts["colour"], type=Colour) == Colour(hostile)
