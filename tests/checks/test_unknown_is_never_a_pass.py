"""Over the whole catalogue: what was not read, is not there, or makes no sense never becomes a pass.

The few places where an empty reading is a good one stand in `LEGITIMATE`, each with its reason.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, ClassVar, get_args, get_origin, get_type_hints

import msgspec
import pytest

from agent.hosts.local import LocalHost
from agent.survey import Survey
from checks.baseline import MOST_ITEMS, MOST_LENGTH, Approved, Listed, listed
from checks.catalogue import catalogue
from checks.check import Check
from checks.evaluate import evaluate
from checks.fact import Absent, Fact, Missing, Recipe, Snapshot, name_of, recipes
from checks.facts.auditd import Auditd
from checks.facts.backups import Backups, Guard
from checks.facts.boot import Boot
from checks.facts.document_store import DocumentFolders
from checks.facts.filesystems import Filesystem, Filesystems
from checks.facts.firewall import Firewall, Uplinks
from checks.facts.listeners import Listener, Listeners
from checks.facts.memory import Memory
from checks.facts.postgres_activity import PgActivity
from checks.facts.postgres_databases import PgDatabase, PgDatabases
from checks.facts.postgres_hba import HbaRule, PgHba
from checks.facts.postgres_installed import PostgresInstalled
from checks.facts.postgres_roles import PgRoles
from checks.facts.postgres_settings import PgSettings
from checks.facts.processes import ProcessTable
from checks.facts.rsyslog import LogServices
from checks.facts.spse_instances import SpseInstances
from checks.facts.spse_process import SpseProcess, SpseProcesses
from checks.facts.sshd import Sshd
from checks.facts.time_zone import TimeZone
from checks.facts.web_server import WebServers
from checks.source import Answer, FileStat, FileText, Samples, Source, Stat
from checks.text import Text
from checks.verdict import Result, Status
from tests.checks.real import NOW
from tests.checks.spse import instance

CATALOGUE = catalogue()
LOCAL = CATALOGUE.surveyed  # those too that the collector joins with what was registered
BY_CODE = pytest.mark.parametrize("check", LOCAL, ids=lambda check: check.code)
FACTS = tuple(fact for fact in CATALOGUE.facts.values() if recipes(fact))
REASON = Text("alasan", "reason")
MOST_BYTES = 8192
MOST_LISTED = MOST_ITEMS * (MOST_LENGTH + 3) + 200  # bytes of a baseline, which has its own limits


def judged(check: Check, snapshot: Snapshot) -> tuple[Result, ...]:
    return evaluate(check, check.thresholds, snapshot, NOW)


# Missing and absent


@BY_CODE
def test_a_check_whose_facts_are_all_missing_is_unknown(check: Check) -> None:
    (result,) = judged(check, Snapshot(missing=dict.fromkeys(check.facts, REASON)))
    assert (result.status, result.measured) == (Status.UNKNOWN, REASON)


@BY_CODE
def test_a_check_whose_facts_nobody_tried_is_unknown(check: Check) -> None:
    assert [result.status for result in judged(check, Snapshot())] == [Status.UNKNOWN]


@BY_CODE
def test_absence_in_any_combination_with_what_is_missing_is_never_a_pass(check: Check) -> None:
    for mask in itertools.product((True, False), repeat=len(check.facts)):
        absent = {fact: REASON for fact, gone in zip(check.facts, mask, strict=True) if gone}
        missing = {fact: REASON for fact in check.facts if fact not in absent}
        for result in judged(check, Snapshot(missing=missing, absent=absent)):
            assert result.status is not Status.PASS


def test_the_collectors_own_checks_are_unknown_without_their_facts() -> None:
    rest = [check for check in CATALOGUE if check not in LOCAL]
    assert rest
    for check in rest:
        assert [result.status for result in judged(check, Snapshot())] == [Status.UNKNOWN]


# Empty and senseless readings

SENSELESS = (
    "", "\n", " ", "\0", "-", "0", "1 1", "<html><title>502 Bad Gateway</title></html>", "{}", "[]", "null", "true",
    "command not found", "Permission denied\n", "a:b:c\n", "a=b\n", "a,b\n1,2\n", "\N{REPLACEMENT CHARACTER}" * 40,
    "x" * 5000, "#" * 200, "\n" * 200,
)  # fmt: skip
READINGS: dict[object, tuple[object, ...]] = {
    str: SENSELESS,
    tuple[FileText, ...]: ((), *(((FileText("/nowhere", text),)) for text in SENSELESS)),
    Answer: (Answer(0, {}, ""), *(Answer(status, {}, text) for status in (200, 403, 502) for text in SENSELESS[:12])),
    ProcessTable: (ProcessTable(()),),
    tuple[Samples, ...]: (
        (),
        (Samples("", ()),),
        (Samples("/", ((0.0, 0.0),)),),
        (Samples("/", ((0.0, float("nan")), (9e9, float("inf")))),),
    ),
}


def parameters(recipe: Recipe[Fact]) -> list[object]:
    """What the parser takes, source by source."""
    hints = {name: hint for name, hint in get_type_hints(recipe.parse).items() if name != "return"}
    kinds = list(hints.values())
    return kinds + [kinds[-1]] * (len(recipe.sources) - len(kinds))  # *texts


def possible(kind: object, source: Source[object]) -> tuple[object, ...]:
    if kind in READINGS:
        return READINGS[kind]
    if kind == tuple[FileStat, ...]:
        return tuple(stats(source))
    if isinstance(kind, type) and issubclass(kind, Fact):
        return (empty(kind),)
    return tuple(reading for part in get_args(kind) for reading in possible(part, source))  # A | B


def stats(source: Source[object]) -> Iterator[tuple[FileStat, ...]]:
    """What may match and yet be no file: a host gives at least one path, of those that were asked for."""
    patterns = source.patterns if isinstance(source, Stat) else ("/nowhere",)
    paths = [re.sub(r"\[[^]]*\]|[*?]", "0", pattern) for pattern in patterns]
    for kind in ("other", "directory", "link"):
        yield tuple(FileStat(path, kind, 0o777, 4242, 4242, 0, 0.0) for path in paths)
        yield (FileStat(paths[0], kind, 0, 0, 0, 0, 0.0),)


def empty(kind: Any) -> Any:
    """A struct with nothing in it, as a broken library might hand over."""
    simple: dict[object, object] = {
        int: 0, float: 0.0, str: "", bool: False, datetime: datetime.fromtimestamp(0, UTC), date: date(1970, 1, 1)
    }  # fmt: skip
    return kind(*[simple.get(hint, ()) for hint in get_type_hints(kind).values() if get_origin(hint) is not ClassVar])


@cache
def bad_facts(kind: type[Fact]) -> tuple[Fact, ...]:
    """All that the recipes of `kind` make of senseless readings."""
    made: dict[Fact | str, Fact] = {}
    for recipe in recipes(kind):
        choices = [possible(kind, source) for kind, source in zip(parameters(recipe), recipe.sources, strict=True)]
        longest = max(len(choice) for choice in choices)
        alike = [tuple(choice[at % len(choice)] for choice in choices) for at in range(longest)]
        first_differs = [(one, *(choice[0] for choice in choices[1:])) for one in choices[0]]
        last_differs = [(*(choice[0] for choice in choices[:-1]), one) for one in choices[-1]]
        for readings in (*alike, *first_differs, *last_differs):
            try:
                fact = recipe.parse(*readings)
            except (Missing, Absent):
                continue
            made[repr(fact)] = fact
    return tuple(made.values())


# What else a check takes, as it should be: a bad fact must not pass beside good ones either.
GOOD: dict[type[Fact], Fact] = {
    Auditd: Auditd(True),
    Backups: Backups((), Guard(0, 0, 0, 0, 0, 0)),
    Boot: Boot(datetime(2026, 10, 1, tzinfo=UTC), "6.1.0"),
    DocumentFolders: DocumentFolders(("/home/file/file_prod",)),
    Filesystems: Filesystems((Filesystem("/", "/dev/vda1", "ext4", 1 << 40, 0, 1 << 40, 1000, 1000),)),
    Firewall: Firewall(("nftables",), True, True),
    Listeners: Listeners((Listener("127.0.0.1", 9090, "tcp", "java"),)),
    LogServices: LogServices(True, True),
    Memory: Memory(1 << 34, 1 << 33, 0, 0),
    PgActivity: PgActivity(1, 100),
    PgDatabases: PgDatabases((PgDatabase("epns_prod", 1 << 20, 1, 1, hits=1 << 30),)),
    PgHba: PgHba((HbaRule("1", "local", "all", "all", "", "peer"),)),
    PgRoles: PgRoles((), 0),
    PgSettings: PgSettings(
        {"data_directory": "/var/lib/pg", "data_checksums": "on", "ssl": "on", "password_encryption": "scram-sha-256"}
    ),
    PostgresInstalled: PostgresInstalled(("/etc/postgresql/15/main",)),
    SpseInstances: SpseInstances((instance(),)),
    SpseProcesses: SpseProcesses((SpseProcess(7, "spse", "/home/appserv/spse/webapp"),)),
    Sshd: Sshd({"usepam": "yes", "pubkeyauthentication": "no"}, True),
    TimeZone: TimeZone("WIB-7"),
    Uplinks: Uplinks(("eth0",)),
    WebServers: WebServers(()),
    # An approved nothing is the baseline that an empty reading would equal.
    **{kind: kind((), 0, listed(Listed, ()).digest, NOW) for kind in FACTS if issubclass(kind, Approved)},
}  # fmt: skip

LEGITIMATE = {  # (check, fact whose reading was senseless): why a pass is right all the same
    ("F-CHG-02", "config_changes"): "what was last changed in 1970 was not changed lately, whatever else it is",
    ("F-CHG-02", "change_register"): "nothing was changed, so nothing needs an approval, whatever the register says",
    ("G-CPU-01", "processor"): "numbers of the kernel, not text: nothing to do is a good reading",
    ("G-CPU-02", "processor"): "numbers of the kernel, not text: nothing to do is a good reading",
    ("I-HW-02", "memory_errors"): "a counter that says 0 has counted no errors",
    ("I-USB-02", "removable_media"): "a device of which the kernel says 0 is not removable",
    ("J-LOG-02", "journald"): "the pass rests on rsyslog, which runs",
    ("K-APP-02", "spse_config_files"): "mode 0000 is closed to everyone",
    ("K-IOC-13", "preload"): "no /etc/ld.so.preload, or one without a word in it, is how it should be",
    ("K-IOC-13", "foreign_modules"): "a kernel that has loaded no modules has loaded no foreign ones",
    ("K-SSH-03", "sshd"): "a file of comments means sshd's defaults, and by default it refuses empty passwords",
    ("K-TLS-06", "tls_keys"): "mode 0000 is closed to everyone",
    ("L-AVL-04", "spse_pid_files"): "a server.pid elsewhere says nothing of this installation, whose process is alive",
}


def combinations(check: Check, bad: type[Fact]) -> Iterator[Snapshot]:
    """Each bad reading of `bad` beside good, absent and bad readings of the check's other facts."""
    others = [fact for fact in check.facts if fact is not bad]
    for fact in bad_facts(bad):
        for mask in itertools.product(("good", "absent", "bad"), repeat=len(others)):
            facts: dict[type[Fact], Fact] = {bad: fact}
            absent: dict[type[Fact], Text] = {}
            for other, how in zip(others, mask, strict=True):
                if how == "good" and other in GOOD:
                    facts[other] = GOOD[other]
                elif how == "bad" and bad_facts(other):
                    facts[other] = bad_facts(other)[0]
                else:
                    absent[other] = REASON
            yield Snapshot(facts, absent=absent)


PAIRS = [(check, fact) for check in LOCAL for fact in check.facts]


def passes(check: Check, fact: type[Fact]) -> Iterable[str]:
    for snapshot in combinations(check, fact):
        for result in judged(check, snapshot):
            if result.status is Status.PASS:
                yield f"{snapshot.facts[fact]!r}: {result.measured}"


@pytest.mark.parametrize(("check", "fact"), PAIRS, ids=[f"{check.code}-{name_of(fact)}" for check, fact in PAIRS])
def test_a_senseless_reading_is_never_a_pass(check: Check, fact: type[Fact]) -> None:
    found = list(dict.fromkeys(passes(check, fact)))
    if (check.code, name_of(fact)) in LEGITIMATE:
        assert found, "this is no exception any more: take it out of LEGITIMATE"
    else:
        assert found == []


@pytest.mark.parametrize("kind", FACTS, ids=name_of)
def test_whatever_a_parser_is_given_it_gives_its_fact_or_says_why_not(kind: type[Fact]) -> None:
    assert all(isinstance(fact, kind) for fact in bad_facts(kind))


def test_good_facts_pass_somewhere_so_that_the_others_are_judged_beside_them() -> None:
    assert all(isinstance(fact, kind) for kind, fact in GOOD.items())
    assert set(GOOD) <= set(FACTS)


# What this machine says


@pytest.fixture(scope="module")
def here() -> Snapshot:
    return Survey(LocalHost()).take(FACTS)


@pytest.mark.parametrize("kind", FACTS, ids=name_of)
def test_every_fact_of_this_machine_comes_back_from_json_and_is_small(kind: type[Fact], here: Snapshot) -> None:
    fact = here.facts.get(kind)
    if fact is None:
        assert here.missing.get(kind) or here.absent.get(kind)
        return
    raw = msgspec.json.encode(fact)
    assert msgspec.json.decode(raw, type=kind) == fact
    assert len(raw) <= (MOST_LISTED if isinstance(fact, Listed) else MOST_BYTES)


def test_a_pass_on_this_machine_has_every_fact_it_rests_on(here: Snapshot) -> None:
    for check in LOCAL:
        for result in judged(check, here):
            if result.status is Status.PASS:
                needed = [need.fact for need in check.arguments if need is not None and not need.optional]
                assert all(fact in here.facts for fact in needed), check.code
