"""What the directives of Apache httpd and nginx amount to, in one form for both."""

from __future__ import annotations

import fnmatch
import posixpath

import msgspec

from checks.fact import Missing
from checks.facts.web_syntax import Directive, Tree, apache, nginx
from checks.text import Text

WATCHED = (
    "autoindex", "dav", "evasive20", "info", "mpm_prefork", "php", "php7", "qos", "reqtimeout", "security2", "status",
    "userdir",
)  # fmt: skip
SIZES = (
    "timeout", "proxytimeout", "requestreadtimeout", "limitrequestbody", "secrequestbodylimit", "client_max_body_size",
    "client_body_timeout", "client_header_timeout", "proxy_read_timeout",
)  # fmt: skip
REDIRECTS = {"redirect", "redirectpermanent"}
MOST = 100


class Served(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A folder that the server serves as files, and the address under which it does ("/" is all of a site)."""

    url: str
    path: str


class WebServer(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One web server. `tokens` is its effective ServerTokens or server_tokens, in lower case.

    `trace`: the TRACE method is answered. `listings`: places where folders are listed. `engines`: SecRuleEngine (or
    `modsecurity`) by place, "" for the server as a whole. `limits`: what limits the rate of requests. `served` and `keys`
    are at most 100 each. `sizes`: limits as written, the last of each. `unread`: included files that were not read.
    """

    product: str
    tokens: str
    trace: bool
    modules: tuple[str, ...]
    proxies: bool
    listings: tuple[str, ...] = ()
    engines: dict[str, str] = {}
    sites: int = 0
    limits: tuple[str, ...] = ()
    served: tuple[Served, ...] = ()
    served_total: int = 0
    sizes: dict[str, str] = {}
    keys: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()


def apache_server(tree: Tree, main: str) -> WebServer:
    """Apache, from its `main` file on."""
    directives = _some(apache(tree, main), main)
    tokens, trace = "full", {"": "on"}
    served: list[Served] = []
    engines: dict[tuple[int, str], str] = {}
    for one in directives:
        first = one.words[0] if one.words else ""
        if one.name == "servertokens":
            tokens = first.lower()
        elif one.name == "traceenable":
            trace[_place(one)] = first.lower()
        elif one.name == "secruleengine":
            engines[one.site, _place(one)] = first.lower()
        elif one.name == "documentroot":
            served.append(Served("/", first))
        elif one.name in {"alias", "aliasmatch", "scriptalias", "scriptaliasmatch"} and one.words:
            served.append(Served(one.words[0] if len(one.words) > 1 else _section(one), one.words[-1]))
    modules = {one.words[0].removesuffix("_module") for one in directives if one.name == "loadmodule" and one.words}
    listings = {
        _place(one): None
        for one in directives
        if one.name == "options" and {word.lower() for word in one.words} & {"indexes", "+indexes", "all", "+all"}
    }
    return WebServer(
        product="apache",
        tokens=tokens,
        trace=any(value != "off" for value in trace.values()),
        modules=tuple(sorted(modules & set(WATCHED))),
        proxies=any(one.name.startswith("proxypass") for one in directives),
        listings=tuple(listings)[:MOST] if "autoindex" in modules else (),
        engines=_by_place(engines) if "security2" in modules else {},
        sites=len({one.site for one in directives if one.site} - _elsewhere(directives)),
        limits=tuple(name for name in ("evasive20", "qos") if name in modules),
        served=_distinct(served),
        served_total=len(set(served)),
        sizes=_sizes(directives),
        keys=_keys(directives, "sslcertificatekeyfile", tree),
        unread=tuple(dict.fromkeys(tree.unread))[:MOST],
    )


def nginx_server(tree: Tree, main: str) -> WebServer:
    """nginx, from its `main` file on."""
    directives = _some(nginx(tree, main), main)
    tokens = [one.words[0].lower() for one in directives if one.name == "server_tokens" and one.words]
    everywhere = any(one.name == "server_tokens" and one.inside == ("http",) for one in directives)
    served = [Served(_section(one), one.words[0]) for one in directives if one.name in {"root", "alias"} and one.words]
    listings = {_place(one): None for one in directives if one.name == "autoindex" and one.words[:1] == ("on",)}
    engines = {
        (one.site, _place(one)): _engine(one, directives, tree) for one in directives if one.name == "modsecurity"
    }
    return WebServer(
        product="nginx",
        tokens=next((value for value in tokens if value != "off"), "off") if everywhere else "on",
        trace=False,  # nginx answers TRACE with 405
        modules=("status",) if any(one.name == "stub_status" for one in directives) else (),
        proxies=any(one.name in {"proxy_pass", "fastcgi_pass", "uwsgi_pass"} for one in directives),
        listings=tuple(listings)[:MOST],
        engines=_by_place(engines),
        sites=len({one.site for one in directives if one.name == "listen"} - _elsewhere(directives)),
        limits=tuple(sorted({one.name for one in directives if one.name in {"limit_req", "limit_conn"}})),
        served=_distinct(served),
        served_total=len(set(served)),
        sizes=_sizes(directives),
        keys=_keys(directives, "ssl_certificate_key", tree),
        unread=tuple(dict.fromkeys(tree.unread))[:MOST],
    )


def _some(directives: list[Directive], main: str) -> list[Directive]:
    if not directives:
        raise Missing(Text(f"{main} kosong", f"{main} says nothing"))
    return directives


def _distinct(served: list[Served]) -> tuple[Served, ...]:
    return tuple(dict.fromkeys(served))[:MOST]


def _sizes(directives: list[Directive]) -> dict[str, str]:
    return {one.name: " ".join(one.words)[:80] for one in directives if one.name in SIZES}


def _keys(directives: list[Directive], name: str, tree: Tree) -> tuple[str, ...]:
    paths = [one.words[0] for one in directives if one.name == name and one.words]
    files = [posixpath.join(tree.base, path) for path in paths if "$" not in path and ":" not in path]
    return tuple(dict.fromkeys(files))[:MOST]


def _engine(switch: Directive, directives: list[Directive], tree: Tree) -> str:
    """What ModSecurity does in nginx: `modsecurity` on, and SecRuleEngine in the rules it is given."""
    if switch.words[:1] != ("on",):
        return "off"
    said = "off"
    for one in directives:
        if one.name == "modsecurity_rules" and one.words:
            said = _last_engine(one.words[0]) or said
        elif one.name == "modsecurity_rules_file" and one.words:
            said = _engine_in(posixpath.join(tree.base, one.words[0]), tree, set()) or said
    return said


def _engine_in(path: str, tree: Tree, seen: set[str]) -> str:
    """The last SecRuleEngine in a file of rules and in those it includes, "" if there is none. Each file counts once."""
    text = tree.files.get(path)
    if text is None:
        tree.unread.append(path)
        return ""
    seen.add(path)
    said = ""
    for line in text.splitlines():
        words = line.split()
        if len(words) == 2 and words[0].lower() == "include":
            pattern = posixpath.normpath(posixpath.join(posixpath.dirname(path), words[1].strip('"')))
            at_hand = fnmatch.filter(sorted(tree.files), pattern)
            for inner in at_hand:
                said = (_engine_in(inner, tree, seen) if inner not in seen else "") or said
            if not at_hand and not tree.ignored(pattern):
                tree.unread.append(pattern)
        else:
            said = _last_engine(line) or said
    return said


def _last_engine(text: str) -> str:
    lines = [line.split() for line in text.splitlines()]
    said = [words[1].lower() for words in lines if len(words) > 1 and words[0].lower() == "secruleengine"]
    return said[-1] if said else ""


def _elsewhere(directives: list[Directive]) -> set[int]:
    """The sites that serve nothing, for they send every request elsewhere: from HTTP to HTTPS, say."""
    return {one.site for one in directives if one.site and _leaves(one, one.inside[-1])}


def _leaves(one: Directive, section: str) -> bool:
    if one.name == "return":  # of nginx: before anything else, unless it stands in a location
        return section == "server" and "".join(one.words[:1]).startswith(("30", "http"))
    return one.name in REDIRECTS and section.startswith("virtualhost") and "/" in one.words[:2]


def _by_place(found: dict[tuple[int, str], str]) -> dict[str, str]:
    """By place, those of sites that read alike with a number."""
    named: dict[str, str] = {}
    for (_, place), value in found.items():
        alike = sum(name == place or name.startswith(f"{place} (") for name in named)
        named[f"{place} ({alike + 1})" if alike else place] = value
    return named


def _place(one: Directive) -> str:
    """Where a directive stands, "" for the server as a whole."""
    real = [part for part in one.inside if part.partition(" ")[0] not in {"ifmodule", "ifdefine", "ifversion", "http"}]
    return " > ".join(part[:80] for part in real)


def _section(one: Directive) -> str:
    """The address of the location a directive stands in."""
    inner = one.inside[-1] if one.inside else ""
    kind, _, address = inner.partition(" ")
    return address.strip('"')[:120] if kind in {"location", "locationmatch"} else "/"
