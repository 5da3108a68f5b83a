"""SPSE installations on this host, as their application.conf says (Play framework 1).

Laws:
- Values of `application.secret`, `db`, `db.*` and `securedb` never leave the parser: only booleans and a length do.
- Settings are read as Java reads a properties file; the last line of a name wins.
"""

from __future__ import annotations

import posixpath
import re

import msgspec

from checks.fact import Absent, After, Fact, Missing, Recipe, reads
from checks.facts.spse_process import SpseProcesses, plain, unconfirmed
from checks.source import FileStat, FileText, Glob, Stat
from checks.text import Text, joined

APPLICATIONS = (
    "/home/appserv/*/webapp",
    "/home/appserv/*",
    "/export/home/appserv/*/webapp",
    "/opt/spse*/webapp",
)
CONFIG = "conf/application.conf"
MOST_ELSEWHERE = 4
PORT = 9000  # Play's own
POOL = 100  # of Play with HikariCP
KNOWN = ("epns", "epns")  # the account of every public installation guide

LINE = re.compile(r"((?:\\.|[^\\=:\s])+)\s*[=:]?\s*(.*)", re.DOTALL)
BY_ID = re.compile(r"%([A-Za-z0-9_-]+)\.application\.mode")
PASSWORD = re.compile(r"db(?:\.\w+)?\.pass")
URL_PASSWORD = re.compile(r"[?&]password=([^&]+)")
ACCOUNT = re.compile(r"\w+:(?://)?([^:/@]+):([^@]+)@")
PLACEHOLDER = re.compile(r"\$\{[^}]+\}")
LOCAL = re.compile(r"(?:@|//)(?:localhost|127\.0\.0\.1|\[::1\])(?=[:/]|$)")


class SpseInstance(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One installation. `app` is Play's application folder, which holds conf/; `home` the folder above (or the same).

    `mode` is `application.mode` ("" if not set), `mode_by_id` what it is under a framework id (`%prod.` and the like).
    `address` is `http.address` ("" if all). `secret_length` is that of `application.secret`.
    `clear_password`: a database password stands in clear. `default_credentials`: that account is epns with password
    epns (unseen inside securedb). `database_local`: the database is on this host; None where the file does not tell.
    `includes`: it includes other files, which may say otherwise.
    """

    name: str
    home: str
    app: str
    port: int
    path: str
    mode: str
    pool_max: int
    secret_length: int
    securedb: bool
    clear_password: bool
    default_credentials: bool
    metrics_allowed: bool
    database_local: bool | None = None
    address: str = ""
    mode_by_id: dict[str, str] = {}
    includes: bool = False


class SpseInstances(Fact, frozen=True):
    """All SPSE installations on this host. Absent: SPSE is neither installed in a usual place nor running."""

    instances: tuple[SpseInstance, ...]


class SpseConfigFiles(Fact, frozen=True):
    """Owner and mode of every application.conf of SPSE. Absent: as SpseInstances."""

    files: tuple[ConfigFile, ...]


class ConfigFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One file: its path, permission bits, and numeric owner and group."""

    path: str
    mode: int
    uid: int
    gid: int


def _installed(*texts: tuple[FileText, ...]) -> SpseInstances:
    files = [file for group in texts for file in group]
    if not files:
        raise Absent(
            Text(
                "SPSE tidak terpasang di bawah /home/appserv atau /opt",
                "SPSE is not installed below /home/appserv or /opt",
            )
        )
    return SpseInstances(tuple(_instance(file) for file in files))


installed = Recipe(SpseInstances, tuple(Glob(f"{app}/{CONFIG}") for app in APPLICATIONS), _installed, root=True)


def _config_of_running(running: SpseProcesses, position: int) -> Glob:
    """The configuration of the process in the folder at `position`, of those that root or an owner of SPSE runs."""
    if not running.confirmed:
        raise Missing(joined(map(unconfirmed, running.processes)))
    apps = sorted({plain(one.app) for one in running.confirmed} - {""})
    if not apps:
        raise Missing(
            Text(
                "SPSE berjalan, tetapi baris perintahnya tidak menyebut tempat pemasangannya",
                "SPSE runs, but its command line does not say where it is installed",
            )
        )
    if len(apps) > MOST_ELSEWHERE:
        raise Missing(
            Text(
                f"SPSE berjalan di lebih dari {MOST_ELSEWHERE} tempat yang tidak lazim",
                f"SPSE runs in more than {MOST_ELSEWHERE} unusual places",
            )
        )
    return Glob(f"{apps[position] if position < len(apps) else apps[0]}/{CONFIG}")


def _elsewhere(*texts: tuple[FileText, ...]) -> SpseInstances:
    if not all(texts):
        raise Missing(
            Text(f"SPSE berjalan, tetapi {CONFIG}-nya tidak ditemukan", f"SPSE runs, but its {CONFIG} was not found")
        )
    files = {file.path: file for group in texts for file in group}
    return SpseInstances(tuple(_instance(file) for file in files.values()))


def _running_at(position: int) -> After[SpseProcesses, tuple[FileText, ...]]:
    return After(SpseProcesses, f"{{application.path}}/{CONFIG}", lambda running: _config_of_running(running, position))


elsewhere = Recipe(SpseInstances, tuple(map(_running_at, range(MOST_ELSEWHERE))), _elsewhere, root=True)


@reads(
    After(
        SpseInstances,
        f"stat {{app}}/{CONFIG}",
        lambda spse: Stat(tuple(f"{one.app}/{CONFIG}" for one in spse.instances)),
    )
)
def config_files(stats: tuple[FileStat, ...]) -> SpseConfigFiles:
    return SpseConfigFiles(tuple(ConfigFile(one.path, one.mode, one.uid, one.gid) for one in stats))


def _instance(file: FileText) -> SpseInstance:
    said = properties(file.text)
    if not any(name.startswith(("application.", "http.", "db", "%", "securedb")) for name in said):
        raise Missing(
            Text(
                f"{file.path} tidak tampak seperti konfigurasi Play",
                f"{file.path} does not look like a Play configuration",
            )
        )
    app = posixpath.dirname(posixpath.dirname(file.path))
    home = posixpath.dirname(app) if posixpath.basename(app) == "webapp" else app
    database = [value for name, value in said.items() if re.fullmatch(r"db(\.\w+)?(\.url)?", name)]
    return SpseInstance(
        name=posixpath.basename(home),
        home=home,
        app=app,
        port=_number(said.get("http.port", ""), PORT, file.path),
        path=said.get("http.path", "").rstrip("/"),
        mode=said.get("application.mode", "").lower(),
        pool_max=_number(said.get("db.pool.maxSize") or said.get("db.default.pool.maxSize", ""), POOL, file.path),
        secret_length=len(said.get("application.secret", "")),
        securedb=bool(said.get("securedb")),
        clear_password=any(not PLACEHOLDER.fullmatch(password) for _, password in _accounts(said)),
        default_credentials=KNOWN in _accounts(said),
        metrics_allowed="127.0.0.1" in re.split(r"[;,\s]+", said.get("promotheus.remoteaddr", "")),
        database_local=any(LOCAL.search(url) for url in database) if database else None,
        address=said.get("http.address", ""),
        mode_by_id={match[1]: value.lower() for name, value in said.items() if (match := BY_ID.fullmatch(name))},
        includes=any(name.startswith("@include") for name in said),
    )


def _accounts(said: dict[str, str]) -> list[tuple[str, str]]:
    """All (user, password) of databases that stand in clear."""
    found = []
    for name, value in said.items():
        if PASSWORD.fullmatch(name) and value:
            found.append((said.get(name.removesuffix("pass") + "user", ""), value))
        if name == "db" or name.startswith("db."):
            if match := ACCOUNT.match(value.removeprefix("jdbc:")):
                found.append((match[1], match[2]))
            if match := URL_PASSWORD.search(value):
                user = re.search(r"[?&]user=([^&]+)", value)
                found.append((user[1] if user else "", match[1]))
    return found


def _number(value: str, default: int, path: str) -> int:
    if not value:
        return default
    if not (value.isascii() and value.isdigit()):
        raise Missing(
            Text(f"{path}: port atau ukuran pool bukan angka", f"{path}: a port or pool size is not a number")
        )
    return int(value)


def properties(text: str) -> dict[str, str]:
    """The settings of a Java properties file. Names in order of their first line, values of their last."""
    said: dict[str, str] = {}
    pending = ""
    for raw in text.splitlines():
        line = pending + raw.lstrip()
        pending = ""
        if not line or line[0] in "#!":
            continue
        if (len(line) - len(line.rstrip("\\"))) % 2:
            pending = line[:-1]
            continue
        if match := LINE.match(line):
            said[re.sub(r"\\(.)", r"\1", match[1])] = re.sub(r"\\(.)", r"\1", match[2]).strip()
    return said
