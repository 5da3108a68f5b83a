"""What the servers of a provider told of themselves, as facts that its registers are compared with. Pure.

Law: the latest of each fact counts, as the judge holds it with the server's state; what a server did not tell has no row.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import TypeVar

import msgspec

from checks.fact import Fact, name_of
from checks.facts.backups import MOST_SERIES, Backups
from checks.facts.config_backup import ConfigBackup
from checks.facts.discovered import (
    MOST_ROWS,
    Copy,
    Data,
    DiscoveredBackups,
    DiscoveredHardware,
    DiscoveredReleases,
    DiscoveredSoftware,
    Held,
    Machine,
    Program,
    Release,
    Told,
)
from checks.facts.document_store import DocumentFolders
from checks.facts.firmware import Firmware
from checks.facts.java_runtime import JavaRuntime
from checks.facts.memory import Memory
from checks.facts.os_release import OsRelease
from checks.facts.postgres_databases import PgDatabases
from checks.facts.postgres_settings import PgSettings
from checks.facts.processor import Processor
from checks.facts.smart import SmartDisks
from checks.facts.spse_instances import SpseInstances
from checks.facts.spse_release import SpseFrameworks, SpseReleases
from checks.facts.web_software import WebSoftware
from collector.surveillance.state import State

SURVEYED: Mapping[type[Fact], None] = dict.fromkeys((
    Backups, ConfigBackup, DocumentFolders, Firmware, JavaRuntime, Memory, OsRelease, PgDatabases, PgSettings, Processor,
    SmartDisks, SpseFrameworks, SpseInstances, SpseReleases, WebSoftware,
))  # fmt: skip
"""The facts of servers that the survey takes: they are held with a server's state."""

LATEST = 2.0**32  # seconds since the epoch: 2106
NOT_DATA = "postgres"  # the maintenance database of every cluster

F = TypeVar("F", bound=Fact)
Servers = Mapping[str, State]
"""States of the servers of one provider that are not retired, by their names."""


def hardware(servers: Servers) -> DiscoveredHardware | None:
    """None: no server told anything of it."""
    rows = []
    for name, state in sorted(servers.items()):
        firmware, processor = told_of(state, Firmware), told_of(state, Processor)
        memory, disks = told_of(state, Memory), told_of(state, SmartDisks)
        if any((firmware, processor, memory, disks)):
            rows.append(
                Machine(
                    name,
                    firmware.serial if firmware else "",
                    processor.cores if processor else None,
                    memory.total if memory else None,
                    len(disks.disks) if disks else None,
                )
            )
    return DiscoveredHardware(tuple(rows[:MOST_ROWS])) if rows else None


def software(servers: Servers) -> DiscoveredSoftware | None:
    """None: no server told anything of it."""
    rows = [Program(name, *one) for name, state in sorted(servers.items()) for one in dict.fromkeys(_programs(state))]
    return DiscoveredSoftware(tuple(rows[:MOST_ROWS])) if rows else None


def backups(servers: Servers) -> DiscoveredBackups | None:
    """None: no server told of backups at all, neither that there are some nor that there are none."""
    rows = [Copy(name, *one) for name, state in sorted(servers.items()) for one in _copies(state)]
    data = [Held(name, *one) for name, state in sorted(servers.items()) for one in _data(state)]
    if not any(name_of(kind) in state.held for state in servers.values() for kind in (Backups, ConfigBackup)):
        return None
    told = [Told(name, kind) for name, state in sorted(servers.items()) for kind in _kinds_told(state)]
    return DiscoveredBackups(tuple(rows[:MOST_ROWS]), tuple(data[:MOST_ROWS]), tuple(told))


def releases(servers: Servers) -> DiscoveredReleases | None:
    """None: no server was ever heard."""
    rows = []
    for name, state in sorted(servers.items()):
        if state.heard_at is None or not state.reports:
            continue
        told, frameworks = told_of(state, SpseReleases), told_of(state, SpseFrameworks)
        release = next((version for version in told.versions if version), "") if told else ""
        framework = frameworks.jars[0].version if frameworks and frameworks.jars else ""
        rows.append(Release(name, state.heard_at, release, framework))
    return DiscoveredReleases(tuple(rows[:MOST_ROWS])) if rows else None


def _programs(state: State) -> Iterator[tuple[str, str]]:
    if system := told_of(state, OsRelease):
        yield system.id, system.version
    if settings := told_of(state, PgSettings):
        yield "postgresql", settings.option("server_version") or ""
    if java := told_of(state, JavaRuntime):
        yield "java", java.version
    if web := told_of(state, WebSoftware):
        yield from ((part.product, part.version) for part in web.parts)
    told = told_of(state, SpseReleases)
    if told is not None:
        yield from (("spse", version) for version in told.versions)
    elif told_of(state, SpseInstances) is not None:
        yield "spse", ""


def _copies(state: State) -> Iterator[tuple[Data, str, datetime]]:
    if made := told_of(state, Backups):
        yield from (("database", series.name, _moment(series.newest)) for series in made.database)
        if made.catalogue is not None:
            yield "database", "", _moment(made.catalogue)
        if made.documents is not None:
            yield "documents", "", _moment(made.documents)
    if config := told_of(state, ConfigBackup):
        kept = [at for at in (config.newest, config.etckeeper) if at is not None]
        if kept:
            yield "configuration", "", _moment(max(kept))


def _kinds_told(state: State) -> Iterator[Data]:
    """The kinds of copies of which a server could tell all it has, as `discovered.Told` says."""
    made = told_of(state, Backups)
    if _is_absent(state, Backups) or (made is not None and not made.skipped):
        if made is None or len(made.database) < MOST_SERIES:
            yield "database"
        yield "documents"
    if _is_absent(state, ConfigBackup) or told_of(state, ConfigBackup) is not None:
        yield "configuration"


def _is_absent(state: State, fact: type[Fact]) -> bool:
    held = state.held.get(name_of(fact))
    return held is not None and bool(held.absent)


def _data(state: State) -> Iterator[tuple[Data, str]]:
    if databases := told_of(state, PgDatabases):
        yield from (("database", one.name) for one in databases.databases if one.connectable and one.name != NOT_DATA)
    if documents := told_of(state, DocumentFolders):
        yield from (("documents", path) for path in documents.paths)


def told_of(state: State, fact: type[F]) -> F | None:
    """The latest of `fact` held with `state`; None if there is none, or it was told to another release, in which it was another."""
    held = state.held.get(name_of(fact))
    if held is None or not held.raw:
        return None
    try:
        return msgspec.json.decode(held.raw, type=fact)
    except msgspec.DecodeError:
        return None


def _moment(seconds: float) -> datetime:
    """Within `LATEST` whatever a server tells: a number that is no time must not end the survey of its provider."""
    return datetime.fromtimestamp(min(max(seconds, 0.0), LATEST), UTC)
