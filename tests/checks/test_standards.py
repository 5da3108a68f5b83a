"""The 17 standards as data: whole, honest, and in step with the catalogue."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.catalogue import catalogue
from checks.check import CODE
from checks.standard import LETTERS, Kind, Requirement, Standard, Standing, load, requirement_standing, tally
from checks.text import Text
from checks.verdict import Status

# Keputusan Deputi II LKPP 152/2022, 2.1.b.1, word for word without the leading "Standar".
DECREE = {
    "a": "Kebijakan Layanan",
    "b": "Organisasi Layanan",
    "c": "Pengelolaan Aset Layanan",
    "d": "Pengelolaan Resiko Layanan",
    "e": "Pengelolaan Gangguan Masalah dan Permintaan Layanan",
    "f": "Pengelolaan Perubahan",
    "g": "Pengelolaan Kapasitas Layanan",
    "h": "Pengelolaan Sumber Daya Manusia",
    "i": "Pengelolaan Keamanan Perangkat",
    "j": "Pengelolaan Operasional Keamanan Layanan",
    "k": "Pengelolaan Keamanan Server dan Jaringan",
    "l": "Pengelolaan Kelangsungan Pelayanan",
    "m": "Pengelolaan Anggaran Layanan",
    "n": "Pengelolaan Pendukung Layanan",
    "o": "Pengelolaan Hubungan Bisnis Layanan",
    "p": "Pengelolaan Kepatuhan",
    "q": "Penilaian Internal",
}

# How many self-assessment items each standard has (domain knowledge base, part C).
ITEMS = {
    "a": 5, "b": 5, "c": 4, "d": 5, "e": 5, "f": 3, "g": 3, "h": 6, "i": 4,
    "j": 3, "k": 3, "l": 4, "m": 4, "n": 4, "o": 5, "p": 4, "q": 4,
}  # fmt: skip

LISTED = set((Path(__file__).parent / "catalogue_codes.txt").read_text().split())
STANDARDS = load()
REQUIREMENTS = [requirement for standard in STANDARDS.values() for requirement in standard.requirements]


def texts(requirement: Requirement) -> Iterator[Text]:
    yield requirement.title
    yield from (text for text in (requirement.evidence, requirement.note) if text)


# The data


def test_the_17_standards_stand_in_the_order_of_the_decree_under_its_names() -> None:
    assert "".join(STANDARDS) == LETTERS
    assert [standard.number for standard in STANDARDS.values()] == list(range(1, 18))
    assert {letter: standard.title.id for letter, standard in STANDARDS.items()} == DECREE


def test_every_requirement_has_an_id_of_its_own_that_begins_with_its_letter() -> None:
    ids = [requirement.id for requirement in REQUIREMENTS]
    assert len(ids) == len(set(ids))
    for letter, standard in STANDARDS.items():
        assert standard.requirements
        assert all(requirement.id.startswith(f"{letter}.") for requirement in standard.requirements)


def test_no_text_is_empty_and_no_two_languages_are_the_same() -> None:
    for requirement in REQUIREMENTS:
        assert requirement.source.strip(), requirement.id
        for text in texts(requirement):
            assert text.id.strip(), requirement.id
            assert text.en.strip(), requirement.id
            assert text.id != text.en, requirement.id


@pytest.mark.parametrize("letter", LETTERS)
def test_every_self_assessment_item_is_there_and_numbered(letter: str) -> None:
    asked = [r.id for r in STANDARDS[letter].requirements if r.kind is Kind.SELF_ASSESSMENT]
    assert asked == [f"{letter}.{number}" for number in range(1, ITEMS[letter] + 1)]


def test_each_kind_of_requirement_says_what_it_must_and_nothing_else() -> None:
    for requirement in REQUIREMENTS:
        codes = requirement.checks + requirement.planned
        assert bool(codes) is (requirement.kind is Kind.AUTOMATED), requirement.id
        assert bool(requirement.evidence) is (requirement.kind is Kind.SELF_ASSESSMENT), requirement.id
        assert bool(requirement.note) or requirement.kind is not Kind.NOT_CHECKABLE, requirement.id


# The codes


def test_every_code_has_the_form_of_a_code_and_the_letter_of_its_standard() -> None:
    for letter, standard in STANDARDS.items():
        for requirement in standard.requirements:
            for code in requirement.checks + requirement.planned:
                assert CODE.fullmatch(code), (requirement.id, code)
                assert code[0].lower() == letter, (requirement.id, code)


def test_every_code_of_the_list_stands_exactly_once() -> None:
    codes = [code for requirement in REQUIREMENTS for code in requirement.checks + requirement.planned]
    assert len(LISTED) == 226
    assert sorted(codes) == sorted(LISTED | {"Q-AGT-05", "K-PG-14", "K-DEV-01", "K-DEV-02", "L-DEV-01"})


def test_every_code_that_counts_is_a_check_of_the_catalogue() -> None:
    counting = {code for standard in STANDARDS.values() for code in standard.checks}
    assert sorted(counting - set(catalogue().checks)) == []


def test_every_check_of_the_catalogue_counts_under_some_requirement() -> None:
    counting = {code for standard in STANDARDS.values() for code in standard.checks}
    assert sorted(set(catalogue().checks) - counting) == []


# How a requirement stands


def automated(*checks: str, planned: tuple[str, ...] = (), number: int = 1) -> Requirement:
    title = Text("Judul", "Title")
    return Requirement(f"k.test-{number}", title, Kind.AUTOMATED, "inferred", checks=checks, planned=planned)


def asked(kind: Kind = Kind.SELF_ASSESSMENT) -> Requirement:
    return Requirement("k.asked", Text("Judul", "Title"), kind, "inferred")


def standard(*requirements: Requirement) -> Standard:
    return Standard("k", 11, Text("Judul", "Title"), requirements)


PASS, WARN, FAIL, UNKNOWN, NOT_APPLICABLE = Status


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ([PASS], [PASS], Standing.MET),
        ([PASS], [WARN], Standing.MET),
        ([PASS], [NOT_APPLICABLE], Standing.MET),
        ([PASS, PASS, NOT_APPLICABLE], [WARN], Standing.MET),
        ([NOT_APPLICABLE], [NOT_APPLICABLE], Standing.NOT_APPLICABLE),
        ([PASS], [FAIL], Standing.NOT_MET),
        ([PASS, PASS, FAIL], [PASS], Standing.NOT_MET),
        ([FAIL], [UNKNOWN], Standing.NOT_MET),
        ([FAIL], None, Standing.NOT_MET),
        ([PASS], [UNKNOWN], Standing.UNDETERMINED),
        ([PASS, UNKNOWN], [PASS], Standing.UNDETERMINED),
        ([NOT_APPLICABLE], [UNKNOWN], Standing.UNDETERMINED),
        ([PASS], None, Standing.UNDETERMINED),
        ([PASS], [], Standing.UNDETERMINED),
        ([NOT_APPLICABLE], None, Standing.UNDETERMINED),
        ([], [], Standing.UNDETERMINED),
        (None, None, Standing.UNDETERMINED),
    ],
)
def test_a_failure_decides_and_what_is_not_known_is_never_met(
    first: list[Status] | None, second: list[Status] | None, expected: Standing
) -> None:
    statuses = {code: seen for code, seen in (("K-OS-01", first), ("K-OS-02", second)) if seen is not None}
    assert requirement_standing(automated("K-OS-01", "K-OS-02"), statuses) is expected


def test_a_requirement_with_only_planned_checks_is_undetermined_whatever_was_seen() -> None:
    requirement = automated(planned=("K-OS-03",))
    assert requirement_standing(requirement, {}) is Standing.UNDETERMINED
    assert requirement_standing(requirement, {"K-OS-03": [PASS]}) is Standing.UNDETERMINED
    assert requirement_standing(requirement, {"K-OS-03": [FAIL]}) is Standing.UNDETERMINED


def test_a_planned_check_does_not_hold_back_the_checks_that_exist() -> None:
    requirement = automated("K-OS-01", planned=("K-OS-03",))
    assert requirement_standing(requirement, {"K-OS-01": [PASS]}) is Standing.MET
    assert requirement_standing(requirement, {"K-OS-01": [FAIL]}) is Standing.NOT_MET


@pytest.mark.parametrize("kind", [Kind.SELF_ASSESSMENT, Kind.NOT_CHECKABLE])
def test_what_no_machine_can_show_is_undetermined_even_without_any_failure(kind: Kind) -> None:
    assert requirement_standing(asked(kind), {"K-OS-01": [PASS]}) is Standing.UNDETERMINED


# How a standard stands

TWO = standard(automated("K-OS-01", number=1), automated("K-OS-02", "K-OS-04", number=2))


def test_a_standard_is_met_when_every_requirement_is() -> None:
    said = tally(TWO, {"K-OS-01": [PASS], "K-OS-02": [WARN], "K-OS-04": [PASS, NOT_APPLICABLE]})
    assert (said.standing, said.met, said.not_met, said.undetermined, said.coverage) == (Standing.MET, 2, 0, 0, 1.0)


def test_one_failure_is_enough_and_coverage_still_shows_what_was_not_seen() -> None:
    said = tally(TWO, {"K-OS-01": [FAIL], "K-OS-02": [UNKNOWN]})
    assert (said.standing, said.not_met, said.undetermined, said.coverage) == (Standing.NOT_MET, 1, 1, 0.3333)


def test_a_standard_of_which_nothing_was_seen_is_undetermined_with_no_coverage() -> None:
    said = tally(TWO, {})
    assert (said.standing, said.undetermined, said.coverage) == (Standing.UNDETERMINED, 2, 0.0)


def test_a_standard_to_which_nothing_applies_is_undetermined_not_met() -> None:
    said = tally(TWO, {code: [NOT_APPLICABLE] for code in TWO.checks})
    assert (said.standing, said.not_applicable, said.coverage) == (Standing.UNDETERMINED, 2, 0.0)


def test_what_does_not_apply_is_left_out_of_coverage() -> None:
    said = tally(TWO, {"K-OS-01": [PASS], "K-OS-02": [NOT_APPLICABLE], "K-OS-04": [UNKNOWN]})
    assert (said.standing, said.coverage) == (Standing.UNDETERMINED, 0.5)


def test_a_requirement_that_was_only_partly_seen_leaves_the_standard_open() -> None:
    assert tally(TWO, {"K-OS-01": [PASS], "K-OS-02": [PASS]}).standing is Standing.UNDETERMINED


def test_planned_checks_count_for_nothing_in_coverage() -> None:
    said = tally(standard(automated("K-OS-01", planned=("K-OS-03",))), {"K-OS-01": [PASS]})
    assert (said.standing, said.coverage) == (Standing.MET, 1.0)


def test_a_self_assessment_item_leaves_a_standard_open_until_people_decide_it() -> None:
    said = tally(standard(automated("K-OS-01"), asked()), {"K-OS-01": [PASS]})
    assert (said.standing, said.met, said.undetermined, said.coverage) == (Standing.UNDETERMINED, 1, 1, 1.0)


def test_a_standard_without_automated_requirements_is_undetermined() -> None:
    assert tally(STANDARDS["m"], {}).standing is Standing.UNDETERMINED
    assert tally(standard(), {}).standing is Standing.UNDETERMINED


SEEN = st.dictionaries(st.sampled_from(sorted(TWO.checks)), st.lists(st.sampled_from(list(Status)), max_size=3))


@given(SEEN)
def test_met_means_that_every_check_was_seen_and_none_failed_or_is_unknown(seen: dict[str, list[Status]]) -> None:
    said = tally(TWO, seen)
    flat = [status for group in seen.values() for status in group]
    if said.standing is Standing.MET:
        assert all(seen.get(code) for code in TWO.checks)
        assert not {FAIL, UNKNOWN} & set(flat)
    assert (said.standing is Standing.NOT_MET) is (FAIL in flat)
    assert said.met + said.not_met + said.undetermined + said.not_applicable == 2
    assert 0 <= said.coverage <= 1


def test_a_data_file_with_a_wrong_line_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "standards").mkdir()
    (tmp_path / "standards" / "a.toml").write_text('letter = "a"\nnumber = "one"\n')
    monkeypatch.setattr("checks.standard.resources.files", lambda _: tmp_path)
    with pytest.raises(ValueError, match=r"a\.toml: .*number"):
        load()
