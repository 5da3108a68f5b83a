"""Readings that a broken, strange or hostile host might give: real text, damaged, and text that never was any.

What is damaged is what the tests of a fact show its parser: lines of theirs with a word exchanged for one that a parser may
stumble over, cut, doubled, in another order.
"""

from __future__ import annotations

import ast
import re
from fnmatch import fnmatchcase
from functools import cache
from itertools import islice
from pathlib import Path
from typing import get_args, get_type_hints

from hypothesis import strategies as st

from checks.fact import Fact, Recipe
from checks.facts.listeners import Listener, Listeners
from checks.facts.processes import Process, ProcessTable
from checks.outside import Visit
from checks.source import Answer, FileStat, FileText, Samples, Source, Stat
from tests.checks.real import HERE
from tests.checks.visits import SENT, URL

FACTS = Path(__file__).parent / "facts"
MOST_LINES = 400  # of the text that is damaged, of one fact

TOKENS = (
    "", " ", "0", "-1", "1", "9" * 20, "9" * 5000, "1e999", "nan", "inf", "0x1f", "1_000", "²", "١٢", "½", "07", "+3",
    "2026-02-30", "0000-00-00", "9999-12-31T23:59:59Z", "25:61:61", "1970-01-01", "-0001", "Feb 30 25:00:00",
    "/", "..", "//", "*", "[", "]", "{", "}", "(", ")", '"', "'", "\\", ":", "::", ",", ";", "=", "#", "%", "@", "|", "\t",
    "\0", "\x1b[2J", "\N{REPLACEMENT CHARACTER}", "\N{RIGHT-TO-LEFT OVERRIDE}", "\u2028", "\x85", "null", "true", "yes", "no",
    "kata sandi", "a" * 5000, "999.999.999.999", "::ffff:1.2.3.4%eth0", "1.2.3", "0.0.0.0/0", "+5days", "\N{FULLWIDTH DIGIT ONE}",
)  # fmt: skip
WORD = re.compile(r"[^\s:=,;|\"'()\[\]{}<>/]+")
NUMBERS = st.sampled_from((0, 1, -1, 2, 64, 1 << 31, 1 << 63, 1 << 80))
TIMES = st.sampled_from((0.0, -1.0, 1.5, 1.76e9, 2.0e9, 1e11, 1e12, 9.2e18, -6.3e10))
STARTS = st.sampled_from((0.0, 1.5, 1.76e9, 2.0e9, 1.2e10))  # the kernel counts from its start
KINDS = st.sampled_from(("file", "directory", "link", "other", "crowded"))


@cache
def lines(module: str) -> tuple[str, ...]:
    """Lines that the tests of the facts of `module` give to their parsers: recorded on real systems, or written there."""
    path = FACTS / f"test_{module.rpartition('.')[2]}.py"
    found: dict[str, None] = {}
    if path.exists():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Constant) and isinstance(node.value, str)):
                continue
            recorded = HERE / node.value if re.fullmatch(r"[\w./@-]{3,100}", node.value) else None
            text = node.value
            if recorded is not None and recorded.is_file():
                text = recorded.read_text(encoding="utf-8", errors="replace")
            found |= dict.fromkeys(islice((line[:2000] for line in text.splitlines()), 60))
    return tuple(islice(found, MOST_LINES)) or ("a b c", "a=b", "a:b", "[a]", "1 2 3")


@st.composite
def damaged(draw: st.DrawFn, line: str) -> str:
    """`line` as it is, cut, or with one word exchanged."""
    how = draw(st.integers(0, 3))
    if how == 0:
        return line
    if how == 1:
        return line[: draw(st.integers(0, len(line)))]
    words = list(WORD.finditer(line))
    token = draw(st.sampled_from(TOKENS))
    if not words:
        return token
    word = words[draw(st.integers(0, len(words) - 1))]
    return line[: word.start()] + token + line[word.end() :]


def texts(module: str) -> st.SearchStrategy[str]:
    """Text for a parser in `module`."""
    real = st.sampled_from(lines(module)).flatmap(damaged)
    several = st.lists(real, max_size=8).map("\n".join)
    return several | several.map(lambda text: text + "\n") | st.text(max_size=40) | st.sampled_from(TOKENS)


def paths(source: Source[object], module: str) -> st.SearchStrategy[str]:
    """Paths that match what was asked for, with any names in the place of its stars."""
    asked = list(source.patterns) if isinstance(source, Stat) else [getattr(source, "pattern", "")]
    shown = [
        line for line in lines(module)
        if line.startswith("/") and any(fnmatchcase(line, one) and line.count("/") == one.count("/") for one in asked)
    ]  # fmt: skip
    names = st.sampled_from(
        ("0", "a", "15", "epns_prod", ".", "\N{REPLACEMENT CHARACTER}", "a\nb", "²", "9" * 30, "-", " ")
    )
    matching = st.tuples(st.sampled_from(asked or [""]), names).map(
        lambda one: re.sub(r"\[[^]]*\]|[*?]+", lambda _: one[1], one[0]) or "/"
    )
    return matching | st.sampled_from(shown) if shown else matching


def reading(kind: object, source: Source[object], module: str) -> st.SearchStrategy[object] | None:
    """What a host might hand to a parser in the place of `kind`. None: it is made of no text."""
    text = texts(module)
    name = st.sampled_from(TOKENS) | text.map(lambda one: one[:60])
    process = st.builds(
        Process, NUMBERS, NUMBERS, name | st.sampled_from(("java", "postgres", "sshd")), name, name, st.booleans(),
        st.lists(name, max_size=5).map(tuple), STARTS, st.none() | NUMBERS, st.none() | NUMBERS,
    )  # fmt: skip
    address = st.sampled_from(("0.0.0.0", "127.0.0.1", "::", "::1", "fe80::1%eth0", "::ffff:127.0.0.1"))
    points = st.lists(st.tuples(TIMES, st.floats()), max_size=6).map(tuple)
    known: dict[object, st.SearchStrategy[object]] = {
        str: text,
        tuple[FileText, ...]: st.lists(st.builds(FileText, paths(source, module), text), max_size=3).map(tuple),
        tuple[FileStat, ...]: st.lists(
            st.builds(FileStat, paths(source, module), KINDS, st.integers(0, 0o7777), NUMBERS, NUMBERS, NUMBERS, TIMES),
            min_size=1, max_size=6,
        ).map(tuple),
        tuple[Samples, ...]: st.lists(st.builds(Samples, name, points), max_size=3).map(tuple),
        Answer: st.builds(Answer, st.sampled_from((0, 200, 302, 403, 404, 500, 502)), st.just({}), text),
        ProcessTable: st.lists(process, max_size=4).map(lambda seen: ProcessTable(tuple(seen))),
        Listeners: st.lists(
            st.builds(Listener, address, st.integers(1, 65535), st.sampled_from(("tcp", "udp")), name), max_size=4
        ).map(lambda seen: Listeners(tuple(seen))),
        Visit: st.builds(
            Visit, st.just(URL), st.sampled_from((0, 200, 301, 403, 500)), st.dictionaries(name, name, max_size=3), text,
            sent=st.just(SENT), received=st.none() | st.just(SENT),
        ),
    }  # fmt: skip
    known[tuple[Visit, ...]] = st.lists(known[Visit], max_size=3).map(tuple)
    if kind in known:
        return known[kind]
    parts = [reading(part, source, module) for part in get_args(kind)]
    return st.one_of(*[part for part in parts if part is not None]) if parts and None not in parts else None


def readings(recipe: Recipe[Fact]) -> st.SearchStrategy[tuple[object, ...]] | None:
    """What a host might hand to the parser of `recipe`, source by source. None: some of it is made of no text."""
    kinds = [hint for name, hint in get_type_hints(recipe.parse).items() if name != "return"]
    kinds += [kinds[-1]] * (len(recipe.sources) - len(kinds))  # *texts
    made = [reading(kind, source, recipe.parse.__module__) for kind, source in zip(kinds, recipe.sources, strict=True)]
    known = [one for one in made if one is not None]
    return st.tuples(*known) if len(known) == len(made) else None
