"""Addresses that must not answer the public: the framework's own pages, and files that were left lying about.

Laws:
- Not the status decides but what is there: many sites answer 200 with a page of their own to whatever is asked. Each path
  has the mark of what it would give away.
- Nothing of what is found is kept: which path, and no more.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from checks.fact import Fact, Missing, reads
from checks.facts.page_answer import TROUBLES, refusal
from checks.outside import Pages, Visit
from checks.text import Text

CONTROL = "/pantau-halaman-yang-tidak-ada"
"""Nobody has this page: what the site answers to it, it answers to anything."""

INTERNAL = {
    "/@status": r"^\s*\{|framework|jvm|~{5,}|application status|requests execution pool",
    "/metrics": r"^# (HELP|TYPE) |\bjvm_|\bhttp_requests_total",
    "/@query": r"\b(query|select)\b|^\s*[\[{]",
    "/@pages": r"\bpages\b|^\s*[\[{]",
    "/@jobs": r"\bjobs\b|\bscheduled\b|^\s*[\[{]",
    "/@checksum": r"\b[0-9a-f]{32}\b",
    "/@documentation": r"\bplay!? (framework|manual)|play documentation",
}
SQL = r"CREATE TABLE|INSERT INTO|PostgreSQL database dump|^PGDMP"
ZIP = r"^PK\x03\x04"
GZIP = "^\x1f(\x8b|\N{REPLACEMENT CHARACTER})"
SETTINGS = r"^\s*(%\w+\.)?(application\.(secret|mode|name)|db(\.\w+)*|http\.port)\s*="
ROOT_FILES = {
    "/.git/HEAD": r"^(ref: refs/|[0-9a-f]{40}\b)", "/.git/config": r"^\s*\[core\]", "/.svn/entries": r"^(\d+\s|<\?xml)",
    "/.hg/requires": r"^(revlogv1|store|dotencode)", "/.env": r"^\s*[A-Z][A-Z0-9_]+=", "/.htpasswd": r"^[^:\s<]+:[^:\s<]+$",
    "/.bash_history": r"^(ls|cd|sudo|vi|vim|cat|su|nano|tail)\b", "/.ssh/id_rsa": r"PRIVATE KEY",
    "/.DS_Store": r"^\x00\x00\x00\x01Bud1", "/web.config.bak": r"<configuration", "/phpinfo.php": r"phpinfo\(\)|PHP Version",
    "/info.php": r"phpinfo\(\)|PHP Version", "/server-status": r"Apache Server Status",
    "/server-info": r"Apache Server Information",
    "/backup.sql": SQL, "/dump.sql": SQL, "/db.sql": SQL, "/epns.sql": SQL, "/epns_prod.sql": SQL, "/epns_prod.backup": SQL,
    "/backup.zip": ZIP, "/spse.zip": ZIP, "/webapp.zip": ZIP, "/backup.tar.gz": GZIP, "/spse.tar.gz": GZIP,
    "/epns_prod.sql.gz": GZIP,
}  # fmt: skip
BELOW_FILES = {
    "/conf/application.conf": SETTINGS, "/conf/application.conf.bak": SETTINGS, "/application.conf": SETTINGS,
    "/conf/routes": r"^\s*(GET|POST|\*)\s+/", "/logs/spse4.log": r"\b(INFO|ERROR|WARN)\b.*~|^\d{4}-\d\d-\d\d",
    "/server.pid": r"^\s*\d+\s*$",
}  # fmt: skip


class InternalPages(Fact, frozen=True):
    """Of SPSE's own internal pages those that answer anyone (`open`), and those that could not be judged (`unclear`).

    Never absent.
    """

    asked: int
    open: tuple[str, ...]
    unclear: tuple[str, ...]


class ServedFiles(Fact, frozen=True):
    """As InternalPages, for well-known files of backups, version control and configuration. Never absent."""

    asked: int
    open: tuple[str, ...]
    unclear: tuple[str, ...]


def judge(
    marks: Sequence[tuple[str, str]], visits: Sequence[Visit], *, any_answer: bool
) -> tuple[int, tuple[str, ...], tuple[str, ...]]:
    """Number asked, open and unclear paths; `visits` are the control and then one for each of `marks`. Raises Missing.

    `any_answer`: where the control is not found, whatever is found counts, marked or not.
    """
    if len(visits) != len(marks) + 1:
        raise Missing(Text("tidak semua alamat ditanyakan", "not every address was asked"))
    control = visits[0]
    if control.trouble:
        raise Missing(TROUBLES[control.trouble])
    opened, unclear = [], []
    for (path, mark), visit in zip(marks, visits[1:], strict=True):
        challenged = visit.status == 200 and "challenge" in refusal(visit)
        if visit.trouble or visit.status == 429 or visit.status >= 500 or challenged:
            unclear.append(path)
        elif visit.status == 200:
            found = (any_answer and control.status != 200) or (_has(mark, visit) and not _has(mark, control))
            opened += [path] if found else []
    return len(marks), tuple(opened), tuple(unclear)


def _has(mark: str, visit: Visit) -> bool:
    return visit.status == 200 and bool(re.search(mark, visit.text, re.IGNORECASE | re.MULTILINE))


@reads(Pages((CONTROL,), below=tuple(INTERNAL)))
def internal(visits: tuple[Visit, ...]) -> InternalPages:
    return InternalPages(*judge(tuple(INTERNAL.items()), visits, any_answer=True))


@reads(Pages((CONTROL, *ROOT_FILES), below=tuple(BELOW_FILES)))
def files(visits: tuple[Visit, ...]) -> ServedFiles:
    return ServedFiles(*judge((*ROOT_FILES.items(), *BELOW_FILES.items()), visits, any_answer=False))
