from __future__ import annotations

from html.parser import HTMLParser

from agent.present import html
from checks.verdict import Result, Status
from tests.agent.present.hostile import OBEYED, hostile, shown


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []
        self.attributes: set[str] = set()
        self.open: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag not in {"meta", "br"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def parsed(page: str) -> Tags:
    tags = Tags()
    tags.feed(page)
    tags.close()
    return tags


def test_a_page_stands_by_itself_and_every_tag_is_closed() -> None:
    page = html.render(
        shown(Result("K-SSH-01", Status.FAIL, "yes", "no", "subject"), Result("K-SSH-02", Status.UNKNOWN, "?"))
    )
    tags = parsed(page)
    assert tags.open == []
    assert not {"script", "link", "img", "iframe"} & set(tags.seen)
    assert "http" not in page.replace("https://", "http").split("<style>")[0]
    assert "K-SSH-01" in tags.text
    assert page.count('class="remedy"') == 1


def test_nothing_of_a_hostile_host_becomes_a_tag_an_attribute_or_a_control() -> None:
    page = html.render(hostile())
    tags = parsed(page)
    assert tags.open == []
    assert not {"script", "img", "a"} & set(tags.seen)
    assert tags.attributes <= {"lang", "charset", "name", "content", "class"}
    assert "<script>alert(1)</script>" in tags.text
    assert not set(page) & (set(OBEYED) - {"\r"})


def test_a_failure_is_named_as_one_under_a_column_that_says_what_a_title_is() -> None:
    tags = parsed(html.render(shown(Result("K-SSH-01", Status.FAIL, "yes", "no"), language="id")))
    assert "Ketentuan" in tags.text
    assert "Tidak terpenuhi: Login root via SSH nonaktif" in tags.text
    assert "disaring; tanpa penilaian" in tags.text
    assert "1 pemeriksaan, 1 hasil; pemeriksaan menurut hasil terburuknya" in tags.text


def test_the_worst_stand_at_the_top_as_what_is_not_met() -> None:
    page = html.render(shown(*(Result(code, Status.FAIL, "x") for code in ("J-ACC-08", "K-SSH-02", "K-SSH-01"))))
    top = parsed(page.split("<table>")[0]).text
    assert top.index("✗ K-SSH-01 critical · Not met: SSH root login is disabled") < top.index(
        "✗ K-SSH-02 high · Not met: "
    )
    assert "J-ACC-08" not in top


def test_each_part_of_a_block_on_a_phone_says_what_it_is_without_the_head_of_its_column() -> None:
    page = html.render(shown(Result("K-SSH-01", Status.FAIL, "yes", "no")))
    body = parsed(page.split("<tbody>")[1].split("</tbody>")[0]).text
    for said in (
        "✗ fail",
        "K-SSH-01",
        "critical",
        "Not met: SSH root login is disabled",
        "Measured: yes",
        "Expected: no",
    ):
        assert said in body
    assert '<meta name="viewport" content="width=device-width' in page
    assert "white-space:nowrap" not in page


def test_the_page_is_in_the_language_of_its_reader() -> None:
    result = Result("K-SSH-01", Status.FAIL, "x")
    assert '<html lang="id">' in html.render(shown(result, language="id"))
    assert "Audit standar LPSE" in html.render(shown(result, language="id"))
    assert "LPSE standards audit" in html.render(shown(result))
