from __future__ import annotations

from pathlib import Path

from agent.hosts.local import LocalHost
from checks.facts.jars import Jars, bundled
from checks.facts.spse_instances import SpseInstances
from tests.checks.spse import instance
from tests.checks.trees import plant


def test_names_of_jars_are_listed_once(tmp_path: Path) -> None:
    for folder in ("framework/lib", "framework/framework/lib", "webapp/lib", "webapp/modules/x/lib"):
        plant(tmp_path, f"/home/appserv/spse/{folder}/log4j-core-2.24.3.jar")
    plant(tmp_path, "/home/appserv/spse/webapp/lib/postgresql-42.7.5.jar")
    plant(tmp_path, "/home/appserv/spse/webapp/lib/notes.txt")
    source = bundled.sources[0].make(SpseInstances((instance(),)))

    assert bundled(LocalHost(str(tmp_path)).read(source)) == Jars(("log4j-core-2.24.3.jar", "postgresql-42.7.5.jar"), 2)
