"""Something to read on a host, as data.

Laws:
- A source is literal: it can be printed, and the product can list every file, command and URL it will ever touch.
- A source does nothing. Only a host (`agent/hosts/`) executes it.
- `Source[T]` says what a host hands to the parser.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from checks.vantage import Vantage

T = TypeVar("T", covariant=True)
S = TypeVar("S", contravariant=True)

MEBIBYTE = 1 << 20


@dataclass(frozen=True, kw_only=True)
class Source(Generic[T]):
    """Something to read, whose reading is a `T`. `timeout` in seconds; `max_bytes` is read at the most."""

    timeout: float = 10.0
    max_bytes: int = MEBIBYTE

    @property
    def vantage(self) -> Vantage:
        """From where it can be read."""
        return Vantage.HOST

    def describe(self) -> str:
        """This source in one line, as `pantau-agent sources` prints it."""
        raise NotImplementedError


@dataclass(frozen=True)
class FileText:
    """One file: its path on the audited host, and its text."""

    path: str
    text: str


@dataclass(frozen=True)
class FileStat:
    """What `lstat` says of one path: `mode` is the permission bits (0o7777), `kind` one of file, directory, link, other;
    crowded for a folder of a `Stat` by folders that holds too much to be read.
    """

    path: str
    kind: str
    mode: int
    uid: int
    gid: int
    size: int
    modified: float


@dataclass(frozen=True)
class Answer:
    """What an HTTP server answered. Header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    text: str


@dataclass(frozen=True)
class File(Source[str]):
    """The text of one file. No such file: Absent. Not readable: Missing. Invalid UTF-8 is replaced, never an error."""

    path: str

    def describe(self) -> str:
        return f"file {self.path}"


@dataclass(frozen=True)
class Glob(Source[tuple[FileText, ...]]):
    """The texts of all files that match `pattern`, in the order of their paths. None: an empty tuple, or Absent unless
    `may_be_empty`.
    """

    pattern: str
    may_be_empty: bool = field(default=True, kw_only=True)

    def describe(self) -> str:
        return f"files {self.pattern}"


@dataclass(frozen=True)
class Stat(Source[tuple[FileStat, ...]]):
    """Owner, mode, size and time of all paths that match `patterns`; never their content. None: Absent.

    `folders` are patterns of folders that users can fill: of each that exists itself and what matches `below` it is told.
    One with too many matches is told alone, as of kind `crowded`, and keeps none of the others from being read.
    """

    patterns: tuple[str, ...]
    folders: tuple[str, ...] = field(default=(), kw_only=True)
    below: tuple[str, ...] = field(default=(), kw_only=True)

    def describe(self) -> str:
        return f"stat {' '.join(self.patterns)}"


@dataclass(frozen=True)
class Command(Source[str]):
    """What a command prints. Never through a shell.

    `ok` are the exit codes that count as an answer. `is_the_thing`: if the command does not exist the thing itself is
    absent (sshd); otherwise a command that does not exist is Missing (psql absent is not PostgreSQL absent).
    `heavy` commands are niced, and ioniced where that can be. The environment is cleaned: LC_ALL=C.
    """

    argv: tuple[str, ...]
    ok: tuple[int, ...] = field(default=(0,), kw_only=True)
    is_the_thing: bool = field(default=False, kw_only=True)
    heavy: bool = field(default=False, kw_only=True)

    def describe(self) -> str:
        return f"command {' '.join(self.argv)}"


@dataclass(frozen=True)
class Sql(Source[str]):
    """The rows of a read-only query on the local PostgreSQL, through `psql`, as CSV with a header line."""

    query: str
    database: str = field(default="postgres", kw_only=True)

    def describe(self) -> str:
        return f"sql ({self.database}) {' '.join(self.query.split())}"


@dataclass(frozen=True)
class Http(Source[Answer]):
    """The answer to one GET (or `method`) of `url`; redirects are not followed. Nobody listens: Missing."""

    url: str
    method: str = field(default="GET", kw_only=True)

    def describe(self) -> str:
        return f"http {self.method} {self.url}"


@dataclass(frozen=True)
class Usage(Source[T]):
    """A structured reading of the operating system (psutil). `reading` is the struct the host fills."""

    reading: type[T]

    def describe(self) -> str:
        return f"system {self.reading.__name__}"


@dataclass(frozen=True)
class Register(Source[T]):
    """What people entered at the collector about one server: the register's name (its fact's), and the struct it holds.
    Nothing entered: Absent.
    """

    register: str
    reading: type[T]

    @property
    def vantage(self) -> Vantage:
        return Vantage.REGISTER

    def describe(self) -> str:
        return f"register {self.register}"


@dataclass(frozen=True)
class Samples:
    """What was remembered of one subject (a mount, an interface): points of (seconds since the epoch, value), oldest first."""

    subject: str
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class History(Source[tuple[Samples, ...]], Generic[S]):
    """What the agent itself remembers of `value` of `fact` on this host, of the last `days` days, by subject.

    `sample` is a pure function from that fact to the value of each subject; whoever surveys keeps its first of each `step`
    seconds. No subject of which `needs` days are known: Missing, with how long that will take.
    """

    fact: type[S]
    value: str
    sample: Callable[[S], Mapping[str, float]] = field(repr=False, compare=False)
    days: float = field(default=30.0, kw_only=True)
    needs: float = field(default=7.0, kw_only=True)
    step: int = field(default=3600, kw_only=True)

    @property
    def series(self) -> str:
        """What is remembered, as it is called where it is kept."""
        return f"{self.fact.__name__}.{self.value}"

    def describe(self) -> str:
        return f"own history of {self.series}, {self.days:g} days"
