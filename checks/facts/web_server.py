"""The web servers in front of SPSE, as their configuration files say: Apache httpd and nginx.

Read from files in the layouts of Debian/Ubuntu, of EL and of builds below /usr/local; never by asking the server.
"""

from __future__ import annotations

import posixpath

from checks.fact import Fact, Missing, Recipe
from checks.facts.processes import PROCESSES, ProcessTable
from checks.facts.web_directives import WebServer, apache_server, nginx_server
from checks.facts.web_service import PROGRAMS, RUNNING, WebService
from checks.facts.web_syntax import Tree
from checks.source import Answer, FileStat, FileText, Glob, Http, Stat
from checks.text import Text

MAIN = {
    "/etc/apache2/apache2.conf": "apache",
    "/etc/httpd/conf/httpd.conf": "apache",
    "/usr/local/apache2/conf/httpd.conf": "apache",
    "/etc/nginx/nginx.conf": "nginx",
    "/usr/local/nginx/conf/nginx.conf": "nginx",
}
PATTERNS = (
    "/etc/apache2/*.conf",
    "/etc/apache2/*-enabled/*",
    "/etc/httpd/conf/*.conf",
    "/etc/httpd/conf.d/*.conf",
    "/etc/httpd/conf.modules.d/*.conf",
    "/etc/httpd/modsecurity.d/*.conf",
    "/usr/local/apache2/conf/*.conf",
    "/usr/local/apache2/conf/extra/*.conf",
    "/etc/modsecurity/*.conf",
    "/etc/letsencrypt/*.conf",
    "/etc/nginx/*.conf",
    "/etc/nginx/*.d/*.conf",
    "/etc/nginx/*-enabled/*",
    "/etc/nginx/snippets/*.conf",
    "/etc/nginx/modsec*/*.conf",
    "/usr/share/nginx/modules/*.conf",
    "/usr/local/nginx/conf/*.conf",
)
# Included by packages, and without any directive that is looked at here.
IGNORED = (
    "/etc/nginx/mime.types",
    "/etc/nginx/*_params",
    "/usr/local/nginx/conf/mime.types",
    "/usr/share/modsecurity-crs/*",
    "/usr/share/modsecurity-crs/rules/*",
    "/etc/modsecurity/crs/*",
    "/etc/modsecurity.d/*",
    "/etc/httpd/modsecurity.d/*/*",
)


class WebServers(Fact, frozen=True):
    """The web servers that run here; all that are installed where nobody can say (a mounted image, hidden processes).
    Absent: neither Apache nor nginx is installed, or none runs (`WebService`).

    `header` is the Server header of port 80 on loopback, None where it was not asked.
    """

    servers: tuple[WebServer, ...]
    header: str | None = None


INSTALLED = Stat(tuple(PROGRAMS))  # none: Absent, below a root of its own too
TEXTS = tuple(Glob(pattern) for pattern in PATTERNS)


def _answering(
    programs: tuple[FileStat, ...], table: ProcessTable, answer: Answer, *texts: tuple[FileText, ...]
) -> WebServers:
    return _read(programs, table, answer.headers.get("server", ""), texts)


def _running(programs: tuple[FileStat, ...], table: ProcessTable, *texts: tuple[FileText, ...]) -> WebServers:
    return _read(programs, table, None, texts)


def _installed(programs: tuple[FileStat, ...], *texts: tuple[FileText, ...]) -> WebServers:
    return _read(programs, ProcessTable(()), None, texts)


answering = Recipe(
    WebServers,
    (INSTALLED, PROCESSES, Http("http://127.0.0.1/", method="HEAD", timeout=3), *TEXTS),
    _answering,
    given=WebService,
)
running = Recipe(WebServers, (INSTALLED, PROCESSES, *TEXTS), _running, given=WebService)
installed = Recipe(WebServers, (INSTALLED, *TEXTS), _installed, given=WebService)


def _read(
    programs: tuple[FileStat, ...], table: ProcessTable, header: str | None, texts: tuple[tuple[FileText, ...], ...]
) -> WebServers:
    files = {file.path: file.text for group in texts for file in group}
    names = {PROGRAMS[one.path] for one in programs}
    alive = {RUNNING[one.name] for one in table.processes if one.name in RUNNING} & names
    servers = []
    for main, product in MAIN.items():
        if product in (alive or names) and main in files:
            servers.append(_server(product, main, files))
    without = (alive or names) - {one.product for one in servers}
    if without:
        raise Missing(
            Text(
                f"konfigurasi {', '.join(sorted(without))} tidak ditemukan di tempat biasa",
                f"the configuration of {', '.join(sorted(without))} was not found in the usual places",
            )
        )
    return WebServers(tuple(servers), header)


def tree_of(product: str, main: str, files: dict[str, str]) -> Tree:
    """The configuration of `product` from its `main` file on, among `files` (path to text)."""
    base = posixpath.dirname(main).removesuffix("/conf") if product == "apache" else posixpath.dirname(main)
    return Tree(files, base, PATTERNS + IGNORED)


def _server(product: str, main: str, files: dict[str, str]) -> WebServer:
    tree = tree_of(product, main, files)
    return apache_server(tree, main) if product == "apache" else nginx_server(tree, main)
