"""What the servers of a provider told of themselves, gathered by the collector to be compared with the provider's registers.

These facts have no recipe: the collector's own hourly survey makes them from the latest facts of the servers that are not
retired. `server` is always the host name under which the server is registered. Rows are sorted by it; there are at most
`MOST_ROWS` of them. A provider without a server: absent. No server told such facts yet: missing, never an empty list.
"""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, Literal, TypeAlias

import msgspec

from checks.fact import Fact
from checks.target import Target

MOST_ROWS = 2000


class Machine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One server: `serial` of its chassis ("" not known), processor `cores`, `memory` in bytes, number of physical `disks`.

    None: the server did not tell. From: `Firmware.serial`, `Processor.cores`, `Memory.total`, `SmartDisks.disks`.
    """

    server: str
    serial: str = ""
    cores: int | None = None
    memory: int | None = None
    disks: int | None = None


class DiscoveredHardware(Fact, frozen=True):
    """One row for each server that told anything, whatever is known of it."""

    about: ClassVar[Target] = Target.PROVIDER

    rows: tuple[Machine, ...]


class Program(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One software that runs on a server, by the name it is registered with; `version` "" where it is not known.

    From: `OsRelease` (its id: debian, almalinux), `PgSettings` (postgresql), `JavaRuntime` (java), `WebSoftware` (apache,
    nginx, haproxy, modsecurity), `SpseReleases` or `SpseInstances` (spse).
    """

    server: str
    name: str
    version: str = ""


class DiscoveredSoftware(Fact, frozen=True):
    """Each program once for each server and version."""

    about: ClassVar[Target] = Target.PROVIDER

    rows: tuple[Program, ...]


Data: TypeAlias = Literal["database", "documents", "configuration"]


class Copy(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The newest backup of one thing that lies on a server. `name`: the pattern of the files; "" where no name is known.

    From `Backups`: a database for each of `.database` (name and newest), one named "" for `.catalogue` (pgBackRest, Barman),
    documents for `.documents`; from `ConfigBackup`: configuration for the later of `.newest` and `.etckeeper`.
    """

    server: str
    kind: Data
    name: str
    newest: datetime


class Held(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Data found on a server that has to be backed up: a database by its name, a document store by its path.

    From `PgDatabases.databases` that are connectable, without `postgres`; `DocumentFolders.paths`.
    """

    server: str
    kind: Data
    name: str


class Told(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """That a server could tell which backups of this kind it has, be it none.

    Database and documents where its latest `Backups` was read or is absent, configuration where its `ConfigBackup` was. Not
    where it is missing (no permission), where `Backups.skipped` names a folder, and not of databases where `Backups.database`
    is as long as it can be (`MOST_SERIES`): then nobody knows.
    """

    server: str
    kind: Data


class DiscoveredBackups(Fact, frozen=True):
    """The copies and the data of all servers, and of which kinds of copies each could tell (`told`). `rows` may be empty."""

    about: ClassVar[Target] = Target.PROVIDER

    rows: tuple[Copy, ...]
    data: tuple[Held, ...] = ()
    told: tuple[Told, ...] = ()


class Release(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which SPSE a server has: the `release` it says it is, the `framework` that its jar's name says; "" where not known.

    `heard` is when the collector last accepted a report of the server. From: the first of `SpseReleases.versions` that is not
    "", and `SpseFrameworks.jars[0].version`; `Heartbeat.heard_at`.
    """

    server: str
    heard: datetime
    release: str = ""
    framework: str = ""


class DiscoveredReleases(Fact, frozen=True):
    """One row for each server that was ever heard, also where no SPSE is known on it."""

    about: ClassVar[Target] = Target.PROVIDER

    rows: tuple[Release, ...]
