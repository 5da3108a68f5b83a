from __future__ import annotations

import pytest

from checks.facts.cloaking import Cloaking
from checks.facts.loaded_content import LoadedContent, Origin
from checks.facts.page_words import PageWords, words
from checks.security.public_pages import cloaking, foreign_content, gambling
from checks.verdict import Status
from tests.checks.visits import FORBIDDEN, visit
from tests.public_site import HOME, NEWS, SPAM


def judged(*pages: str) -> Status:
    return gambling(words(visit(), tuple(visit(page) for page in pages))).status


def test_a_gambling_page_fails_and_is_named() -> None:
    said = gambling(words(visit(), (visit(SPAM, url="https://lpse.example.go.id/eproc4/berita"),)))
    assert said.status is Status.FAIL
    assert "/eproc4/berita" in said.measured.en
    assert "maxwin" in said.measured.en


def test_hidden_gambling_on_the_home_page_fails() -> None:
    assert (
        gambling(words(visit(HOME.replace("</body>", f"<div style='display:none'>{SPAM}</div></body>")), ())).status
        is Status.FAIL
    )


@pytest.mark.parametrize(
    "page",
    [
        HOME, NEWS, "<p>Tersedia slot waktu</p>", "<p>Pengadaan meja judi untuk barang bukti</p>", "<p>slot</p>" * 50,
        "<p>Kasino, poker, judi, toto, jackpot</p>", "<p>slot gacor</p>",
        "<title>Kominfo blokir situs slot gacor, togel, dan sbobet</title><p>maraknya judi online</p>",
    ],
)  # fmt: skip
def test_single_words_and_news_of_a_ban_do_not_fire(page: str) -> None:
    assert judged(page) is Status.PASS


def test_several_words_with_nothing_to_support_them_only_warn() -> None:
    assert judged("<p>Kecanduan slot gacor dan togel menghancurkan keluarga</p>") is Status.WARN
    assert judged("<p>slot gacor dan togel <a href='https://gacor.example/'>x</a></p>") is Status.FAIL
    assert judged("<p>slot gacor, togel, maxwin, sbobet</p>") is Status.FAIL


def test_pages_that_were_refused_are_told_and_none_read_is_unknown() -> None:
    said = gambling(words(visit(), (FORBIDDEN,)))
    assert (said.status, said.measured.en) == (Status.PASS, "clean, pages read: 1; 1 not read")
    assert gambling(PageWords(0, 3, ())).status is Status.UNKNOWN


def pair(
    similarity: float = 1.0, hidden: tuple[str, ...] = (), engine: str = "lpse.example.go.id", count: int = 100
) -> Cloaking:
    return Cloaking(similarity, count, count, hidden, "lpse.example.go.id", engine)


@pytest.mark.parametrize(
    ("seen", "status"),
    [
        (pair(), Status.PASS), (pair(0.8), Status.PASS), (pair(0.79), Status.FAIL), (pair(0.95, ("togel",)), Status.FAIL),
        (pair(engine="gacor.example"), Status.FAIL), (pair(engine="www.example.go.id"), Status.PASS),
        (pair(0.1, count=5), Status.UNKNOWN), (pair(0.1, ("togel",), count=5), Status.FAIL),
    ],
)  # fmt: skip
def test_a_search_engine_must_get_the_same_page(seen: Cloaking, status: Status) -> None:
    assert cloaking(seen).status is status


def loaded(*origins: Origin, total: int = 0) -> Status:
    (said,) = foreign_content(LoadedContent(1, origins, total or len(origins)))
    return said.status


def test_scripts_of_strangers_fail_and_known_ones_pass() -> None:
    assert loaded() is Status.PASS
    assert (
        loaded(Origin("script", "www.googletagmanager.com", False), Origin("frame", "lkpp.go.id", False)) is Status.PASS
    )
    assert loaded(Origin("script", "code.jquery.com", True)) is Status.PASS
    assert loaded(Origin("script", "code.jquery.com", False)) is Status.WARN
    assert loaded(Origin("script", "notjquery.com", True)) is Status.FAIL
    assert loaded(Origin("frame", "go.id.example", False)) is Status.FAIL
    assert loaded(Origin("script", "lkpp.go.id", False), total=99) is Status.UNKNOWN
