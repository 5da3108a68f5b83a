"""What the web servers answer to and where it leads: sites, addresses, folders and programs behind them.

Laws:
- User names, passwords and queries in an address that a server passes on to never leave this parser.
- A file that is included and not read is an item too, so that a new one appears.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator

from checks.baseline import Approved, Listed, listed
from checks.fact import Absent, Missing, Recipe, reads
from checks.facts.items import digest, item
from checks.facts.web_server import IGNORED, INSTALLED, MAIN, PATTERNS, TEXTS
from checks.facts.web_service import PROGRAMS
from checks.facts.web_syntax import Directive, Tree, apache, nginx
from checks.source import FileStat, FileText, Register
from checks.text import Text

UNREAD = "not read:"  # how the item of an included file begins whose content is not known
APACHE = frozenset({
    "alias", "aliasmatch", "documentroot", "proxypass", "proxypassmatch", "redirect", "redirectmatch", "scriptalias",
    "scriptaliasmatch", "serveralias", "servername", "wsgiscriptalias",
})  # fmt: skip
NGINX = frozenset({
    "alias", "fastcgi_pass", "grpc_pass", "listen", "proxy_pass", "return", "rewrite", "root", "scgi_pass", "server_name",
    "uwsgi_pass",
})  # fmt: skip
PLACES = ("location", "locationmatch", "virtualhost")  # sections that are told even if nothing stands in them
SECTIONS = (*PLACES, "directory", "server", "upstream")
USER = re.compile(r"//[^/@\s]*@")
ADDRESS = re.compile(r"\w+://|[/$]")
PROXIES = re.compile(r"[\[,](P|proxy)[\],]", re.IGNORECASE)  # flags of a RewriteRule


class WebPlaces(Listed, frozen=True):
    """Every site, Alias, ProxyPass, location and the like of the web servers installed here, whether or not they run.
    Absent: neither Apache nor nginx is installed.
    """


class ApprovedWebPlaces(Approved, frozen=True):
    """What of `WebPlaces` a person approved. Absent: nothing yet."""


def _web_places(programs: tuple[FileStat, ...], *texts: tuple[FileText, ...]) -> WebPlaces:
    files = {file.path: file.text for group in texts for file in group}
    products = {PROGRAMS[one.path] for one in programs if one.path in PROGRAMS and one.kind in ("file", "link")}
    if not products:
        raise Absent(Text("tidak ada Apache maupun nginx", "there is neither Apache nor nginx"))
    items: list[str] = []
    told: set[str] = set()
    for main, product in MAIN.items():
        if product not in products or main not in files:
            continue
        folder = posixpath.dirname(main)
        tree = Tree(files, folder.removesuffix("/conf") if product == "apache" else folder, PATTERNS + IGNORED)
        directives = apache(tree, main) if product == "apache" else nginx(tree, main)
        if not directives:
            raise Missing(Text(f"{main} kosong", f"{main} says nothing"))
        told.add(product)
        items += _lines(product, directives)
        items += [item(UNREAD, product, path) for path in tree.unread]
    if without := ", ".join(sorted(products - told)):
        raise Missing(
            Text(
                f"konfigurasi {without} tidak ditemukan di tempat biasa",
                f"the configuration of {without} was not found in the usual places",
            )
        )
    return listed(WebPlaces, items)


web_places = Recipe(WebPlaces, (INSTALLED, *TEXTS), _web_places)


@reads(Register("approved_web_places", ApprovedWebPlaces))
def approved_web_places(approved: ApprovedWebPlaces) -> ApprovedWebPlaces:
    return approved


def _lines(product: str, directives: Iterable[Directive]) -> Iterator[str]:
    wanted = APACHE if product == "apache" else NGINX
    for one in directives:
        sections = [part for part in one.inside if part.partition(" ")[0] in SECTIONS]
        place = " > ".join(sections)
        if sections and sections[-1].partition(" ")[0] in PLACES:
            yield item(product, place)
        if one.name in wanted:
            yield item(product, place, one.name, *map(_public, one.words))
        elif one.name == "rewriterule" and len(one.words) > 2 and PROXIES.search(one.words[-1]):
            yield item(product, place, one.name, *map(_public, one.words[:-1]), "[P]", digest(one.words[-1]))
        elif one.name == "sethandler" and one.words and one.words[0].lower().startswith("proxy:"):
            yield item(product, place, one.name, *map(_public, one.words))


def _public(word: str) -> str:
    """`word` without what is nobody's business; a digest stands for it."""
    clean = USER.sub("//", word)
    if ADDRESS.match(word):
        clean = clean.partition("?")[0]
    if word.lower().startswith("secret=") or " " in word:  # of AJP; a text that nginx answers with
        return digest(word) if " " in word else f"secret={digest(word)}"
    return clean if clean == word else f"{clean} {digest(word)}"
