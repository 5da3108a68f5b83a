from __future__ import annotations

from datetime import UTC, datetime

from checks.baseline import listed
from checks.facts.schema_shapes import ApprovedSchemaShapes, SchemaShapes, schema_shapes
from checks.governance.schema import schema_is_approved
from checks.text import words
from checks.verdict import Status, Verdict

HEADER = "database,connectable,schema,tables,columns,digest"
NONE = f"{HEADER}\npostgres,1,,,,\n"


def shapes(columns: int) -> SchemaShapes:
    return schema_shapes(f"{HEADER}\nepns_prod,1,public,2,{columns},{f'{columns:02}' * 32}\n", NONE, NONE)


def judged(now: SchemaShapes, before: SchemaShapes | None) -> Verdict:
    at = datetime(2026, 11, 1, tzinfo=UTC)
    approved = ApprovedSchemaShapes(before.items, before.count, before.digest, at) if before else None
    said = schema_is_approved(now, approved)
    assert isinstance(said, Verdict)
    return said


def test_the_approved_schema_passes_and_a_column_more_fails_with_both_shapes_named() -> None:
    assert judged(shapes(9), shapes(9)).status is Status.PASS
    said = judged(shapes(10), shapes(9))
    assert said.status is Status.FAIL
    assert "columns=10" in words(said.measured, "id")
    assert "columns=9 " in words(said.measured, "id")


def test_a_schema_that_vanished_fails_and_one_never_approved_is_undetermined() -> None:
    assert judged(listed(SchemaShapes, ()), shapes(9)).status is Status.FAIL
    assert judged(shapes(9), None).status is Status.UNKNOWN


def test_a_server_without_postgresql_is_not_meant() -> None:
    assert schema_is_approved.absent is Status.NOT_APPLICABLE
