"""Counts what came back: the rows of the largest tables, and of SPSE's own.

Law: of a table that may tell of bids before they are opened, or of accounts, neither name nor number is kept.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from agent.restore.cluster import DATABASE, Cluster
from agent.restore.errors import Failed
from checks.facts.restore_test import RestoredTable

LARGEST = 10
OF_SPSE = ("paket", "lelang_seleksi", "nonlelang_seleksi", "rekanan", "panitia", "pegawai", "satuan_kerja", "jadwal")
SECRET = re.compile(
    r"penawaran|peserta|harga|hps|evaluasi|dok|doc|lampiran|attach|blob|file|kunci|key|sandi|pass|token|sess|pesan|user|akun|"
    r"secret|rahasia|bid|offer",
    re.IGNORECASE,
)
PLAIN = "^[A-Za-z_][A-Za-z0-9_]{0,62}$"
OF_USERS = """FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND c.relpersistence <> 't'"""
TOTAL = f"SELECT count(*) {OF_USERS}"
# Only plain names are read at all: another could pass for a row of its own.
TABLES = f"""SELECT pg_total_relation_size(c.oid), n.nspname, c.relname {OF_USERS}
AND n.nspname ~ '{PLAIN}' AND c.relname ~ '{PLAIN}' ORDER BY 1 DESC, 2, 3"""
OTHERS = (
    "SELECT datname FROM pg_database WHERE datallowconn AND NOT datistemplate AND datname <> 'postgres' AND datname ~ "
)


@dataclass(frozen=True)
class Counted:
    """How many tables there are, the key tables with their rows, and how many key tables are secret."""

    tables: int
    counted: tuple[RestoredTable, ...]
    secret: int


def count(cluster: Cluster) -> Counted:
    """Count in every database that was restored (pg_dumpall brings several). Raises Failed."""
    databases = [row[0] for row in cluster.ask(f"{OTHERS}'{PLAIN}'")]
    total, tables = 0, []
    for name in databases:
        total += int(cluster.ask(_one_line(TOTAL), name)[0][0])
        tables += [(int(size), name, schema, table) for size, schema, table in cluster.ask(_one_line(TABLES), name)]
    largest = sorted(tables, reverse=True)
    wanted = [*largest[:LARGEST], *(one for one in largest[LARGEST:] if one[3] in OF_SPSE)][
        : LARGEST + 2 * len(OF_SPSE)
    ]
    counted, secret, rows = [], 0, 0
    for _, name, schema, table in wanted:
        number = int(cluster.ask(f'SELECT count(*) FROM ONLY "{schema}"."{table}"', name)[0][0])  # noqa: S608 - plain names
        rows += number
        if SECRET.search(table) or SECRET.search(schema):
            secret += 1
        else:
            where = "" if name == DATABASE else f"{name}:"
            counted.append(RestoredTable(f"{where}{schema}.{table}", number))
    if not rows:
        raise Failed("empty")
    return Counted(total, tuple(counted), secret)


def _one_line(statement: str) -> str:
    return " ".join(statement.split())
