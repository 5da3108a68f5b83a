"""Web servers, proxies and ModSecurity that are installed: which version, and who mends it."""

from __future__ import annotations

import re

import msgspec

from checks.fact import Absent, Fact, Missing, reads
from checks.source import Command, FileStat, Stat
from checks.text import Text

PRODUCTS = {
    "apache2-bin": "apache", "apache2.2-bin": "apache", "httpd": "apache", "nginx": "nginx", "nginx-core": "nginx",
    "haproxy": "haproxy", "libapache2-mod-security2": "modsecurity", "libmodsecurity3": "modsecurity",
    "libmodsecurity3t64": "modsecurity", "mod_security": "modsecurity", "libmodsecurity": "modsecurity",
}  # fmt: skip
BUILT = {
    "/usr/local/apache2/bin/httpd": "apache",
    "/usr/local/nginx/sbin/nginx": "nginx",
    "/opt/nginx/sbin/nginx": "nginx",
    "/usr/local/sbin/haproxy": "haproxy",
    "/usr/local/modsecurity/lib/mod_security2.so": "modsecurity",
    "/usr/local/apache2/modules/mod_security2.so": "modsecurity",
    "/usr/local/modsecurity/lib/libmodsecurity.so": "modsecurity",
}
VERSION = re.compile(r"(?:\d+:)?(\d{1,3}(?:\.\d{1,4}){1,3})\S*")
# Packages that a distribution does not mend: of nginx.org and the like, backports and private archives.
FOREIGN_MAINTAINER = re.compile(r"(?i)nginx-packaging|@(?:nginx|f5|haproxy)\.com")
FOREIGN_VERSION = re.compile(r"(?i)sury|ppa|~bpo|[~+](?:buster|bullseye|bookworm|trixie|bionic|focal|jammy|noble)")
DISTRIBUTIONS = re.compile(r"(?i)red hat|centos|almalinux|rocky|oracle|scientific|fedora project")

# "/" is always there: that nothing was built here is said by the parser.
BUILDS = Stat(("/", *BUILT))


class WebPart(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One of them: `product` is apache, nginx, haproxy or modsecurity; `version` is the makers' ("" if not known), `name`
    that of its package or the path of a program built here. `distribution`: the distribution mends it.
    """

    product: str
    name: str
    version: str = ""
    distribution: bool = False


class WebSoftware(Fact, frozen=True):
    """All that are installed from packages, or built in the usual places. Absent: none."""

    parts: tuple[WebPart, ...]


@reads(
    Command(
        ("dpkg-query", "-W", "-f", "${db:Status-Abbrev}\\t${Package}\\t${Version}\\t${Maintainer}\\n",
         "apache2-bin", "apache2.2-bin", "nginx", "nginx-core", "haproxy", "libapache2-mod-security2", "libmodsecurity3",
         "libmodsecurity3t64"),
        ok=(0, 1), is_the_thing=True,
    ),
    BUILDS,
)  # fmt: skip
def debian(printed: str, built: tuple[FileStat, ...]) -> WebSoftware:
    parts = []
    for line in printed.splitlines():
        fields = line.split("\t")
        if len(fields) != 4:
            raise _senseless("dpkg-query", line)
        if not fields[0].startswith("ii"):
            continue
        foreign = FOREIGN_MAINTAINER.search(fields[3]) or FOREIGN_VERSION.search(fields[2])
        parts.append(_part(fields[1], fields[2], distribution=not foreign))
    return _all(parts, built)


@reads(
    Command(
        ("rpm", "-q", "--qf", "%{NAME}\\t%{VERSION}-%{RELEASE}\\t%{VENDOR}\\n", "httpd", "nginx", "nginx-core", "haproxy",
         "mod_security", "libmodsecurity"),
        ok=tuple(range(7)), is_the_thing=True,
    ),
    BUILDS,
)  # fmt: skip
def red_hat(printed: str, built: tuple[FileStat, ...]) -> WebSoftware:
    parts = []
    for line in printed.splitlines():
        if line.endswith(" is not installed"):
            continue
        fields = line.split("\t")
        if len(fields) != 3:
            raise _senseless("rpm", line)
        parts.append(_part(fields[0], fields[1], distribution=bool(DISTRIBUTIONS.search(fields[2]))))
    return _all(parts, built)


def _part(name: str, version: str, *, distribution: bool) -> WebPart:
    match = VERSION.fullmatch(version)
    if name not in PRODUCTS or match is None:
        raise _senseless("package manager", f"{name} {version}")
    return WebPart(PRODUCTS[name], name, match[1], distribution)


def _all(parts: list[WebPart], built: tuple[FileStat, ...]) -> WebSoftware:
    here = [WebPart(BUILT[one.path], one.path) for one in built if one.path in BUILT and one.kind in {"file", "link"}]
    if not parts and not here:
        raise Absent(
            Text(
                "Apache, nginx, HAProxy, dan ModSecurity tidak terpasang",
                "none of Apache, nginx, HAProxy and ModSecurity is installed",
            )
        )
    return WebSoftware((*dict.fromkeys(parts), *here))


def _senseless(who: str, line: str) -> Missing:
    return Missing(Text(f"{who} menjawab {line[:60]!r}", f"{who} said {line[:60]!r}"))
