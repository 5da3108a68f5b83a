"""Which checks can be answered over SSH, and that they are answered alike."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from agent.hosts.local import LocalHost
from agent.hosts.ssh import knows
from agent.survey import Survey
from checks.catalogue import catalogue
from checks.check import Check
from checks.fact import Fact, Snapshot, name_of, recipes
from checks.source import History, Source
from checks.text import words
from checks.vantage import Vantage
from tests.agent.sshd import Server, sshd

COLUMN = Path(__file__).parent / "ssh_column.csv"  # the catalogue's rows marked Y or Y* (needs root): id, ssh

CHANGES = {
    "processor", "memory", "disk_activity", "filesystems", "log_volume", "interfaces", "listeners", "spse_answers",
    "suspicious_processes", "service_children", "open_files", "time_sync", "failed_logins", "log_access", "log_gaps",
    "config_files", "brute_force", "uplinks", "pg_activity", "backup_volume", "processes", "spse_processes",
    "reverse_proxy", "spse_instances", "web_shells",
}  # fmt: skip
"""What changes by itself between two surveys of a busy machine, and why:

- usage and sizes: processor, memory, disk_activity, filesystems, log_volume, interfaces, pg_activity, backup_volume;
- logs that grow and clocks that go on: failed_logins, log_access, log_gaps, brute_force, time_sync, config_files;
- processes and ports, the survey's own among them, and what is told from them: processes, suspicious_processes, listeners,
  service_children, spse_processes, spse_instances, spse_answers, reverse_proxy, uplinks;
- when a search began: web_shells;
- open_files besides: over SSH the limit stands in /proc/<pid>/limits; psutil's prlimit(2) needs CAP_SYS_RESOURCE in a container.
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with sshd(tmp_path_factory.mktemp("sshd")) as running:
        yield running


def answerable(check: Check) -> bool:
    """Has every fact of `check` a recipe, all of whose sources can be read over SSH?"""
    return all(
        any(all(knows(source) or _remembered(source) for source in recipe.sources) for recipe in recipes(fact))
        for fact in check.facts
        if any(recipe.vantage is Vantage.HOST for recipe in recipes(fact))
    )


def _remembered(source: Source[object]) -> bool:
    return isinstance(source, History)  # the relay's daemon remembers, whatever way it reads


def test_every_check_that_the_catalogue_marks_for_ssh_can_be_answered_over_ssh() -> None:
    found = catalogue()
    marked = [row["id"] for row in csv.DictReader(COLUMN.open(encoding="utf-8"))]
    made = [found.checks[code] for code in marked if code in found.checks]
    assert len(made) >= 130
    assert [check.code for check in made if not answerable(check)] == []


def test_every_source_of_the_host_vantage_can_be_read_over_ssh() -> None:
    """So a departure from the catalogue's column can only be a check of another vantage."""
    unread = [
        f"{name_of(fact)}: {source.describe()}"
        for check in catalogue().at(Vantage.HOST)
        for fact in check.facts
        for recipe in recipes(fact)
        for source in recipe.sources
        if not knows(source) and not _remembered(source) and source.vantage is Vantage.HOST
    ]
    assert sorted(set(unread)) == []


def said(snapshot: Snapshot, fact: type[Fact]) -> object:
    """What a snapshot says of `fact`, without what no two readings share: ids of processes, and moments in reasons."""
    if fact in snapshot.facts:
        return msgspec.to_builtins(snapshot.facts[fact])
    kind = "missing" if fact in snapshot.missing else "absent"
    reason = words(snapshot.missing.get(fact) or snapshot.absent[fact], "en")
    reason = reason.replace("a local host cannot read ", "").replace(": not over SSH", "")
    return kind, re.sub(r"\d[\d:., -]*", "N", reason)


def test_the_same_machine_gives_the_same_facts_locally_and_over_ssh(server: Server) -> None:
    facts = {fact for check in catalogue().at(Vantage.HOST) for fact in check.facts}
    facts = {fact for fact in facts if any(recipe.vantage is Vantage.HOST for recipe in recipes(fact))}
    host = server.host()
    here, there = Survey(LocalHost()).take(facts), Survey(host).take(facts)
    host.connection.close()
    different = {
        name_of(fact): (said(here, fact), said(there, fact)) for fact in facts if said(here, fact) != said(there, fact)
    }
    assert {name: both for name, both in different.items() if name not in CHANGES} == {}
    kinds = {  # and what changes by itself is still read, or not, alike
        name: [one[0] if isinstance(one, tuple) else "fact" for one in both]
        for name, both in different.items()
        if name not in {"open_files", "spse_answers", "reverse_proxy", "spse_instances"}
    }
    assert all(one == other for one, other in kinds.values()), kinds
