"""One restore test, from the file to its result.

Laws:
- What hinders the test (no room, no PostgreSQL, another test) is a Problem and no result: it says nothing of the backup.
- What the backup itself does not stand is a result.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from agent.hosts.base import Host
from agent.problem import Problem
from agent.restore.cluster import DATABASE, RESTORER, Cluster
from agent.restore.counting import Counted, count
from agent.restore.dump import Dump, Preface, opened, preface
from agent.restore.errors import Failed
from agent.restore.feed import Watch, pour, room
from agent.restore.processes import accounts
from agent.restore.scratch import folder_in, locked, prepared, sweep
from agent.restore.tools import Tools, fitting
from agent.restore.trust import exchangeable, keepers
from agent.survey import Survey
from checks.facts.backup_test import BackupOrigin
from checks.facts.restore_test import RestoreTest, Step
from checks.text import Text, Words

EMPTY_CLUSTER = 160 << 20  # bytes, with its write-ahead log
GROWTH = {True: 8.0, False: 2.0}  # how much larger than its file a database is at the most: packed, not packed


@dataclass(frozen=True)
class Request:
    """What to restore, where, and with what. `step(name)` and `progress(done, total)` follow along; `hours` at the most."""

    backup: Path
    base: Path
    tools: Sequence[Tools]
    hours: float = 12.0
    keep: bool = False
    step: Callable[[str], None] = lambda name: None
    progress: Callable[[int, int], None] = lambda done, total: None


@dataclass(frozen=True)
class Outcome:
    """The result, what the tools said, the cluster if it was kept, and how many folders of earlier tests were removed."""

    test: RestoreTest
    said: tuple[str, ...] = ()
    kept: Cluster | None = None
    swept: int = 0


def newest(host: Host) -> Path:
    """The newest dump, where only root and postgres could have put it there. Raises Problem with the reason if there is none."""
    found = Survey(host).outcome(BackupOrigin)
    if isinstance(found.fact, BackupOrigin):
        return Path(found.fact.path)
    reason: Words = found.missing or found.absent or "?"
    said = reason if isinstance(reason, Text) else Text(reason, reason)
    raise Problem(
        Text(
            f"tidak ada cadangan yang dapat diuji: {said.id}. Sebutkan berkasnya: --backup BERKAS",
            f"there is no backup to test: {said.en}. Name the file: --backup FILE",
        )
    )


def trusted(backup: Path) -> Path:
    """`backup`, if nobody could have exchanged it. Raises Problem, OSError."""
    if part := exchangeable(backup, keepers("postgres")):
        raise Problem(
            Text(
                f"{backup} tidak dipulihkan: {part} milik atau dapat diubah pengguna lain, dan dump menjalankan kode. Salin ke "
                "folder milik root (`install -m 600 BERKAS /root/`), lalu ulangi",
                f"{backup} is not restored: {part} belongs to or can be changed by other users, and a dump runs code. Copy it "
                "into a folder of root's (`install -m 600 FILE /root/`), then try again",
            )
        )
    return backup


def trial(request: Request) -> Outcome:
    """Restore a backup and say what came of it. Raises Problem, OSError; interrupted, it leaves nothing behind."""
    fitting(request.tools, None)
    server, reader = accounts()
    base = prepared(request.base)
    with locked(base):
        swept = sweep(base)
        with folder_in(base, server, reader, keep=request.keep) as folder:
            deadline = time.monotonic() + request.hours * 3600
            cluster = Cluster(folder, request.tools[-1], server, reader, deadline)
            test, said = _tested(request, cluster)
            return Outcome(test, said, cluster if request.keep else None, swept)


def _tested(request: Request, cluster: Cluster) -> tuple[RestoreTest, tuple[str, ...]]:
    at, begun = datetime.now(UTC), time.monotonic()
    found = request.backup.stat()
    test = RestoreTest(
        at, _shown(request.backup), datetime.fromtimestamp(found.st_mtime, UTC), found.st_size, "?", 0.0, passed=False
    )
    step: Step = "read"
    request.step(step)
    try:
        with opened(request.backup, cluster.reader, cluster.folder) as dump:
            test = msgspec.structs.replace(test, form=dump.form)
            _has_room(dump, cluster.folder)
            known = preface(dump, request.tools[-1], cluster.reader, cluster.folder)
            cluster.tools = fitting(request.tools, known.came_from)
            test = msgspec.structs.replace(test, server=cluster.tools.version)
            request.step("prepare")
            cluster.start()
            step = "extensions"
            _prepare(cluster, known)
            step = "restore"
            request.step(step)
            watch = Watch(cluster.folder, cluster.deadline, request.progress)
            reading = max(cluster.tools, fitting(request.tools, known.written_by))
            ears = pour(dump, cluster, reading if dump.kind != "plain" else cluster.tools, watch, known.begins)
            took = time.monotonic() - begun
            step = "count"
            request.step(step)
            counted: Counted = count(cluster)
    except Failed as failed:
        took = time.monotonic() - begun
        failing = msgspec.structs.replace(
            test, seconds=round(took, 1), step=step, reason=failed.reason, detail=failed.detail
        )
        return failing, tuple(getattr(failed, "__notes__", ()))
    finally:
        cluster.stop(kept=request.keep)
        if request.keep:
            cluster.open_to_its_owner()
    return msgspec.structs.replace(
        test, seconds=round(took, 1), passed=True, tables=counted.tables, counted=counted.counted, secret=counted.secret,
        left_out=ears.left_out,
    ), tuple(ears.lines)  # fmt: skip


def _has_room(dump: Dump, folder: Path) -> None:
    free, kept = room(folder)
    packed = bool(dump.packing) or dump.kind == "custom"
    needed = EMPTY_CLUSTER + int(dump.size * GROWTH[packed]) + kept
    if free >= needed:
        return
    shown = [f"{size / (1 << 30):.1f} GiB" for size in (needed, free)]
    raise Problem(
        Text(
            f"ruang di {folder.parent} tidak cukup: pemulihan diperkirakan membutuhkan {shown[0]}, yang bebas {shown[1]}. "
            "Tidak ada yang diubah. Pilih disk yang lebih lapang: --scratch FOLDER",
            f"not enough room in {folder.parent}: restoring is expected to need {shown[0]}, {shown[1]} are free. "
            "Nothing was changed. Choose a roomier disk: --scratch FOLDER",
        )
    )


def _prepare(cluster: Cluster, known: Preface) -> None:
    """Make the database, owned by the role that restores, and the extensions that only a superuser may make. Raises Failed."""
    encoding = known.encoding if known.encoding.isalnum() or "_" in known.encoding else "UTF8"
    cluster.ask(
        f"CREATE DATABASE {DATABASE} OWNER {RESTORER} TEMPLATE template0 ENCODING '{encoding}' LC_COLLATE 'C' LC_CTYPE 'C'",
        "postgres",
    )
    for name, schema in known.extensions:
        if schema != "public" and not schema.startswith("pg_"):
            cluster.ask(f'CREATE SCHEMA IF NOT EXISTS "{schema}" AUTHORIZATION {RESTORER}')
        try:
            cluster.ask(f'CREATE EXTENSION IF NOT EXISTS "{name}" WITH SCHEMA "{schema}" CASCADE')
        except Failed as failed:
            raise Failed(failed.reason, name if failed.reason == "extension" else "") from failed


def _shown(path: Path) -> str:
    return os.fsencode(path).decode("utf-8", "replace")[:200]
