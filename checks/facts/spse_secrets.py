"""What can be told of each SPSE installation's secrets without telling them: how long, and whether two are the same.

Laws:
- `application.secret` leaves the parser as a length and as a mark: 64 bits of a slow hash under a salt of Pantau's own,
  so that equal secrets are seen to be equal, on different servers too, and nothing else is.
- A secret short enough to be guessed gets no mark.
"""

from __future__ import annotations

import hashlib
import posixpath
import re

import msgspec

from checks.fact import After, Fact, Missing, Recipe
from checks.facts.spse_instances import CONFIG, PLACEHOLDER, SpseInstances, properties
from checks.source import FileText, Glob
from checks.text import Text

MOST = 8
SALT = b"pantau application.secret 1"
ROUNDS = 50_000
SHORTEST_MARKED = 16  # characters
NOTHING = Glob("/dev/null/none")
SECRET = re.compile(r"(?:%[A-Za-z0-9_-]+\.)?application\.secret")
DATABASE = re.compile(r"(?:%[A-Za-z0-9_-]+\.)?db(?:\.\w+)?(?:\.url)?")
# What follows the last "@" or "//host/" is a database's name, or it is not taken: passwords stand before those.
NAME = re.compile(
    r"(?:.*@(?:[\w.-]+(?::\d+)?/)?|jdbc:postgresql:(?://[\w.,:-]*/)?)([A-Za-z0-9_-]{1,63})(?:\?.*)?", re.DOTALL
)


class SpseSecret(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One installation's `application.secret`: the length of the shortest that is set (0: none), and its mark.

    `elsewhere`: it is taken from the environment or from another file, so its length is not known. `database`: the name
    of the database in clear ("" where it is inside securedb).
    """

    name: str
    app: str
    length: int
    mark: str = ""
    elsewhere: bool = False
    database: str = ""


class SpseSecrets(Fact, frozen=True):
    """All installations of SPSE (at most 8). Absent: as SpseInstances."""

    instances: tuple[SpseSecret, ...]


def _config(spse: SpseInstances, position: int) -> Glob:
    if len(spse.instances) > MOST:
        raise Missing(Text(f"lebih dari {MOST} instans SPSE", f"more than {MOST} installations of SPSE"))
    return Glob(f"{spse.instances[position].app}/{CONFIG}") if position < len(spse.instances) else NOTHING


def _at(position: int) -> After[SpseInstances, tuple[FileText, ...]]:
    return After(SpseInstances, f"files {{app}}/{CONFIG}", lambda spse: _config(spse, position))


def _secrets(*texts: tuple[FileText, ...]) -> SpseSecrets:
    files = {file.path: file for group in texts for file in group}
    if not files:
        raise Missing(Text(f"{CONFIG} tidak ditemukan", f"{CONFIG} was not found"))
    return SpseSecrets(tuple(_secret(file) for file in files.values()))


secrets = Recipe(SpseSecrets, tuple(map(_at, range(MOST))), _secrets, root=True)


def _secret(file: FileText) -> SpseSecret:
    said = properties(file.text)
    if not any(name.startswith(("application.", "http.", "db", "%", "securedb")) for name in said):
        raise Missing(
            Text(f"{file.path} tidak tampak seperti konfigurasi Play", f"{file.path} is not a configuration of Play")
        )
    values = sorted((value for name, value in said.items() if SECRET.fullmatch(name)), key=len)
    secret = values[0] if values else ""
    placed = any(PLACEHOLDER.search(value) for value in values)
    includes = any(name.startswith("@include") for name in said)
    app = posixpath.dirname(posixpath.dirname(file.path))
    home = posixpath.dirname(app) if posixpath.basename(app) == "webapp" else app
    return SpseSecret(
        name=posixpath.basename(home),
        app=app,
        length=0 if placed else len(secret),
        mark=_mark(secret) if len(secret) >= SHORTEST_MARKED and not placed else "",
        elsewhere=placed or (includes and not secret),
        database=_database(said),
    )


def _mark(secret: str) -> str:
    return hashlib.pbkdf2_hmac("sha256", secret.encode(), SALT, ROUNDS).hex()[:16]


def _database(said: dict[str, str]) -> str:
    """The name of the first database that stands in clear."""
    for name, value in said.items():
        if DATABASE.fullmatch(name) and (match := NAME.fullmatch(value)):
            return match[1]
    return ""
