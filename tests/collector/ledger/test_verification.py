from __future__ import annotations

import pytest
import zstandard

from collector.ledger.models import Entry, Kind
from collector.ledger.verification import verify_ledger
from tests.collector.forging import forge
from tests.collector.world import Sensor, World, sshd


@pytest.fixture
def sensor(world: World) -> Sensor:
    made = world.sensor(world.provider("LPSE Kota Contoh"), "spse1.contoh.go.id")
    world.deliver(*[made.report(sshd()) for _ in range(5)])
    return made


def place(sequence: int) -> Entry:
    return Entry.objects.get(sequence=sequence, kind=Kind.REPORT)


def flip(raw: bytes, at: int) -> bytes:
    return raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :]


def problems() -> list[str]:
    return verify_ledger().problems


def test_an_honest_ledger_has_no_problems(world: World, sensor: Sensor) -> None:
    other = world.sensor(sensor.server.provider, "spse2.contoh.go.id")
    world.deliver(other.report(), other.report())
    world.deliver(forge(sensor, sequence=5, every=61))  # an equivocation is evidence, not a problem of the ledger
    found = verify_ledger()
    assert (found.entries, found.streams, found.gaps, found.problems) == (8, 2, 0, [])


def test_an_empty_ledger_has_no_problems(world: World) -> None:
    assert verify_ledger().problems == []


def test_a_flipped_byte_anywhere_in_the_stored_payload_is_found(sensor: Sensor) -> None:
    entry = place(3)
    stored = bytes(entry.payload)
    for at in range(0, len(stored), max(1, len(stored) // 40)):
        Entry.objects.filter(pk=entry.pk).update(payload=flip(stored, at))
        said = problems()
        if zstandard_says_the_same(flip(stored, at), stored):
            continue  # a bit of the frame's header that changes nothing of the payload
        assert said, at
        assert f"#{entry.pk} " in said[0]


def zstandard_says_the_same(one: bytes, other: bytes) -> bool:
    try:
        return zstandard.ZstdDecompressor().decompress(one) == zstandard.ZstdDecompressor().decompress(other)
    except zstandard.ZstdError:
        return False


def test_a_payload_that_was_changed_and_compressed_again_is_found_even_with_its_digest(sensor: Sensor) -> None:
    entry = place(3)
    forged = entry.raw.replace(b'"permitrootlogin":"no"', b'"permitrootlogin":"yes"')
    assert forged != entry.raw
    Entry.objects.filter(pk=entry.pk).update(payload=zstandard.ZstdCompressor().compress(forged))
    assert "digest" in problems()[0]
    import hashlib

    Entry.objects.filter(pk=entry.pk).update(digest=hashlib.sha256(forged).hexdigest())
    assert "signature" in problems()[0]


def test_a_flipped_byte_in_the_signature_is_found(sensor: Sensor) -> None:
    entry = place(2)
    Entry.objects.filter(pk=entry.pk).update(signature=flip(bytes(entry.signature), 5))
    assert any(f"#{entry.pk} " in line and "signature" in line for line in problems())


def test_a_changed_digest_is_found(sensor: Sensor) -> None:
    entry = place(2)
    Entry.objects.filter(pk=entry.pk).update(digest="0" * 64)
    assert any("digest" in line for line in problems())


@pytest.mark.parametrize("column", ["payload_type", "stream", "taken_at", "target"])
def test_a_row_whose_columns_are_not_the_signed_ones_is_found(world: World, sensor: Sensor, column: str) -> None:
    other = world.sensor(sensor.server.provider, "spse2.contoh.go.id").server
    values = {"payload_type": "text/plain", "stream": "abc", "taken_at": world.ago(days=1), "target": other}
    entry = place(4)
    Entry.objects.filter(pk=entry.pk).update(**{column: values[column]})
    assert any(f"#{entry.pk} " in line for line in problems())


def test_two_swapped_rows_are_found(sensor: Sensor) -> None:
    one, other = place(2), place(4)
    columns = ("payload", "signature", "digest", "taken_at")
    Entry.objects.filter(pk=one.pk).update(**{name: getattr(other, name) for name in columns})
    Entry.objects.filter(pk=other.pk).update(**{name: getattr(one, name) for name in columns})
    said = problems()
    assert any(f"#{one.pk} " in line for line in said)
    assert any(f"#{other.pk} " in line for line in said)


def test_a_predecessor_that_is_missing_is_a_gap(world: World, sensor: Sensor) -> None:
    from collector.surveillance.models import Finding

    Finding.objects.all().delete()
    place(3).delete()
    found = verify_ledger()
    assert (found.gaps, found.problems) == (1, [])


def test_a_report_that_names_another_predecessor_is_found(world: World, sensor: Sensor) -> None:
    world.deliver(forge(sensor, previous="f" * 64))
    assert any("predecessor" in line for line in problems())


def test_an_entry_of_an_agent_that_is_not_in_the_registry_is_found(world: World, sensor: Sensor) -> None:
    from collector.registry.models import Agent

    Agent.objects.filter(pk=sensor.agent.pk).update(public_key=bytes(range(32)))
    assert len(problems()) == 5
