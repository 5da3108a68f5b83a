"""ModSecurity: the version of its package, and how old its rules are."""

from __future__ import annotations

import re
from datetime import datetime

from checks.fact import Absent, Fact, Missing, reads
from checks.facts.file_dates import changed
from checks.source import Command, FileStat, Stat
from checks.text import Text

RULES = (
    "/usr/share/modsecurity-crs/rules/*.conf",
    "/usr/share/mod_modsecurity_crs/rules/*.conf",
    "/etc/httpd/modsecurity.d/activated_rules/*.conf",
    "/etc/apache2/modsecurity*/rules/*.conf",
    "/etc/modsecurity/*/rules/*.conf",
    "/etc/nginx/modsec*/*/rules/*.conf",
    "/etc/nginx/*crs*/rules/*.conf",
    "/usr/local/*crs*/rules/*.conf",
)
PACKAGE = re.compile(r"(?:ii )?\s*(\S*mod-?_?security\S*) (?:\d+:)?(\d+(?:\.\d+)+)\S*")


class WafEngine(Fact, frozen=True):
    """Name and upstream version of the ModSecurity package. Absent: no package of it is installed."""

    package: str
    version: str


class WafRules(Fact, frozen=True):
    """The rule files of ModSecurity in the usual places: how many, and when the newest was written. Absent: none."""

    files: int
    newest: datetime


@reads(
    Command(
        ("dpkg-query", "-W", "-f", "${db:Status-Abbrev}${Package} ${Version}\\n", "libapache2-mod-security2",
         "libmodsecurity3", "libmodsecurity3t64"),
        ok=(0, 1), is_the_thing=True,
    )
)  # fmt: skip
def debian(printed: str) -> WafEngine:
    return _engine([line for line in printed.splitlines() if line.startswith("ii")])


@reads(
    Command(
        ("rpm", "-q", "--qf", "%{NAME} %{VERSION}-%{RELEASE}\\n", "mod_security", "libmodsecurity"),
        ok=(0, 1, 2), is_the_thing=True,
    )
)  # fmt: skip
def red_hat(printed: str) -> WafEngine:
    return _engine([line for line in printed.splitlines() if not line.endswith(" is not installed")])


@reads(Stat(RULES))
def rules(stats: tuple[FileStat, ...]) -> WafRules:
    return WafRules(len(stats), max(map(changed, stats)).replace(microsecond=0))


def _engine(lines: list[str]) -> WafEngine:
    if not lines:
        raise Absent(Text("paket ModSecurity tidak terpasang", "no package of ModSecurity is installed"))
    match = PACKAGE.fullmatch(lines[0].strip())
    if match is None:
        raise Missing(
            Text(f"pengelola paket menjawab {lines[0][:80]!r}", f"the package manager said {lines[0][:80]!r}")
        )
    return WafEngine(match[1], match[2])
