from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.facts.gambling import SURE, normal, search, terms
from checks.facts.page_text import read

URL = "https://lpse.example.go.id/eproc4/berita"


def found(text: str) -> tuple[int, int, bool]:
    one = search(read(text, URL), URL)
    return one.score, one.links, one.title


@pytest.mark.parametrize(
    "text",
    [
        "slot gacor",
        "SLOT-GACOR",
        "slotgacor",
        "slot88",
        "Slot 777",
        "togel",
        "toto 4d",
        "𝗦𝗟𝗢𝗧 𝗚𝗔𝗖𝗢𝗥",
        "maxwin",
        "ｍａｘｗｉｎ",
    ],
)
def test_terms_of_gambling_are_known_however_they_are_written(text: str) -> None:
    assert SURE in terms(normal(text)).values()


@pytest.mark.parametrize(
    "text", ["slotting", "specialist", "judicial review", "jadwal slotted", "Totok", "tokogel",
      "pokermanual", "maxwindow", "bandar lampung", "Bandar Udara"]
)  # fmt: skip
def test_parts_of_other_words_are_nothing(text: str) -> None:
    assert terms(normal(text)) == {}


@pytest.mark.parametrize(
    "text",
    [
        "Tersedia slot memori 2 buah", "Pengadaan mesin slot waktu", "Casino Jalan Merdeka",
        "Kapolri: judi online merusak keluarga", "Nama penyedia: CV Toto Jaya",
    ],
)  # fmt: skip
def test_a_word_that_honest_pages_use_weighs_little(text: str) -> None:
    score, links, title = found(f"<p>{text}</p>")
    assert score <= 2
    assert (links, title) == (0, False)


@pytest.mark.parametrize(
    "text",
    [
        "Bupati melarang ASN bermain judi online, slot gacor, togel, dan sbobet",
        "Kominfo memblokir situs judi: slot88, maxwin, pragmatic play",
        "Surat Edaran tentang pencegahan judi online (slot gacor, togel)",
        "Polisi menangkap bandar judi togel",
    ],
)  # fmt: skip
def test_what_is_written_against_gambling_is_not_counted(text: str) -> None:
    assert found(f"<title>{text}</title><p>{text}</p>") == (0, 0, False)


def test_a_ban_on_the_page_does_not_excuse_what_stands_in_other_paragraphs() -> None:
    score, links, _ = found(
        "<p>Dilarang judi</p><div>slot gacor maxwin <a href='https://gacor88.example/'>daftar</a></div>"
    )
    assert (score, links) == (6, 1)


def test_links_count_only_to_other_sites() -> None:
    assert found("<a href='/slot-gacor'>slot gacor</a>")[1] == 0
    assert found("<a href='https://www.example.go.id/judi'>judi</a>")[1] == 0
    assert found("<a href='https://harmless.example/'>Slot Gacor</a>")[1] == 1


def test_the_description_for_search_engines_counts() -> None:
    assert found("<meta name=description content='situs togel maxwin'>")[0] == 6


@given(st.text(max_size=200))
def test_whatever_a_page_says_it_is_weighed(text: str) -> None:
    assert found(text)[0] >= 0
