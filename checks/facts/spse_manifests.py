r"""The manifest of each SPSE installation: the digest of all its jars, to be compared with that of LKPP's release.

    cd HOME && find . -name '*.jar' -xtype f -printf '%P\n' | LC_ALL=C sort | xargs sha256sum | sha256sum

Laws:
- Every jar below the installation counts, wherever it lies and whatever it is called; what is a link is followed.
- Jars are hashed again when size, times (also that of the inode) or inode of any of them changed, and at least once a day.
- Jars are hashed, never opened as archives.
"""

from __future__ import annotations

import hashlib
import math
import posixpath
import re
from collections.abc import Mapping

import msgspec

from checks.fact import After, Fact, Missing, reads
from checks.facts.spse_instances import SpseInstances
from checks.source import Command, FileText, Glob, History, Samples, Source
from checks.text import Text

DIGITS = 32  # of a SHA-256 in hex: 128 bits, which nobody can hit by trying
WORD = 12  # hex digits that a float holds exactly
MOST = 4  # installations that are remembered: a history keeps 16 numbers of a series
MOST_NEWEST, MOST_LENGTH = 3, 120
NOTHING = Glob("/dev/null/none")
ENTRY = re.compile(r"([fl]) (\d+) ([\d.]+) ([\d.]+) (\d+) (/[^\t]*)\t(.+)", re.DOTALL)
SUM = re.compile(r"(\\?)([0-9a-f]{64})  (/.*)")
UNREAD = Text("daftar *.jar tidak dapat dibaca", "the list of *.jar cannot be read")
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One installation: how many jars, the first 32 digits of its manifest's SHA-256, and the jars that changed last."""

    name: str
    jars: int
    digest: str
    newest: tuple[str, ...]


class SpseManifests(Fact, frozen=True):
    """The manifests of all SPSE installations, by folder. `state`: what was looked at to see that nothing changed; `fresh`: the
    jars were hashed for this very reading. Absent: as SpseInstances.
    """

    instances: tuple[Manifest, ...]
    state: str
    fresh: bool = True


class JarsHashed(Fact, frozen=True):
    """Which folders hold jars, and whether the digests that the agent remembers are theirs still. Absent: as SpseInstances."""

    homes: tuple[str, ...]
    known: bool = False


def _remembered(found: SpseManifests) -> dict[str, float]:
    """The digests as numbers; nothing of a reading that was itself remembered, so that no memory outlives a day."""
    if not found.fresh or len(found.instances) > MOST:
        return {}
    words = {
        f"{place}.{start}": float(int(one.digest[start : start + WORD], 16))
        for place, one in enumerate(found.instances)
        for start in range(0, DIGITS, WORD)
    }
    return {"state": float(int(found.state, 16)), **words}


def _find(homes: tuple[str, ...], *action: str, timeout: float) -> Command:
    argv = ("find", *homes, "-xdev", "-name", "*.jar", "-xtype", "f", *action)
    return Command(argv, timeout=timeout, max_bytes=8 << 20, heavy=True)


def _list(spse: SpseInstances) -> Command:
    homes = tuple(sorted({one.home for one in spse.instances}))
    return _find(homes, "-printf", r"%y %s %T@ %C@ %i %H\t%P\0", timeout=60.0)


def _hash(found: JarsHashed) -> Source[str | tuple[FileText, ...]]:
    return NOTHING if found.known else _find(found.homes, "-exec", "sha256sum", "{}", "+", timeout=300.0)


LISTED = After(SpseInstances, "command find {home} -xdev -name *.jar -xtype f -printf ...", _list)
HASHED = After(JarsHashed, "command find {home} -xdev -name *.jar -xtype f -exec sha256sum {} +", _hash)
MEMORY = History(SpseManifests, "manifest", _remembered, days=1.0, needs=0.0)


@reads(LISTED, MEMORY, root=True)
def jars_remembered(listed: str, remembered: tuple[Samples, ...]) -> JarsHashed:
    jars = _jars(listed)
    return JarsHashed(_homes(jars), bool(_recalled(jars, remembered)))


@reads(LISTED, root=True)
def jars_unknown(listed: str) -> JarsHashed:
    return JarsHashed(_homes(_jars(listed)))


@reads(LISTED, HASHED, MEMORY, root=True)
def spse_manifests(listed: str, hashed: str | tuple[FileText, ...], remembered: tuple[Samples, ...]) -> SpseManifests:
    jars = _jars(listed)
    if isinstance(hashed, str):
        return _manifests(jars, _digests(jars, hashed), fresh=True)
    return _manifests(jars, _recalled(jars, remembered), fresh=False)


@reads(LISTED, HASHED, root=True)
def spse_manifests_at_once(listed: str, hashed: str | tuple[FileText, ...]) -> SpseManifests:
    jars = _jars(listed)
    return _manifests(jars, _digests(jars, hashed) if isinstance(hashed, str) else {}, fresh=True)


class _Jar(msgspec.Struct, frozen=True):
    link: bool
    state: str
    changed: float
    home: str
    name: str

    @property
    def path(self) -> str:
        return f"{self.home}/{self.name}"


def _jars(listed: str) -> tuple[_Jar, ...]:
    found = []
    for entry in listed.removesuffix("\0").split("\0"):
        match = ENTRY.fullmatch(entry)
        if match is None:
            raise Missing(
                Text("tidak ada *.jar di bawah SPSE", "there is no *.jar below SPSE") if not listed else UNREAD
            )
        kind, size, modified, changed, inode, home, name = match.groups()
        stamps = [_seconds(stamp) for stamp in (modified, changed)]
        found.append(_Jar(kind == "l", f"{size} {modified} {changed} {inode}", max(stamps), home, name))
    return tuple(sorted(found, key=lambda one: (one.home, one.name.encode("utf-8", "replace"))))


def _seconds(stamp: str) -> float:
    try:
        return float(stamp)
    except ValueError as error:
        raise Missing(UNREAD) from error


def _homes(jars: tuple[_Jar, ...]) -> tuple[str, ...]:
    return tuple(sorted({jar.home for jar in jars}))


def _state(jars: tuple[_Jar, ...]) -> str:
    lines = "\n".join(f"{jar.path} {jar.state}" for jar in jars)
    return hashlib.sha256(lines.encode("utf-8", "replace")).hexdigest()[:WORD]


def _recalled(jars: tuple[_Jar, ...], remembered: tuple[Samples, ...]) -> dict[str, str]:
    """The digests of the last reading, by folder, if all jars are as they were then; what a link leads to may have changed."""
    last = {one.subject: max(one.points) for one in remembered if one.points}
    values = {subject: value for subject, (_, value) in last.items() if math.isfinite(value) and 0 <= value < 1 << 48}
    homes = _homes(jars)
    wanted = [f"{place}.{start}" for place in range(len(homes)) for start in range(0, DIGITS, WORD)]
    known = len({at for at, _ in last.values()}) == 1 and set(values) == {"state", *wanted}
    if not known or values["state"] != float(int(_state(jars), 16)) or any(jar.link for jar in jars):
        return {}
    return {
        home: "".join(
            f"{int(values[f'{place}.{start}']):0{min(WORD, DIGITS - start)}x}" for start in range(0, DIGITS, WORD)
        )
        for place, home in enumerate(homes)
    }


def _digests(jars: tuple[_Jar, ...], printed: str) -> dict[str, str]:
    """The digest of each folder's manifest, from what sha256sum printed of its jars."""
    sums = {}
    for line in printed.removesuffix("\n").split("\n"):
        match = SUM.fullmatch(line)
        if match is None:
            raise Missing(Text("sha256sum mencetak sesuatu yang lain", "sha256sum printed something else"))
        sums[re.sub(r"\\(.)", _unescaped, match[3]) if match[1] else match[3]] = match[2]
    if set(sums) != {jar.path for jar in jars}:
        raise Missing(Text("*.jar berubah ketika dibaca", "*.jar changed while they were read"))
    texts: dict[str, str] = {}
    for jar in jars:
        texts[jar.home] = texts.get(jar.home, "") + f"{sums[jar.path]}  {jar.name}\n"
    return {home: hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:DIGITS] for home, text in texts.items()}


def _unescaped(found: re.Match[str]) -> str:
    """What a backslash and a letter stand for in a name that sha256sum escaped."""
    return {"n": "\n", "r": "\r"}.get(found[1], found[1])


def _manifests(jars: tuple[_Jar, ...], digests: Mapping[str, str], *, fresh: bool) -> SpseManifests:
    if not digests:
        raise Missing(Text("*.jar berubah ketika dibaca", "*.jar changed while they were read"))
    made = []
    for home, digest in sorted(digests.items()):
        own = [jar for jar in jars if jar.home == home]
        newest = sorted(own, key=lambda jar: (-jar.changed, jar.name))[:MOST_NEWEST]
        names = tuple(CONTROL.sub("?", jar.name)[:MOST_LENGTH] for jar in newest)
        made.append(Manifest(posixpath.basename(home)[:MOST_LENGTH], len(own), digest, names))
    return SpseManifests(tuple(made), _state(jars), fresh)
