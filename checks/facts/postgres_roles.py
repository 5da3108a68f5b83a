"""Roles of PostgreSQL: who may do what. Passwords are told by their kind only."""

from __future__ import annotations

import msgspec

from checks.fact import Fact, Missing, reads
from checks.facts.postgres_installed import PostgresInstalled
from checks.facts.postgres_rows import query, rows
from checks.text import Text


class PgRole(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One role and the attributes it has of its own (not through membership)."""

    name: str
    login: bool = False
    superuser: bool = False
    create_role: bool = False
    create_db: bool = False
    replication: bool = False
    bypass_rls: bool = False


class PgRoles(Fact, frozen=True):
    """The first 50 roles, the powerful ones first, of `total`; built-in roles (`pg_...`) are left out.

    `md5` roles have a password kept as MD5 or in clear text; None if the asking role may not know. Absent: no PostgreSQL here.
    """

    roles: tuple[PgRole, ...]
    total: int
    md5: int | None = None


class Row(msgspec.Struct):
    name: str
    login: bool
    superuser: bool
    create_role: bool
    create_db: bool
    replication: bool
    bypass_rls: bool
    total: int
    md5: int | None


COLUMNS = """rolname AS name, rolcanlogin::text AS login, rolsuper::text AS superuser, rolcreaterole::text AS create_role,
    rolcreatedb::text AS create_db, rolreplication::text AS replication, rolbypassrls::text AS bypass_rls,
    count(*) OVER () AS total"""
REST = """WHERE rolname !~ '^pg_' ORDER BY rolsuper DESC, rolbypassrls DESC, rolcreaterole DESC, rolreplication DESC,
    rolcreatedb DESC, rolname LIMIT 50"""


@reads(
    query(
        f"""SELECT {COLUMNS}, count(*) FILTER (WHERE rolpassword !~ '^SCRAM-SHA-256[$]') OVER () AS md5
        FROM pg_authid {REST}"""  # noqa: S608
    ),
    root=True,
    given=PostgresInstalled,
)
def with_passwords(printed: str) -> PgRoles:
    return _roles(rows(printed, Row))


@reads(query(f"SELECT {COLUMNS}, NULL AS md5 FROM pg_roles {REST}"), given=PostgresInstalled)  # noqa: S608
def without_passwords(printed: str) -> PgRoles:
    return _roles(rows(printed, Row))


def _roles(found: tuple[Row, ...]) -> PgRoles:
    if not any(row.superuser for row in found):
        raise Missing(
            Text(
                "PostgreSQL tidak menyebut satu superuser pun, padahal selalu ada",
                "PostgreSQL named no superuser, and it always has one",
            )
        )
    roles = tuple(
        PgRole(r.name, r.login, r.superuser, r.create_role, r.create_db, r.replication, r.bypass_rls) for r in found
    )
    return PgRoles(roles, found[0].total, found[0].md5)
