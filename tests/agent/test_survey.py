from __future__ import annotations

import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

import pytest

from agent.survey import LITTLE, Survey
from checks.fact import Absent, After, Fact, Missing, reads
from checks.source import Command, File, Source
from checks.text import Text, words

T = TypeVar("T")


@dataclass
class Shelf:
    """A host of texts: `said` by path, what is an exception is raised. Counts what was read."""

    said: dict[str, Any] = field(default_factory=dict)
    read_of: Counter[str] = field(default_factory=Counter)
    slow: float = 0.0

    def read(self, source: Source[T]) -> T:
        path = source.path if isinstance(source, File) else source.describe()
        self.read_of[path] += 1
        time.sleep(self.slow)
        said = self.said.get(path, Missing(f"{path} was not shelved"))
        if isinstance(said, Exception):
            raise said
        return cast(T, said)


class Colour(Fact, frozen=True):
    name: str


class Shade(Fact, frozen=True):
    name: str


class Paint(Fact, frozen=True):
    name: str


class Unknown(Fact, frozen=True):
    name: str


class Broken(Fact, frozen=True):
    name: str


@reads(File("/best"))
def best(text: str) -> Colour:
    return Colour(f"best {text}")


@reads(File("/second"), File("/third"))
def second(a: str, b: str) -> Colour:
    return Colour(f"second {a}{b}")


@reads(After(Colour, "file /{colour}", lambda colour: File(f"/shade of {colour.name}")))
def shade(text: str) -> Shade:
    return Shade(text)


@reads(File("/paint"), given=Colour)
def paint(text: str) -> Paint:
    return Paint(text)


@reads(File("/broken"))
def broken(text: str) -> Broken:
    raise ZeroDivisionError("one line too many")


def survey(host: Shelf, *facts: type[Fact]) -> Any:
    return Survey(host).take(facts)


def test_the_best_recipe_wins_and_the_others_are_not_tried() -> None:
    host = Shelf({"/best": "red", "/second": "a", "/third": "b"})
    assert survey(host, Colour).facts == {Colour: Colour("best red")}
    assert host.read_of == {"/best": 1}


@pytest.mark.parametrize("failure", [Missing("no permission"), Absent("not there"), ValueError("text makes no sense")])
def test_the_next_recipe_is_tried_whatever_the_first_one_came_to(failure: Exception) -> None:
    seen = survey(Shelf({"/best": failure, "/second": "a", "/third": "b"}), Colour)
    assert seen.facts == {Colour: Colour("second ab")}
    assert not seen.missing


def test_a_fact_is_absent_only_if_every_recipe_says_so() -> None:
    seen = survey(Shelf({"/best": Absent("no best"), "/second": Absent("no second")}), Colour)
    assert seen.absent == {Colour: "no best; no second"}
    assert not seen.missing


@pytest.mark.parametrize(("first", "then"), [(Missing, Absent), (Absent, Missing)])
def test_one_recipe_that_could_not_be_read_makes_the_fact_missing(first: Any, then: Any) -> None:
    seen = survey(Shelf({"/best": first("one"), "/second": then("two")}), Colour)
    assert not seen.absent
    assert seen.missing == {Colour: "one" if first is Missing else "two"}


def test_a_missing_fact_gives_all_its_reasons_each_once_in_both_languages() -> None:
    refused = Text("ditolak", "refused")
    seen = survey(Shelf({"/best": Missing(refused), "/second": Missing(refused), "/third": ""}), Colour)
    assert seen.missing == {Colour: refused}
    seen = survey(Shelf({"/best": Missing(refused), "/second": Missing("busy")}), Colour)
    assert [words(seen.missing[Colour], "id"), words(seen.missing[Colour], "en")] == ["ditolak; busy", "refused; busy"]


def test_a_parser_that_raises_costs_only_its_own_fact() -> None:
    seen = survey(Shelf({"/broken": "x", "/best": "red"}), Broken, Colour)
    assert seen.facts == {Colour: Colour("best red")}
    assert words(seen.missing[Broken], "en").endswith("test_survey.broken: ZeroDivisionError: one line too many")


def test_a_fact_without_a_recipe_is_missing() -> None:
    assert survey(Shelf(), Unknown).missing == {Unknown: "nothing says how to read Unknown"}


def test_a_source_after_a_fact_is_made_from_it() -> None:
    host = Shelf({"/best": "red", "/shade of best red": "crimson"})
    assert survey(host, Shade).facts == {Shade: Shade("crimson")}


def test_what_comes_after_an_absent_or_a_missing_fact_is_absent_or_missing_for_the_same_reason() -> None:
    gone = {"/best": Absent("no colour"), "/second": Absent("no colour")}
    assert survey(Shelf(gone), Shade).absent == {Shade: "no colour"}
    assert survey(Shelf({"/best": Missing("dark"), "/second": Missing("dark")}), Shade).missing == {Shade: "dark"}


def test_a_fact_is_absent_without_being_read_where_what_it_is_given_by_is_absent() -> None:
    host = Shelf({"/best": Absent("no colour"), "/second": Absent("no colour"), "/paint": "wet"})
    assert survey(host, Paint).absent == {Paint: "no colour"}
    assert host.read_of["/paint"] == 0


def test_a_fact_is_read_all_the_same_where_what_it_is_given_by_is_only_missing() -> None:
    assert survey(Shelf({"/paint": "wet"}), Paint).facts == {Paint: Paint("wet")}


def test_each_fact_is_read_once_whoever_asks_from_however_many_threads() -> None:
    host = Shelf({"/best": "red", "/shade of best red": "crimson", "/paint": "wet"}, slow=0.01)
    taken = Survey(host)
    outcomes: list[Any] = []
    threads = [
        threading.Thread(target=lambda kind=kind: outcomes.append(taken.outcome(kind)))
        for kind in (Colour, Shade, Paint) * 10
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    taken.take([Colour, Shade, Paint, Colour])
    assert len(outcomes) == 30
    assert set(host.read_of.values()) == {1}


def test_facts_are_read_several_at_a_time() -> None:
    kinds = [fresh(number) for number in range(8)]
    host = Shelf({f"/{number}": "x" for number in range(8)}, slow=0.1)
    start = time.monotonic()
    seen = survey(host, *kinds)
    assert len(seen.facts) == 8
    assert time.monotonic() - start < 0.7


def fresh(number: int) -> type[Fact]:
    """A fact of its own, whose recipe stands in this module."""
    kind = type(f"Fresh{number}", (Colour,), {"__module__": __name__}, frozen=True)  # type: ignore[call-arg]

    def parse(text: str) -> Fact:
        return kind(text)  # type: ignore[no-any-return]

    parse.__annotations__["return"] = kind
    setattr(sys.modules[__name__], f"fresh_{number}", reads(File(f"/{number}"))(parse))
    return kind


def test_progress_counts_from_none_to_all() -> None:
    seen: list[tuple[int, int]] = []
    watch: Callable[[int, int], None] = lambda done, total: seen.append((done, total))  # noqa: E731
    Survey(Shelf({"/best": "red"}), watch).take([Colour, Broken, Colour])
    assert seen == [(0, 2), (1, 2), (2, 2)]


def test_a_survey_of_nothing_is_empty() -> None:
    seen = survey(Shelf())
    assert (seen.facts, seen.missing, seen.absent) == ({}, {}, {})


def test_a_command_that_hangs_stops_no_other_fact() -> None:
    from agent.hosts.local import LocalHost

    host = Shelf({"/best": "red"})

    class Slow(Shelf):
        def read(self, source: Source[T]) -> T:
            if source == File("/broken"):
                LocalHost().read(Command(("sleep", "30"), timeout=0.3))
            return host.read(source)

    seen = survey(Slow(), Broken, Colour)
    assert seen.facts == {Colour: Colour("best red")}
    assert "did not end" in words(seen.missing[Broken], "en")


class Slow(Fact, frozen=True):
    said: str


class Slower(Fact, frozen=True):
    said: str


class Quick(Fact, frozen=True):
    said: str


@reads(Command(("sh", "-c", "sleep 60"), timeout=0.5))
def slow(printed: str) -> Slow:
    return Slow(printed)


@reads(Command(("sh", "-c", "sleep 61"), timeout=60))
def slower(printed: str) -> Slower:
    return Slower(printed)


@reads(Command(("sh", "-c", "echo here"), timeout=60))
def quick(printed: str) -> Quick:
    return Quick(printed.strip())


def test_a_program_that_ran_out_of_its_time_costs_it_once_and_still_answers_what_it_can() -> None:
    from agent.hosts.local import LocalHost

    asked = Survey(LocalHost())
    assert "did not end within 0.5 s" in words(asked.outcome(Slow).missing or "", "en")
    assert f"did not end within {LITTLE:g} s" in words(asked.outcome(Slower).missing or "", "en")
    assert asked.outcome(Quick).fact == Quick("here")


class Array(Fact, frozen=True):
    name: str


@reads(File("/proc/mdstat"), absent=Text("tidak ada RAID", "there is no RAID"))
def array(text: str) -> Array:
    if text == "none":
        raise Absent("the kernel knows no array")
    return Array(text)


def test_a_recipe_says_in_its_own_words_that_its_source_finds_nothing() -> None:
    nothing = Survey(Shelf({"/proc/mdstat": Absent("there is no file /proc/mdstat")})).outcome(Array)
    parsed = Survey(Shelf({"/proc/mdstat": "none"})).outcome(Array)
    closed = Survey(Shelf({"/proc/mdstat": Missing("permission denied")})).outcome(Array)

    assert nothing.absent == Text("tidak ada RAID", "there is no RAID")
    assert parsed.absent == "the kernel knows no array"
    assert (closed.missing, closed.absent) == ("permission denied", None)
