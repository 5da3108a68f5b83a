"""What stands in an HTML page: title, words, links, scripts, frames, forms, and how its elements stand in each other.

Used by the facts of pages; no fact of its own.

Laws:
- Hidden text counts as text: gambling pages hide their words from people and show them to search engines.
- Bounded: whatever a page holds, reading it takes time in proportion to its length, and what is kept is limited.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

MOST_EVENTS = 40_000  # tags and texts of one page
MOST_LINKS = 2000
MOST_BLOCK = 4000  # characters
MOST_PARTS = 1000
DEEPEST = 6  # elements of a part
VOID = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"]
)
BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "br",
        "dd",
        "div",
        "dl",
        "dt",
        "fieldset",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "head",
        "header",
        "hr",
        "html",
        "li",
        "main",
        "nav",
        "ol",
        "option",
        "p",
        "pre",
        "section",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "title",
        "tr",
        "ul",
    ]
)
SILENT = frozenset({"script", "style", "template"})
SECOND_LEVEL = frozenset(
    ["ac", "biz", "co", "desa", "go", "mil", "my", "net", "or", "ponpes", "sch", "web", "com", "edu", "gov", "org"]
)
REDIRECTING = re.compile(r"^\s*\d+\s*;\s*url\s*=\s*['\"]?([^'\"]+)", re.IGNORECASE)


@dataclass(frozen=True)
class Link:
    """A link: where it leads (absolute), and what it says."""

    url: str
    said: str


@dataclass(frozen=True)
class Loaded:
    """Something a page loads: `kind` script or frame, from where (absolute), and whether it says the digest (integrity)."""

    kind: str
    url: str
    integrity: bool


@dataclass(frozen=True)
class Document:
    """An HTML page as read. `blocks` are its texts by paragraph, hidden ones included, descriptions for search engines last.

    `parts` are the ways from the page to its elements ("body/div/table"), each once however often it occurs, and at most
    `DEEPEST` elements long; `forms` where its forms are sent to (absolute).
    """

    title: str
    blocks: tuple[str, ...]
    links: tuple[Link, ...]
    loaded: tuple[Loaded, ...]
    ids: frozenset[str]
    parts: frozenset[str]
    forms: tuple[str, ...]
    elements: int

    @property
    def text(self) -> str:
        """All its words."""
        return "\n".join(self.blocks)


class _TooMuch(Exception):
    """The page has more parts than are read."""


@dataclass
class _Kept:
    title: list[str] = field(default_factory=list)
    blocks: list[str] = field(default_factory=list)
    block: list[str] = field(default_factory=list)
    described: list[str] = field(default_factory=list)
    links: list[tuple[str, list[str]]] = field(default_factory=list)
    loaded: list[Loaded] = field(default_factory=list)
    elements: int = 0
    within: list[str] = field(default_factory=list)
    parts: set[str] = field(default_factory=set)
    forms: list[str] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)


class _Reader(HTMLParser):
    """Keeps what `Document` is made of."""

    def __init__(self, base: str) -> None:
        super().__init__(convert_charrefs=True)
        self.kept = _Kept()
        self.base = base
        self._events = 0
        self._inside = ""  # title, or an element whose text nobody reads
        self._link: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._count()
        kept, given = self.kept, {name: value or "" for name, value in attrs}
        self._enter(tag)
        if "id" in given:
            kept.ids.add(given["id"][:60])
        if tag in BLOCKS:
            self.flush()
        if tag == "title" or tag in SILENT:
            self._inside = tag
        match tag:
            case "a" if len(kept.links) < MOST_LINKS and given.get("href"):
                self._link = []
                kept.links.append((absolute(self.base, given["href"]), self._link))
            case "script" | "iframe" | "frame" | "embed" if given.get("src") and len(kept.loaded) < MOST_LINKS:
                kind = "script" if tag == "script" else "frame"
                kept.loaded.append(Loaded(kind, absolute(self.base, given["src"]), bool(given.get("integrity"))))
            case "object" if given.get("data") and len(kept.loaded) < MOST_LINKS:
                kept.loaded.append(Loaded("frame", absolute(self.base, given["data"]), False))
            case "form" if len(kept.forms) < MOST_LINKS:
                kept.forms.append(absolute(self.base, given.get("action", "")))
            case "meta":
                self._meta(given)

    def _enter(self, tag: str) -> None:
        """One element more, where it stands."""
        kept = self.kept
        kept.elements += 1
        if len(kept.parts) < MOST_PARTS and len(kept.within) < DEEPEST:
            kept.parts.add("/".join([*kept.within, tag[:20]]))
        if tag not in VOID and len(kept.within) < MOST_LINKS:
            kept.within.append(tag[:20])

    def _leave(self, tag: str) -> None:
        """An element ends, and with it those within it that nobody ended."""
        within = self.kept.within
        if tag in within:
            del within[len(within) - 1 - within[::-1].index(tag) :]

    def _meta(self, given: dict[str, str]) -> None:
        name = (given.get("name") or given.get("property") or "").lower()
        content = given.get("content", "")
        if name in {"description", "keywords", "og:title", "og:description", "twitter:title"}:
            self.kept.described.append(content[:MOST_BLOCK])
        elif given.get("http-equiv", "").lower() == "refresh" and (found := REDIRECTING.match(content)):
            self.kept.links.append((absolute(self.base, found[1].strip()), []))

    def handle_endtag(self, tag: str) -> None:
        self._count()
        self._leave(tag)
        if tag == self._inside:
            self._inside = ""
        if tag == "a":
            self._link = None
        if tag in BLOCKS:
            self.flush()

    def handle_data(self, data: str) -> None:
        self._count()
        if self._inside == "title":
            self.kept.title.append(data[:500])
        elif not self._inside:
            self.kept.block.append(data)
            if self._link is not None and len(self._link) < 20:
                self._link.append(data[:200])

    def flush(self) -> None:
        """End the paragraph."""
        said = " ".join("".join(self.kept.block).split())
        self.kept.block.clear()
        self.kept.blocks += [said[at : at + MOST_BLOCK] for at in range(0, len(said), MOST_BLOCK)]

    def _count(self) -> None:
        self._events += 1
        if self._events > MOST_EVENTS:
            raise _TooMuch


def read(html: str, base: str) -> Document:
    """`html`, which came from `base`. What cannot be understood is left out; what is too much is not read."""
    reader = _Reader(base)
    end = html.rfind(">") + 1  # the parser looks again and again for the end of what has none
    try:
        reader.feed(html[:end])
        reader.close()
        reader.handle_data(html[end:])
    except (_TooMuch, AssertionError):
        pass
    reader.flush()
    kept = reader.kept
    title = " ".join("".join(kept.title).split())[:200]
    links = tuple(Link(url, " ".join(" ".join(said).split())) for url, said in kept.links if url)
    return Document(
        title, tuple(filter(None, [*kept.blocks, *kept.described])), links, tuple(kept.loaded), frozenset(kept.ids),
        frozenset(kept.parts), tuple(filter(None, kept.forms)), kept.elements,
    )  # fmt: skip


def absolute(base: str, reference: str) -> str:
    """Where `reference` leads from `base`; empty if nowhere on the web."""
    try:
        url = urljoin(base, reference.strip())
        return url[:500] if urlsplit(url).scheme in {"http", "https"} and host(url) else ""
    except ValueError:
        return ""


def host(url: str) -> str:
    """The host of `url`, in lower case; empty where it has none."""
    try:
        return (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return ""


def site(name: str) -> str:
    """What belongs together: of lpse.jabarprov.go.id jabarprov.go.id, of cdn.example.com example.com; of an address itself."""
    parts = name.split(".")
    if ":" in name or name.replace(".", "").isdigit():
        return name
    return ".".join(parts[-3:] if len(parts) > 2 and parts[-2] in SECOND_LEVEL else parts[-2:])
