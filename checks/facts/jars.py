"""Names of the Java libraries bundled with SPSE; never their content."""

from __future__ import annotations

import posixpath

from checks.fact import After, Fact, Missing, reads
from checks.facts.spse_instances import SpseInstances
from checks.source import FileStat, Stat
from checks.text import Text

FOLDERS = ("framework/lib", "framework/framework/lib", "lib", "webapp/lib", "modules/*/lib", "webapp/modules/*/lib")
KEPT = 400


class Jars(Fact, frozen=True):
    """File names of the distinct jars below all SPSE installations, sorted; at most 400 of `total`. Absent: no jar."""

    names: tuple[str, ...]
    total: int


def _folders(spse: SpseInstances) -> Stat:
    homes = {home for one in spse.instances for home in (one.home, one.app)}
    return Stat(tuple(f"{home}/{folder}/*.jar" for home in sorted(homes) for folder in FOLDERS))


@reads(After(SpseInstances, "stat {home}/**/lib/*.jar", _folders))
def bundled(stats: tuple[FileStat, ...]) -> Jars:
    names = sorted(
        {posixpath.basename(one.path) for one in stats if one.kind in {"file", "link"} and one.path.endswith(".jar")}
    )
    if not names:
        raise Missing(Text("tidak satu pun *.jar adalah berkas", "none of the *.jar is a file"))
    return Jars(tuple(names[:KEPT]), len(names))
