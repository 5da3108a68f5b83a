"""Changes of the database's schema (standard f): SPSE's own migrations, and what nobody asked for."""

from __future__ import annotations

from checks.baseline import drift
from checks.check import HOUR, INTEGRITY, MEDIUM, check
from checks.facts.schema_shapes import ApprovedSchemaShapes, SchemaShapes
from checks.security.approval import look_then_approve
from checks.text import Text
from checks.verdict import Status, Verdict


@check(
    "F-CHG-04", severity=MEDIUM, aspect=INTEGRITY, every=6 * HOUR, absent=Status.NOT_APPLICABLE, source="Pantau default",
    title=Text("Skema basis data SPSE sesuai yang disetujui", "The schema of SPSE's database is the approved one"),
    why=Text(
        "Kolom atau tabel yang berubah di luar pembaruan SPSE berarti ada yang bekerja langsung di basis data lelang, dan "
        "pembaruan berikutnya dapat gagal.",
        "Columns or tables that change outside an upgrade of SPSE mean that somebody worked in the tender database directly, "
        "and the next upgrade may fail.",
    ),
    remedy=look_then_approve(
        "Bandingkan dengan cadangan sebelum perubahan: `pg_dump --schema-only BASISDATA` terhadap `pg_restore --schema-only -f - "
        "CADANGAN`; siapa pelakunya: `grep -E 'ALTER|CREATE|DROP'` pada log PostgreSQL (memerlukan log_statement = ddl).",
        "Compare with the backup from before: `pg_dump --schema-only DATABASE` against `pg_restore --schema-only -f - BACKUP`; "
        "who did it: `grep -E 'ALTER|CREATE|DROP'` in the log of PostgreSQL (needs log_statement = ddl).",
    ),
)  # fmt: skip
def schema_is_approved(now: SchemaShapes, approved: ApprovedSchemaShapes | None) -> Verdict:
    return drift(now, approved)
