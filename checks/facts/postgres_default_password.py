"""Does a role of PostgreSQL have a password that anyone would try first?

PostgreSQL itself compares: it computes what it would keep for such a password (MD5, or PBKDF2 as in RFC 5802 with its
own functions) and answers yes or no. Neither password nor hash leaves it, and no login is attempted.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from checks.fact import Fact, Missing, reads
from checks.facts.postgres_installed import PostgresInstalled
from checks.facts.postgres_rows import query, rows
from checks.text import Text

MOST = 10


class PgDefaultPassword(Fact, frozen=True):
    """Names of login roles by what came of comparing. Absent: no PostgreSQL server here.

    `default`: the password is `epns` (as in every SPSE guide) or the role's own name. `other`: it is another one, or
    there is none. `unsure`: kept in a way that could not be compared. At most 10 roles with a password are compared,
    `epns` first.
    """

    default: tuple[str, ...] = ()
    other: tuple[str, ...] = ()
    unsure: tuple[str, ...] = ()


class Row(msgspec.Struct):
    name: str
    answer: Literal["default", "other", "unsure"]


ROLES = """
role AS (SELECT rolname::text AS name, rolpassword AS kept,
    regexp_match(rolpassword, '^SCRAM-SHA-256[$]([0-9]{1,5}):([A-Za-z0-9+/=]+)[$]([A-Za-z0-9+/=]+):') AS scram,
    row_number() OVER (ORDER BY rolname <> 'epns', rolname) AS number
  FROM pg_authid WHERE rolcanlogin AND rolpassword IS NOT NULL),
guess AS (SELECT DISTINCT name, kept, scram, word FROM role, LATERAL (VALUES (name), ('epns')) AS v (word)
  WHERE number <= 10)"""

PLAIN = "bool_or(kept IN ('md5' || md5(word || name), word))"

# HMAC-SHA-256 has its key padded to 64 bytes and combined with 0x36 (54) and 0x5c (92); see RFC 2104.
PAD = """(SELECT decode(string_agg(lpad(to_hex(get_byte({key} || decode(repeat('00', 64), 'hex'), i) # {by}), 2, '0'), ''
    ORDER BY i), 'hex') FROM generate_series(0, 63) i)"""

SCRAM = f"""WITH RECURSIVE {ROLES},
pad AS (SELECT name, word, scram[1]::int AS rounds, decode(scram[2], 'base64') AS salt, scram[3] AS stored,
    {PAD.format(key="convert_to(word, 'UTF8')", by=54)} AS inner_key,
    {PAD.format(key="convert_to(word, 'UTF8')", by=92)} AS outer_key
  FROM guess WHERE scram IS NOT NULL AND scram[1]::int BETWEEN 1 AND 20000),
round AS (
  SELECT name, word, 1 AS n, rounds, inner_key, outer_key, stored, u, ('x' || encode(u, 'hex'))::bit(256) AS sum
  FROM pad, LATERAL (SELECT sha256(outer_key || sha256(inner_key || salt || decode('00000001', 'hex'))) AS u) f
  UNION ALL
  SELECT name, word, n + 1, rounds, inner_key, outer_key, stored, next,
    (sum # ('x' || encode(next, 'hex'))::bit(256))::bit(256)
  FROM round, LATERAL (SELECT sha256(outer_key || sha256(inner_key || u)) AS next) f WHERE n < rounds),
salted AS (SELECT name, stored, (SELECT decode(string_agg(lpad(to_hex(substring(sum FROM i * 32 + 1 FOR 32)::bit(32)::int),
    8, '0'), '' ORDER BY i), 'hex') FROM generate_series(0, 7) i) AS key FROM round WHERE n = rounds),
compared AS (SELECT name, bool_or(stored = encode(sha256(sha256({PAD.format(key="key", by=92)} ||
    sha256({PAD.format(key="key", by=54)} || convert_to('Client Key', 'UTF8')))), 'base64')) AS same
  FROM salted GROUP BY name)
SELECT role.name, CASE
    WHEN compared.same OR plain.same THEN 'default'
    WHEN NOT compared.same OR (scram IS NULL AND NOT plain.same) THEN 'other' ELSE 'unsure' END AS answer
FROM role LEFT JOIN compared USING (name)
LEFT JOIN (SELECT name, {PLAIN} AS same FROM guess GROUP BY name) AS plain USING (name)
ORDER BY number LIMIT 50"""  # noqa: S608

MD5 = f"""WITH {ROLES}
SELECT name, CASE WHEN same THEN 'default' WHEN scram THEN 'unsure' ELSE 'other' END AS answer
FROM (SELECT name, bool_or(scram IS NOT NULL) AS scram, {PLAIN} AS same FROM guess GROUP BY name) AS plain
UNION ALL SELECT name, 'unsure' FROM role WHERE number > 10"""  # noqa: S608


@reads(query(SCRAM), root=True, given=PostgresInstalled)
def compared(printed: str) -> PgDefaultPassword:
    return _sorted(rows(printed, Row))


@reads(query(MD5), root=True, given=PostgresInstalled)  # before PostgreSQL 11 there is no sha256()
def compared_without_scram(printed: str) -> PgDefaultPassword:
    return _sorted(rows(printed, Row))


def _sorted(found: tuple[Row, ...]) -> PgDefaultPassword:
    if any(not row.name for row in found):
        raise Missing(Text("PostgreSQL menyebut peran tanpa nama", "PostgreSQL named a role without a name"))
    default, other, unsure = (
        tuple(row.name for row in found if row.answer == answer)[:MOST] for answer in ("default", "other", "unsure")
    )
    return PgDefaultPassword(default, other, unsure)
