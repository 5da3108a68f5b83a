"""The shapes of SPSE's schemas as a list that can be approved: what `PgSchemas` says, one line for each schema."""

from __future__ import annotations

from checks.baseline import Approved, Listed, listed
from checks.fact import reads
from checks.facts.items import item, short
from checks.facts.postgres_databases import in_largest
from checks.facts.postgres_installed import PostgresInstalled
from checks.facts.postgres_schema import TEXT, pg_schemas
from checks.source import Register


class SchemaShapes(Listed, frozen=True):
    """Each schema of the three largest databases: how many tables and columns, and the digest of their list.
    Absent: no PostgreSQL server here.
    """


class ApprovedSchemaShapes(Approved, frozen=True):
    """What of `SchemaShapes` a person approved. Absent: nothing yet."""


@reads(*in_largest(TEXT), root=True, given=PostgresInstalled)
def schema_shapes(first: str, second: str, third: str) -> SchemaShapes:
    return listed(
        SchemaShapes,
        (
            item(one.database, shape.schema, f"tables={shape.tables}", f"columns={shape.columns}", short(shape.digest))
            for one in pg_schemas.parse(first, second, third).databases
            for shape in one.schemas
        ),
    )


@reads(Register("approved_schema_shapes", ApprovedSchemaShapes))
def approved_schema_shapes(approved: ApprovedSchemaShapes) -> ApprovedSchemaShapes:
    return approved
