"""The configuration languages of Apache httpd and nginx, as a flat list of directives in the order the server reads them.

Laws:
- Includes are followed only into texts at hand; one that leads elsewhere is reported, never guessed.
- Text that a server would refuse raises Missing: half a configuration is no configuration.
"""

from __future__ import annotations

import fnmatch
import posixpath
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from checks.fact import Missing
from checks.source import FileText
from checks.text import Text

MOST_NESTED = 20  # includes within includes
STATIC = {"core_module", "so_module", "http_module", "log_config_module", "version_module", "unixd_module"}
NGINX_TOKEN = re.compile(
    r"""\s+ | \#[^\n]* | ([{};])
    | ( "(?:\\.|[^"\\])*" | '(?:\\.|[^'\\])*' | (?:\\.|\$\{[^}]*\}|[^\s{};"'\\]) (?:\\.|\$\{[^}]*\}|[^\s{};\\])* )""",
    re.VERBOSE,
)
APACHE_WORD = re.compile(r""""((?:\\.|[^"\\])*)"|'((?:\\.|[^'\\])*)'|(\S+)""")


@dataclass(frozen=True)
class Directive:
    """One directive: its name in lower case, its words, and the sections it stands in, outermost first.

    `site`: the number of its <VirtualHost> or server section, for two of them may read alike; 0: it stands in none.
    """

    name: str
    words: tuple[str, ...]
    inside: tuple[str, ...]
    site: int = field(default=0, compare=False)

    def within(self, *sections: str) -> bool:
        """Does it stand in a section of one of these kinds?"""
        return any(one.partition(" ")[0] in sections for one in self.inside)


@dataclass
class Tree:
    """The files at hand, how to follow includes among them, and includes that led to none of them."""

    files: dict[str, str]
    base: str
    reach: tuple[str, ...]  # patterns of all files that were looked for
    unread: list[str] = field(default_factory=list)
    sites: int = 0  # so many were opened

    def included(self, pattern: str, depth: int) -> Iterator[FileText]:
        """The files that `pattern` includes. Raises Missing where includes go round in circles."""
        if depth > MOST_NESTED:
            raise Missing(Text(f"Include berputar-putar di {pattern}", f"Includes go round in circles at {pattern}"))
        path = posixpath.normpath(posixpath.join(self.base, pattern)) + ("/*" if pattern.endswith("/") else "")
        matches = [name for name in sorted(self.files) if fnmatch.fnmatchcase(name, path)]
        if not matches and not any(_covers(reach, path) for reach in self.reach):
            self.unread.append(path)
        for name in matches:
            yield FileText(name, self.files[name])

    def ignored(self, pattern: str) -> bool:
        """Can nothing that `pattern` includes be of interest (rule sets, types)?"""
        return "*" in pattern or any(_covers(reach, pattern) for reach in self.reach)


def _covers(reach: str, path: str) -> bool:
    """Was every file that `path` could name looked for?"""
    same_folder = fnmatch.fnmatchcase(posixpath.dirname(path), posixpath.dirname(reach))
    return same_folder and (
        fnmatch.fnmatchcase(posixpath.basename(path), posixpath.basename(reach)) or posixpath.basename(reach) == "*"
    )


def apache(tree: Tree, main: str) -> list[Directive]:
    """All directives of Apache from its `main` file on, without those in IfModule and IfDefine that do not hold."""
    everything = list(_apache(tree, tree.files[main], (), 0))
    loaded = {one.words[0] for one in everything if one.name == "loadmodule" and one.words} | STATIC
    defined = {one.words[0] for one in everything if one.name == "define" and one.words}
    return [one for one in everything if all(_holds(section, loaded, defined) for section in one.inside)]


def _holds(section: str, loaded: set[str], defined: set[str]) -> bool:
    kind, _, test = section.partition(" ")
    if kind not in {"ifmodule", "ifdefine"}:
        return True
    wanted = not test.startswith("!")
    name = test.removeprefix("!").strip('"')
    if kind == "ifdefine":
        return (name in defined) == wanted
    if name.endswith(".c"):
        name = name.removesuffix(".c").removeprefix("mod_") + "_module"
    return (name in loaded or name.replace("_module", "20_module") in loaded) == wanted


def _apache(tree: Tree, text: str, inside: tuple[str, ...], depth: int, site: int = 0) -> Iterator[Directive]:
    opened = len(inside)
    for raw in re.sub(r"\\\r?\n", " ", text).splitlines():
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        if line.startswith("</"):
            if len(inside) == opened or inside[-1].partition(" ")[0] != line[2:].rstrip("> \t").lower():
                raise Missing(
                    Text(
                        f"Konfigurasi Apache: {line[:60]} tidak menutup apa pun",
                        f"Apache configuration: {line[:60]} closes nothing",
                    )
                )
            site = 0 if inside[-1].startswith("virtualhost ") else site
            inside = inside[:-1]
            continue
        if line.startswith("<"):
            kind, _, test = line[1:].rstrip().removesuffix(">").strip().partition(" ")
            inside = (*inside, f"{kind.lower()} {test.strip()}")
            if kind.lower() == "virtualhost":
                tree.sites = site = tree.sites + 1
            continue
        name, _, rest = line.replace("\t", " ").partition(" ")
        words = tuple(re.sub(r'\\(["\\])', r"\1", a or b or c) for a, b, c in APACHE_WORD.findall(rest))
        name = name.lower()
        if name == "serverroot" and words:
            tree.base = words[0]
        if name in {"include", "includeoptional"} and words:
            for file in tree.included(words[0], depth):
                yield from _apache(tree, file.text, inside, depth + 1, site)
            continue
        yield Directive(name, words, inside, site)
    if len(inside) != opened:
        raise Missing(
            Text(
                f"Konfigurasi Apache: <{inside[-1][:60]}> tidak ditutup",
                f"Apache configuration: <{inside[-1][:60]}> is not closed",
            )
        )


def nginx(tree: Tree, main: str) -> list[Directive]:
    """All directives of nginx from its `main` file on."""
    return list(_nginx(tree, tree.files[main], (), 0))


def _nginx(tree: Tree, text: str, inside: tuple[str, ...], depth: int, site: int = 0) -> Iterator[Directive]:
    opened = len(inside)
    words: list[str] = []
    for sign, word in _tokens(text):
        if word:
            words.append(re.sub(r"\\(.)", r"\1", word[1:-1]) if word[0] in "\"'" else word)
            continue
        if sign == "}":
            if words or len(inside) == opened:
                raise Missing(
                    Text(
                        "Konfigurasi nginx: ada } yang tidak menutup apa pun", "nginx configuration: a } closes nothing"
                    )
                )
            site = 0 if inside[-1] == "server" else site
            inside = inside[:-1]
            continue
        if not words:
            raise Missing(
                Text(f"Konfigurasi nginx: {sign} tanpa perintah", f"nginx configuration: a {sign} without a directive")
            )
        name, rest, words = words[0].lower(), tuple(words[1:]), []
        if sign == "{":
            inside = (*inside, f"{name} {' '.join(rest)}".strip())
            if inside[-1] == "server":
                tree.sites = site = tree.sites + 1
        elif name == "include" and rest:
            for file in tree.included(rest[0], depth):
                yield from _nginx(tree, file.text, inside, depth + 1, site)
        else:
            yield Directive(name, rest, inside, site)
    if words or len(inside) != opened:
        raise Missing(
            Text(
                "Konfigurasi nginx: berakhir di tengah perintah",
                "nginx configuration: it ends in the middle of a directive",
            )
        )


def _tokens(text: str) -> Iterable[tuple[str, str]]:
    at = 0
    while at < len(text):
        match = NGINX_TOKEN.match(text, at)
        if match is None:
            raise Missing(
                Text(
                    f"Konfigurasi nginx: karakter ke-{at} tidak terbaca",
                    f"nginx configuration: cannot read it at character {at}",
                )
            )
        at = match.end()
        if match[1] or match[2]:
            yield match[1] or "", match[2] or ""
