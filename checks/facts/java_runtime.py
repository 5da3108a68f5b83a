"""The Java runtime that runs SPSE, from the `release` file of its own folder."""

from __future__ import annotations

import re
from datetime import date

from checks.fact import After, Fact, Missing, reads
from checks.facts.privilege import ROOT_OUTSIDE
from checks.facts.spse_process import SpseProcesses, plain, unconfirmed
from checks.source import FileText, Glob
from checks.text import Text, joined

VERSION = re.compile(r"(?:1\.(8|7|6)\.\d+(?:_(\d+))?|(\d{1,2})(?:\.\d+)*)(?:[-+].*)?")


class JavaRuntime(Fact, frozen=True):
    """Version of the Java that SPSE runs on ("17.0.15", "1.8.0_392"). Absent: SPSE does not run.

    `released` is the quarter's update day the release file names, or that follows from a Java 8 update number; None
    where neither tells.
    """

    version: str
    feature: int
    released: date | None
    vendor: str = ""


def _release(running: SpseProcesses, *, above: bool) -> Glob:
    """The `release` file of the home of Java; `above`: of the folder above it (bin/java below jre/)."""
    if not running.confirmed:
        raise Missing(joined(map(unconfirmed, running.processes)))
    paths = sorted({plain(one.java) for one in running.confirmed} - {""})
    if not paths:
        raise Missing(
            Text(
                f"program java milik SPSE tidak terlihat; {ROOT_OUTSIDE.id}",
                f"the java program of SPSE cannot be seen; {ROOT_OUTSIDE.en}",
            )
        )
    home = paths[0].removesuffix("/bin/java")
    return Glob(f"{home.rpartition('/')[0] if above else home}/release")


@reads(
    After(SpseProcesses, "{java home}/release", lambda running: _release(running, above=False)),
    After(SpseProcesses, "{java home}/../release", lambda running: _release(running, above=True)),
)
def from_release_file(own: tuple[FileText, ...], above: tuple[FileText, ...]) -> JavaRuntime:
    files = own or above
    if not files:
        raise Missing(
            Text(
                "Java yang menjalankan SPSE tidak disertai berkas release",
                "The Java that runs SPSE has no release file beside it",
            )
        )
    said = dict(re.findall(r'^([A-Z_]+)="?([^"\n]*)"?\s*$', files[0].text, re.MULTILINE))
    version = said.get("JAVA_VERSION", "")
    match = VERSION.fullmatch(version)
    if match is None:
        raise Missing(Text(f"{files[0].path} tidak menyebut versi Java", f"{files[0].path} names no Java version"))
    feature = int(match[1] or match[3])
    released = _day(said.get("JAVA_VERSION_DATE", ""))
    if released is None and feature == 8 and match[2]:
        released = _java_8_update(int(match[2]))
    return JavaRuntime(version, feature, released, said.get("IMPLEMENTOR", "")[:60])


def _java_8_update(update: int) -> date:
    """The quarter in which an update of Java 8 came out: 8u251 in April 2020, and ten numbers a quarter since."""
    quarters = max(-1, (update - 251) // 10)
    months = 3 + 3 * quarters
    return date(2020 + months // 12, months % 12 + 1, 21)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
