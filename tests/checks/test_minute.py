"""What a minute costs: the commands that checks of every minute run. Forks are what burns an agent's budget.

A command stands here once however many checks need it: a survey reads each source once. Those after `if` run only on a
host that has the thing, or only where the cheaper way did not answer.
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.catalogue import catalogue
from checks.check import MINUTE
from checks.fact import After, Fact, recipes
from checks.source import Command, Sql

EVERY_MINUTE = tuple(check for check in catalogue().surveyed if check.every <= MINUTE)

FIRST = {  # of the best recipes: what an SPSE server with PostgreSQL and a UPS runs each minute
    "J-LOG-07": {"journalctl"},
    "G-MEM-02": {"journalctl, if the kernel has killed something"},
    "G-PG-01": {"psql"},
    "G-PG-08": {"psql"},
    "L-AVL-05": {"pg_isready"},
    "L-AVL-11": {"tail, if a web server logs requests"},
    "L-PWR-01": {"upsc", "upsc, if NUT knows a UPS"},
}
OTHERWISE = {  # of the others, tried only if the first did not answer
    "J-LOG-07": {"tail", "date"},
    "G-JVM-01": {"curl"},
    "G-JVM-03": {"curl"},
    "G-PG-03": {"curl"},
    "L-AVL-03": {"curl"},
    "L-PWR-01": {"apcaccess"},
}
NAMED = {  # what `describe` of a source that comes after a fact begins with: what is run then
    "command journalctl --dmesg": "journalctl, if the kernel has killed something",
    "command upsc NAME": "upsc, if NUT knows a UPS",
    "command tail -n 2000": "tail, if a web server logs requests",
    "command curl": "curl",
}


def commands(kind: type[Fact], *, best: bool) -> Iterator[str]:
    """The commands of the best recipe of `kind`, or of the others, and of the facts that either rests on."""
    found = recipes(kind)
    for recipe in found[:1] if best else found[1:]:
        for source in recipe.sources:
            if isinstance(source, After):
                yield from commands(source.fact, best=best)
                yield from (name for start, name in NAMED.items() if source.describe().startswith(start))
            elif isinstance(source, Command):
                yield source.argv[0]
            elif isinstance(source, Sql):
                yield "psql"
        if recipe.given is not None:
            yield from commands(recipe.given, best=best)


def ran(*, best: bool) -> dict[str, set[str]]:
    found = {check.code: {name for fact in check.facts for name in commands(fact, best=best)} for check in EVERY_MINUTE}
    return {code: names for code, names in found.items() if names}


def test_only_these_commands_are_run_each_minute() -> None:
    assert ran(best=True) == FIRST


def test_and_these_where_the_best_way_does_not_answer() -> None:
    assert ran(best=False) == OTHERWISE


def test_one_query_a_minute_serves_every_check_of_postgresql() -> None:
    queries = {
        source
        for check in EVERY_MINUTE
        for fact in check.facts
        for source in recipes(fact)[0].sources
        if isinstance(source, Sql)
    }
    assert len(queries) == 1


def test_nothing_of_a_minute_takes_long_or_walks_a_disk() -> None:
    for check in EVERY_MINUTE:
        for fact in check.facts:
            for source in recipes(fact)[0].sources:
                assert source.timeout <= 10
                assert not (
                    isinstance(source, Command) and (source.heavy or source.argv[0] in {"find", "du", "rpm", "dpkg"})
                )
