from __future__ import annotations

import re

import msgspec
import pytest

from checks.catalogue import catalogue
from checks.fact import Absent, After, Fact, Missing, Recipe, Snapshot, name_of, reads, recipes
from checks.facts import memory, sshd
from checks.source import File, Glob, Register
from checks.text import Text


class PlayPort(Fact, frozen=True):
    number: int = 9000


class Colour(Fact, frozen=True):
    name: str


@reads(File("/best"), root=True)
def best(text: str) -> Colour:
    return Colour(text)


@reads(File("/second"), Glob("/third/*"), given=PlayPort)
def second(text: str, files: object) -> Colour:
    return Colour(f"{text}{files}")


port = Recipe(PlayPort, (File("/port"),), lambda text: PlayPort(int(text)))


def test_a_fact_is_called_on_the_wire_as_in_code() -> None:
    assert [name_of(fact) for fact in (PlayPort, Colour, memory.OomKills)] == ["play_port", "colour", "oom_kills"]


def test_no_two_facts_of_the_catalogue_have_one_name() -> None:
    facts = {fact for check in catalogue() for fact in check.facts}
    assert len({name_of(fact) for fact in facts}) == len(facts)


def test_the_recipes_of_a_fact_are_those_of_its_own_module_in_their_order() -> None:
    assert [recipe.sources[0] for recipe in recipes(Colour)] == [File("/best"), File("/second")]
    assert recipes(PlayPort) == (port,)
    assert [recipe.parse.__name__ for recipe in recipes(memory.Memory)] == ["memory"]
    assert [recipe.root for recipe in recipes(sshd.Sshd)] == [True, False, False]


def test_a_recipe_says_what_it_needs_and_can_be_called_like_its_parser() -> None:
    assert (best.fact, best.root, best.given) == (Colour, True, None)
    assert (second.root, second.given) == (False, PlayPort)
    assert best("red") == Colour("red")
    assert port("9090") == PlayPort(9090)


def test_a_parser_that_does_not_say_which_fact_it_gives_is_refused_by_name() -> None:
    def nameless(text: str):  # type: ignore[no-untyped-def]  # noqa: ANN202
        return Colour(text)

    def words(text: str) -> str:
        return text

    for parser in (nameless, words):
        with pytest.raises(TypeError, match=rf"{parser.__name__} must say which fact it returns"):
            reads(File("/a"))(parser)


def test_a_source_that_comes_after_a_fact_says_so_and_is_made_from_it() -> None:
    source = After(PlayPort, "file /run/{port}", lambda play: File(f"/run/{play.number}"))
    assert source.describe() == "file /run/{port} (after play_port)"
    assert source.make(PlayPort(80)) == File("/run/80")


@pytest.mark.parametrize("kind", [Missing, Absent])
def test_a_reason_keeps_both_languages_and_reads_in_english(kind: type[Missing] | type[Absent]) -> None:
    error = kind(Text("ditolak", "refused"))
    assert error.reason == Text("ditolak", "refused")
    assert str(error) == "refused"
    assert str(kind("0644")) == "0644"


def test_absent_is_not_missing() -> None:
    assert not issubclass(Absent, Missing)
    assert not issubclass(Missing, Absent)


def test_a_fact_is_frozen_strict_and_sends_its_defaults_too() -> None:
    with pytest.raises(AttributeError):
        PlayPort().number = 1  # type: ignore[misc]
    assert msgspec.json.encode(PlayPort()) == b'{"number":9000}'
    for wrong in (b'{"number":9000,"secret":"x"}', b'{"number":"9000"}'):
        with pytest.raises(msgspec.ValidationError):
            msgspec.json.decode(wrong, type=PlayPort)


def test_every_fact_of_the_catalogue_says_what_it_is_and_sends_its_defaults() -> None:
    for fact in catalogue().facts.values():
        assert (fact.__doc__ or "").strip(), fact
        assert not fact.__struct_config__.omit_defaults, fact
        assert fact.__struct_config__.forbid_unknown_fields, fact
        assert fact.__struct_config__.frozen, fact


def test_every_fact_that_a_host_reads_says_what_its_absence_means() -> None:
    silent = [
        name_of(fact)
        for fact in catalogue().facts.values()
        if recipes(fact) and not re.search(r"Absent:|Never absent", fact.__doc__ or "")
    ]
    assert silent == []


def test_a_register_is_called_as_its_fact() -> None:
    named = [
        (source.register, name_of(fact))
        for fact in catalogue().facts.values()
        for recipe in recipes(fact)
        for source in recipe.sources
        if isinstance(source, Register)
    ]
    assert named
    assert [register for register, fact in named if register != fact] == []


def test_a_snapshot_covers_what_was_tried_whatever_came_of_it() -> None:
    snapshot = Snapshot({Colour: Colour("red")}, {PlayPort: "refused"}, {memory.Memory: "gone"})
    assert all(snapshot.covers(fact) for fact in (Colour, PlayPort, memory.Memory))
    assert not snapshot.covers(memory.OomKills)
    assert not Snapshot().covers(Colour)
