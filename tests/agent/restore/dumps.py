"""Real dumps of a small database that looks like SPSE's, and hand-written ones, in a folder that others may enter.

(PYTEST_DONT_REWRITE: test modules import this before pytest does.)
"""

from __future__ import annotations

import gzip
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from agent.restore.tools import installed
from agent.restore.trial import Outcome, Request, trial
from tests.postgres_cluster import cluster

HEADER = "--\n-- PostgreSQL database dump\n--\n\nSET client_encoding = 'UTF8';\n"
TRAILER = "\n--\n-- PostgreSQL database dump complete\n--\n\n"
SLOW = f"{HEADER}CREATE TABLE t (i int);\nINSERT INTO t VALUES (1);\nSELECT pg_sleep(600);\n{TRAILER}"
ROWS = 3000
SCHEMA = (
    "CREATE EXTENSION pg_trgm",
    "CREATE SCHEMA ekontrak",
    f"CREATE TABLE public.paket AS SELECT i AS id, md5(i::text) AS nama FROM generate_series(1, {ROWS}) i",
    "ALTER TABLE public.paket ADD PRIMARY KEY (id)",
    "CREATE INDEX ON public.paket USING gin (nama gin_trgm_ops)",
    "CREATE TABLE ekontrak.kontrak AS SELECT i AS id FROM generate_series(1, 500) i",
    "CREATE TABLE public.dok_penawaran AS SELECT i AS id FROM generate_series(1, 9000) i",
    "ALTER TABLE public.paket OWNER TO epns",
    "GRANT SELECT ON public.paket TO epns",
)


@dataclass(frozen=True)
class Dumps:
    """A folder with dumps, and `base` for scratch folders below it."""

    folder: Path

    def __truediv__(self, name: str) -> Path:
        return self.folder / name

    @property
    def base(self) -> Path:
        return self.folder / "base"

    def write(self, name: str, content: bytes | str) -> Path:
        path = self.folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def restore(self, name: str, **more: object) -> Outcome:
        """Restore one of them; nothing is left behind but the lock."""
        outcome = trial(Request(self.folder / name, self.base, installed(), **more))  # type: ignore[arg-type]
        assert outcome.kept or [path.name for path in self.base.iterdir()] == ["lock"]
        return outcome


@pytest.fixture(scope="session")
def dumps() -> Iterator[Dumps]:
    place = Path(tempfile.mkdtemp(prefix="pantau-rt-", dir="/tmp"))  # short: a socket's path has 107 bytes
    place.chmod(0o755)
    made = Dumps(place)
    try:
        with cluster() as source:
            source.create_database("epns_prod")
            source.execute("CREATE ROLE epns")
            source.execute(*SCHEMA, dbname="epns_prod")
            for name, options in (("c.dump", "-Fc"), ("t.tar", "-Ft"), ("p.sql", "-Fp"), ("clean.sql", "-c")):
                made.write(name, _dumped(source.binaries / "pg_dump", source.host, options, "epns_prod"))
            made.write("all.sql", _dumped(source.binaries / "pg_dumpall", source.host, "--no-password"))
        plain = (made / "p.sql").read_bytes()
        made.write("p.sql.gz", gzip.compress(plain))
        made.write("c.backup.gz", gzip.compress((made / "c.dump").read_bytes()))
        made.write("slow.sql", SLOW)
        yield made
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _dumped(program: Path, host: str, *options: str) -> bytes:
    return subprocess.run(
        [str(program), "-h", host, "-U", "postgres", *options],
        check=True,
        capture_output=True,
        env={"PATH": os.environ["PATH"]},
    ).stdout


def working_in(folder: Path) -> list[int]:
    """The processes that work in `folder` or below, as the kernel says."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                if (entry / "cwd").readlink().is_relative_to(folder):
                    found.append(int(entry.name))
            except OSError:
                continue
    return found
