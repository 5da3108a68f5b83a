"""Which release of SPSE runs, as it says itself, and with which build of its framework.

Laws:
- Play's own default "1.0" is no release: SPSE says that where nobody told the framework its version.
- Jars are never opened: they belong to the application's account, and tools that open them have holes. The framework's jar bears
  its version in its name; so does its manifest, and nothing of SPSE's release stands there.
"""

from __future__ import annotations

import posixpath
import re

import msgspec

from checks.fact import After, Fact, Missing, reads
from checks.facts.spse_answers import ask, ask_all, split
from checks.facts.spse_instances import SpseInstances
from checks.facts.spse_metrics import NO_ANSWER, InstanceMetrics, numbers, only
from checks.source import Answer, FileStat, FileText, Stat
from checks.text import Text

RELEASE = re.compile(r"[0-9A-Za-z][0-9A-Za-z._+-]{0,29}")
UNSET = "1.0"
JAR = re.compile(r"play-([0-9A-Za-z][0-9A-Za-z._+-]{0,59})\.jar")
FOLDERS = ("framework", "framework/framework")
MOST = 20


class SpseReleases(Fact, frozen=True):
    """The release that each running SPSE says it is ("4.5"), in the order of SpseInstances; "" where it did not say.

    Absent: as SpseInstances.
    """

    versions: tuple[str, ...]


class FrameworkJar(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The framework's jar in `folder`: what its name says after "play-", and its bytes."""

    folder: str
    version: str
    size: int


class SpseFrameworks(Fact, frozen=True):
    """The framework's jars of all SPSE installations, by folder. Absent: as SpseInstances, or no such jar."""

    jars: tuple[FrameworkJar, ...]


@reads(ask(0, "/metrics"), ask(1, "/metrics"))
def told(first: Answer | tuple[FileText, ...], second: Answer | tuple[FileText, ...]) -> SpseReleases:
    return _releases(numbers([(one.status, one.text) for one in (first, second) if isinstance(one, Answer)]))


@reads(ask_all("/metrics", body=True))
def told_with_curl(printed: str) -> SpseReleases:
    return _releases(numbers(split(printed)))


@reads(ask(0, "/metrics", alone=True))
def first_alone(answer: Answer | tuple[FileText, ...]) -> SpseReleases:
    """The second does not answer, and there is no curl to say so."""
    return _releases((only(answer), NO_ANSWER))


@reads(ask(1, "/metrics", alone=True))
def second_alone(answer: Answer | tuple[FileText, ...]) -> SpseReleases:
    """The first does not answer, and there is no curl to say so."""
    return _releases((NO_ANSWER, only(answer)))


def _releases(answers: tuple[InstanceMetrics, ...]) -> SpseReleases:
    versions = tuple(_release(one.version) for one in answers)
    if not any(versions):
        statuses = ", ".join(str(one.status) for one in answers)
        raise Missing(
            Text(
                f"SPSE tidak menyebut versinya di /metrics (status {statuses}; 403: tambahkan 127.0.0.1 ke promotheus.remoteaddr)",
                f"SPSE does not say its version at /metrics (status {statuses}; 403: add 127.0.0.1 to promotheus.remoteaddr)",
            )
        )
    return SpseReleases(versions)


def _release(said: str) -> str:
    return said if RELEASE.fullmatch(said) and said != UNSET else ""


def _jars(spse: SpseInstances) -> Stat:
    homes = sorted({home for one in spse.instances for home in (one.home, one.app)})
    return Stat(tuple(f"{home}/{folder}/play-*.jar" for home in homes for folder in FOLDERS))


@reads(After(SpseInstances, "stat {home}/framework/play-*.jar", _jars))
def frameworks(stats: tuple[FileStat, ...]) -> SpseFrameworks:
    jars = [
        FrameworkJar(posixpath.dirname(one.path)[:120], match[1], one.size)
        for one in stats
        if one.kind == "file" and (match := JAR.fullmatch(posixpath.basename(one.path)))
    ]
    if not jars:
        raise Missing(
            Text(
                "tidak satu pun play-*.jar adalah berkas bernama wajar", "no play-*.jar is a file with a sensible name"
            )
        )
    return SpseFrameworks(tuple(sorted(jars, key=lambda jar: (jar.folder, jar.version))[:MOST]))
