"""The agent itself on this host: its package, its key, its configuration, and the room for its spool.

Laws:
- The key is never opened: owner, mode and age of its file are all that is read. Of the configuration only `state` is taken.
- The package's files are compared with the hashes in its own RECORD; the digest of these hashes is the same on every host
  with the same release, whatever pip wrote there besides.
- State given by a command line or the environment alone is not seen: then the agent seems not to be enrolled.
"""

from __future__ import annotations

import base64
import binascii
import csv
import hashlib
import io
import re
from datetime import datetime

import msgspec

from checks.fact import Absent, After, Fact, Missing, Recipe
from checks.facts.file_dates import changed
from checks.source import Command, FileStat, FileText, Glob, Source, Stat
from checks.text import Text

CONFIG = ("/etc/pantau/agent.toml", "/etc/pantau/conf.d/*.toml")
STATE = "/var/lib/pantau"
KEY = "agent_key.pem"
PLACES = (
    "/opt/pantau/lib/python3*/site-packages", "/usr/lib/python3*/site-packages", "/usr/lib/python3*/dist-packages",
    "/usr/local/lib/python3*/site-packages", "/usr/local/lib/python3*/dist-packages",
)  # fmt: skip
RECORDS = tuple(Glob(f"{place}/pantau-*.dist-info/RECORD", max_bytes=4 << 20) for place in PLACES)
ROOMS = ("agent", "checks", "evidence", "collector")
RECORD = re.compile(r"(/.+)/pantau-([0-9][0-9A-Za-z.+!]{0,29})\.dist-info/RECORD")
MODULE = re.compile(rf"(?:{'|'.join(ROOMS)})/[\w/.-]+\.py")
SUM = re.compile(r"([0-9a-f]{64})  (/.*)")
NOTHING = Glob("/dev/null/none")
MOST = 5


class AgentFiles(Fact, frozen=True):
    """Where the agent keeps its state, and the folder its package is installed in ("": in no usual one). Never absent."""

    state: str
    site: str = ""


class AgentHealth(Fact, frozen=True):
    """What the agent can tell of itself. Absent: this host has no agent with a key.

    `version` ("" if the package is in no usual place), `digest`: SHA-256 over the hashes of its modules; `altered`: how many of
    these are not as they were installed, missing or added, with the first few in `which`. `key_mode`, `key_made`: of the key's
    file. `config_mode`: the loosest mode of its configuration files, None without any. `free`: bytes, where its state is.
    """

    key_mode: int
    key_made: datetime
    free: int
    version: str = ""
    digest: str = ""
    altered: int = 0
    which: tuple[str, ...] = ()
    config_mode: int | None = None


class _Config(msgspec.Struct):
    state: str = ""


def _files(*texts: tuple[FileText, ...]) -> AgentFiles:
    *records, main, drop_ins = texts
    state = STATE
    for file in (*main, *drop_ins):
        try:
            state = msgspec.toml.decode(file.text, type=_Config).state or state
        except (msgspec.DecodeError, RecursionError) as error:
            raise Missing(Text(f"{file.path} tidak terbaca", f"{file.path} cannot be read")) from error
    if not re.fullmatch(r"/[^\x00-\x1f*?\[\]]{0,200}", state):
        raise Missing(Text("state bukan direktori yang wajar", "state is no sensible directory"))
    return AgentFiles(state.rstrip("/") or "/", _package(tuple(records))[0])


agent_files = Recipe(AgentFiles, (*RECORDS, *map(Glob, CONFIG)), _files)


def _sums(found: AgentFiles) -> Source[str | tuple[FileText, ...]]:
    if not found.site:
        return NOTHING
    folders = [f"{found.site}/{room}" for room in ROOMS]
    return Command(
        ("find", *folders, "-xdev", "-type", "f", "-name", "*.py", "-exec", "sha256sum", "{}", "+"),
        timeout=60.0,
        heavy=True,
    )


def _health(
    seen: tuple[FileStat, ...], free: str, sums: str | tuple[FileText, ...], *texts: tuple[FileText, ...]
) -> AgentHealth:
    key = next((one for one in seen if one.path.endswith(f"/{KEY}") and one.kind == "file"), None)
    if key is None:
        raise Absent(NOT_ENROLLED)
    config = [one.mode for one in seen if one.path.startswith("/etc/pantau/") and one.kind == "file"]
    site, version, recorded = _package(texts)
    now = _hashed(sums, site)
    wrong = sorted(name for name in recorded.keys() | now.keys() if recorded.get(name) != now.get(name))
    if not re.fullmatch(r"\s*Avail\s+\d{1,18}\s*", free):
        raise Missing(Text("df tidak menyebut ruang kosong", "df told no free space"))
    lines = "".join(f"{recorded[name]}  {name}\n" for name in sorted(recorded))
    return AgentHealth(
        key_mode=key.mode,
        key_made=changed(key),
        free=int(free.split()[1]),
        version=version,
        digest=hashlib.sha256(lines.encode()).hexdigest() if recorded else "",
        altered=len(wrong),
        which=tuple(name[:80] for name in wrong[:MOST]),
        config_mode=max(config, key=lambda mode: (mode & 0o022).bit_count(), default=None),
    )


NOT_ENROLLED = Text("tidak ada agen terdaftar di host ini", "no agent is enrolled on this host")
agent_health = Recipe(
    AgentHealth,
    (
        After(AgentFiles, "stat {state}/agent_key.pem", lambda found: Stat((f"{found.state}/agent_key*.pem", *CONFIG))),
        After(
            AgentFiles,
            "command df {state}",
            lambda found: Command(("df", "--block-size=1", "--output=avail", "--", found.state), ok=(0, 1)),
        ),
        After(AgentFiles, "command find PACKAGE -name *.py -exec sha256sum {} +", _sums),
        *RECORDS,
    ),
    _health,
    absent=NOT_ENROLLED,
)


def _package(texts: tuple[tuple[FileText, ...], ...]) -> tuple[str, str, dict[str, str]]:
    """Folder, version, and the hashes of its modules by path, of the first package that was found; empty if none was."""
    for file in (file for group in texts for file in group):
        if (match := RECORD.fullmatch(file.path)) is None:
            continue
        try:
            rows = [row for row in csv.reader(io.StringIO(file.text), strict=True) if len(row) == 3]
            found = {row[0]: _hex(row[1]) for row in rows if MODULE.fullmatch(row[0])}
        except (csv.Error, ValueError) as error:
            raise Missing(Text(f"{file.path} tidak terbaca", f"{file.path} cannot be read")) from error
        if found:
            return match[1], match[2], found
    return "", "", {}


def _hex(recorded: str) -> str:
    """A hash such as sha256=47DEQpj8..., as pip records it, in hex. Raises ValueError."""
    kind, _, value = recorded.partition("=")
    try:
        raw = base64.b64decode(value + "=" * (-len(value) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError(recorded) from error
    if kind != "sha256" or len(raw) != 32:
        raise ValueError(recorded)
    return raw.hex()


def _hashed(sums: str | tuple[FileText, ...], site: str) -> dict[str, str]:
    if not isinstance(sums, str):
        return {}
    found = {}
    for line in sums.splitlines():
        match = SUM.fullmatch(line)
        if match is None or not site or not match[2].startswith(f"{site}/"):
            raise Missing(Text("sha256sum mencetak sesuatu yang lain", "sha256sum printed something else"))
        found[match[2].removeprefix(f"{site}/")] = match[1]
    if not found:
        raise Missing(Text("modul agen tidak ditemukan", "the agent's modules were not found"))
    return found
