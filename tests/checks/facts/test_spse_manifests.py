from __future__ import annotations

import hashlib
import os
import subprocess
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given

from agent.history import History
from agent.hosts.local import LocalHost
from agent.hosts.remembering import RememberingHost, remember, series
from agent.survey import Survey
from checks.fact import Missing
from checks.facts.spse_instances import SpseInstances
from checks.facts.spse_manifests import (
    HASHED,
    LISTED,
    JarsHashed,
    SpseManifests,
    jars_unknown,
    spse_manifests_at_once,
)
from checks.source import FileText, Source
from tests.checks.facts.fuzzing import gives_or_says_why, mixed
from tests.checks.spse import instance
from tests.checks.trees import plant

ENTRY = "f 4 1700000000.5 1700000001.5 77 /home/appserv/spse\tlib/a.jar\0"
SUM = f"{'a' * 64}  /home/appserv/spse/lib/a.jar\n"
SHELL = "find . -name '*.jar' -xtype f -printf '%P\\n' | LC_ALL=C sort | xargs sha256sum | sha256sum"


def jars(home: Path) -> Path:
    for name in ("lib/netty.jar", "framework/play-lkpp.jar", "webapp/modules/x/lib/Zebra.jar", "webapp/lib/b c.jar"):
        plant(home, name, f"bytes of {name}")
    plant(home, "webapp/readme.txt", "no jar")
    return home


def read(home: Path) -> SpseManifests:
    """The manifest of the jars below `home`, hashed at once."""
    host, spse = LocalHost(), SpseInstances((instance(home=str(home), app=f"{home}/webapp"),))
    listed = host.read(LISTED.make(spse))
    found = jars_unknown(listed)
    return spse_manifests_at_once(listed, host.read(HASHED.make(found)))


def test_the_digest_is_the_one_that_the_shell_gives(tmp_path: Path) -> None:
    home = jars(tmp_path / "spse")
    (home / "webapp/lib/b c.jar").unlink()  # xargs would split its name
    printed = subprocess.run(
        ["/bin/sh", "-c", SHELL], cwd=home, capture_output=True, text=True, check=True
    ).stdout.split()[0]
    (one,) = read(home).instances
    assert (one.name, one.jars, one.digest) == ("spse", 3, printed[:32])


def test_each_change_of_a_jar_changes_the_digest(tmp_path: Path) -> None:
    home = jars(tmp_path / "spse")
    seen = [read(home).instances[0].digest]
    plant(home, "lib/netty.jar", "bytes of lib/nettx.jar")
    seen.append(read(home).instances[0].digest)
    plant(home, "webapp/deep/er/evil.jar")
    seen.append(read(home).instances[0].digest)
    (home / "lib/link.jar").symlink_to("/etc/hostname")
    seen.append(read(home).instances[0].digest)
    (home / "lib/two\nlines\\.jar").touch()
    seen.append(read(home).instances[0].digest)
    (home / "lib/netty.jar").rename(home / "lib/retty.jar")
    seen.append(read(home).instances[0].digest)
    assert len(set(seen)) == len(seen)


def test_the_jars_that_changed_last_are_named(tmp_path: Path) -> None:
    home = jars(tmp_path / "spse")
    time.sleep(0.01)
    plant(home, "lib/netty.jar", "other")
    assert read(home).instances[0].newest[0] == "lib/netty.jar"


class Counting:
    """A host on which SPSE stands in `home`; it counts how often jars were hashed."""

    def __init__(self, home: Path) -> None:
        self.home, self.hashed = home, 0

    def read(self, source: Source[object]) -> object:
        said = source.describe()
        if said.startswith("files "):
            text = "application.mode=prod\nhttp.port=9090\n"
            here = f"{self.home}/webapp/conf/application.conf"
            return (FileText(here, text),) if said == "files /home/appserv/*/webapp/conf/application.conf" else ()
        self.hashed += "sha256sum" in said
        return LocalHost().read(source)


def test_jars_are_hashed_again_only_when_one_changed_or_a_day_has_passed(tmp_path: Path) -> None:
    home = jars(tmp_path / "spse")
    host, memory = Counting(home), History(tmp_path / "history.db", 400)
    clock = [1_800_000_000.0]

    def survey() -> SpseManifests:
        clock[0] += 3600
        taken = Survey(RememberingHost(host, memory, lambda: clock[0])).take([SpseManifests])  # type: ignore[arg-type]
        remember(memory, series([SpseManifests]), taken, datetime.fromtimestamp(clock[0], UTC))
        fact = taken.facts[SpseManifests]
        assert isinstance(fact, SpseManifests)
        return fact

    first, second = survey(), survey()
    assert (first.fresh, second.fresh, host.hashed) == (True, False, 1)
    assert first.instances == second.instances

    jar = home / "lib/netty.jar"
    before = jar.stat()
    plant(home, "lib/netty.jar", "BYTES OF LIB/NETTY.JAR"[: before.st_size])
    os.utime(jar, ns=(before.st_atime_ns, before.st_mtime_ns))  # an intruder sets the time back; the inode's tells
    changed = survey()
    assert (changed.fresh, host.hashed) == (True, 2)
    assert changed.instances[0].digest != first.instances[0].digest

    fresh = [survey().fresh for _ in range(30)]
    assert fresh.count(True) == 1  # once in 30 hours


def test_without_a_memory_they_are_hashed_each_time(tmp_path: Path) -> None:
    host = Counting(jars(tmp_path / "spse"))
    for _ in range(2):
        assert isinstance(Survey(host).outcome(SpseManifests).fact, SpseManifests)  # type: ignore[arg-type]
    assert host.hashed == 2


def test_what_changes_meanwhile_is_missing() -> None:
    with pytest.raises(Missing, match="changed while"):
        spse_manifests_at_once(ENTRY, f"{SUM}{'b' * 64}  /home/appserv/spse/lib/b.jar\n")
    with pytest.raises(Missing, match="changed while"):
        spse_manifests_at_once(ENTRY, ())
    with pytest.raises(Missing, match="there is no"):
        spse_manifests_at_once("", "")


def test_one_entry_is_read() -> None:
    found = spse_manifests_at_once(ENTRY, SUM)
    text = f"{'a' * 64}  lib/a.jar\n"
    assert found.instances[0].digest == hashlib.sha256(text.encode()).hexdigest()[:32]
    assert jars_unknown(ENTRY) == JarsHashed(("/home/appserv/spse",))


@given(mixed(ENTRY, "\0", "f 1 2 3 4 /a\tb"), mixed(SUM, "\n", "a" * 64))
def test_any_text_gives_manifests_or_says_why(listed: str, hashed: str) -> None:
    gives_or_says_why(spse_manifests_at_once, listed, hashed)
