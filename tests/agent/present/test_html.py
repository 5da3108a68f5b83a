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


def test_the_page_is_in_the_language_of_its_reader() -> None:
    result = Result("K-SSH-01", Status.FAIL, "x")
    assert '<html lang="id">' in html.render(shown(result, language="id"))
    assert "Audit standar LPSE" in html.render(shown(result, language="id"))
    assert "LPSE standards audit" in html.render(shown(result))
