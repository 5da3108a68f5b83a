"""pg_hba.conf: who may connect to PostgreSQL from where, and how they prove who they are.

Options of a rule are never kept: they may hold a password (ldapbindpasswd, radiussecrets).
"""

from __future__ import annotations

import ipaddress
import re

import msgspec

from checks.fact import Fact, Missing, reads
from checks.facts.postgres_installed import PostgresInstalled
from checks.facts.postgres_rows import query, rows
from checks.source import FileText, Glob
from checks.text import Text

TYPES = frozenset({"local", "host", "hostssl", "hostnossl", "hostgssenc", "hostnogssenc"})
METHODS = frozenset(
    {
        "trust", "reject", "scram-sha-256", "md5", "password", "gss", "sspi", "ident", "peer", "ldap", "radius",
        "cert", "pam", "bsd", "oauth",
    }
)  # fmt: skip
MOST = 200
LONGEST = 4000  # characters of a line that are looked at
ITEM = r'(?:[^\s",#]|"[^"]*")+'
FIELD = re.compile(rf"{ITEM}(?:,\s*{ITEM})*")
GAP = re.compile(r",\s+(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)")  # after a comma that is not quoted
COMMENT = re.compile(r'((?:[^"#]|"[^"]*")*)#.*')


class HbaRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One rule. `where` is its line, after the file where several were read; `address` is empty for a socket.

    `address` is a network in CIDR notation, `all`, `samehost`, `samenet` or a host name.
    """

    where: str
    type: str
    databases: str
    users: str
    address: str
    method: str

    @property
    def text(self) -> str:
        """The rule as it would stand in the file."""
        return " ".join(filter(None, (self.type, self.databases, self.users, self.address, self.method)))


class PgHba(Fact, frozen=True):
    """The rules in their order. `wrong` lines could not be understood. Absent: no PostgreSQL server here."""

    rules: tuple[HbaRule, ...]
    wrong: int = 0


class Row(msgspec.Struct):
    line: int
    type: str
    databases: str
    users: str
    address: str
    netmask: str
    method: str
    wrong: bool  # a filled row with an error is a rule all the same (hostssl while ssl is off)


@reads(
    query(
        """SELECT line_number AS line, type, array_to_string(database, ',') AS databases,
           array_to_string(user_name, ',') AS users, address, netmask, auth_method AS method,
           (type IS NULL)::text AS wrong FROM pg_hba_file_rules ORDER BY line_number LIMIT 201"""
    ),
    root=True,
    given=PostgresInstalled,
)
def as_the_server_reads_it(printed: str) -> PgHba:
    found = []
    for row in rows(printed, Row):
        address = _network(row.address, row.netmask)
        found.append(
            None
            if row.wrong or address is None
            else HbaRule(str(row.line), row.type, row.databases, row.users, address, row.method)
        )
    return _hba(found)


@reads(
    Glob("/etc/postgresql/*/*/pg_hba.conf"),
    Glob("/var/lib/pgsql/data/pg_hba.conf"),
    Glob("/var/lib/pgsql/*/data/pg_hba.conf"),
    root=True,
    given=PostgresInstalled,
)
def as_written(debian: tuple[FileText, ...], el: tuple[FileText, ...], pgdg: tuple[FileText, ...]) -> PgHba:
    files = debian + el + pgdg
    if not files:
        raise Missing(Text("tidak ada pg_hba.conf di tempat yang lazim", "no pg_hba.conf at the usual places"))
    return _hba([rule for file in files for rule in parse(file.text, file.path if len(files) > 1 else "")])


def parse(text: str, path: str = "") -> list[HbaRule | None]:
    """The rules of a file; None for each line that makes no sense. Raises Missing where it includes other files."""
    found = []
    begun, logical = 0, ""
    for number, line in enumerate(text.splitlines(), 1):
        begun = begun or number
        logical += line
        if logical.endswith("\\"):  # continued, since PostgreSQL 14
            logical = logical[:-1]
            continue
        content = COMMENT.sub(r"\1", logical[:LONGEST]).strip()
        first, begun, logical = begun, 0, ""
        if content.startswith("include"):
            raise Missing(
                Text(
                    "pg_hba.conf menyertakan berkas lain; hanya PostgreSQL sendiri yang dapat menyebut aturannya",
                    "pg_hba.conf includes other files; only PostgreSQL itself can tell its rules",
                )
            )
        if content:
            found.append(_rule(content, f"{path}:{first}" if path else str(first)))
    if logical.strip():
        found.append(None)
    return found


def _rule(content: str, where: str) -> HbaRule | None:
    fields = [GAP.sub(",", field).replace('"', "") for field in FIELD.findall(content)]
    if FIELD.sub("", content).strip() or len(fields) < 4:
        return None
    kind, databases, users, *rest = fields
    address = netmask = ""
    if kind != "local":
        address, *rest = rest
        if rest and _is_address(rest[0]):
            netmask, *rest = rest
    network = _network(address, netmask)
    if not rest or network is None or (kind != "local") is not bool(network):
        return None
    return HbaRule(where, kind, databases, users, network, rest[0])


def _hba(found: list[HbaRule | None]) -> PgHba:
    if len(found) > MOST:
        raise Missing(Text(f"pg_hba.conf berisi lebih dari {MOST} aturan", f"pg_hba.conf has more than {MOST} rules"))
    if not found:
        raise Missing(Text("pg_hba.conf tidak berisi aturan", "pg_hba.conf has no rules"))
    rules = tuple(rule for rule in found if rule and rule.type in TYPES and rule.method in METHODS)
    return PgHba(rules, len(found) - len(rules))


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _network(address: str, netmask: str) -> str | None:
    """`address` with its mask in CIDR notation, words and host names as they are; None if it makes no sense."""
    if netmask:
        try:
            first, mask = ipaddress.ip_address(address), ipaddress.ip_address(netmask)
            bits = f"{int(mask):0{mask.max_prefixlen}b}"
            if first.version != mask.version or "01" in bits:
                return None
            return str(ipaddress.ip_network(f"{first}/{bits.count('1')}", strict=False))
        except ValueError:
            return None
    if "/" in address or ":" in address:
        try:
            return str(ipaddress.ip_network(address, strict=False)) if "/" in address else None
        except ValueError:
            return None
    return None if _is_address(address) else address
