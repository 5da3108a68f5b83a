"""The time sources this host is told to follow: the configuration of chrony, systemd-timesyncd and ntpd.

Sources that DHCP handed out count too: whoever answers DHCP could otherwise set the clock.
"""

from __future__ import annotations

import posixpath
import re

from checks.baseline import Approved, Listed, listed
from checks.fact import Absent, Missing, Recipe, reads
from checks.facts.items import item
from checks.source import FileText, Glob, Register
from checks.text import Text

CHRONY = ("/etc/chrony.conf", "/etc/chrony/chrony.conf", "/etc/chrony/conf.d/*.conf", "/etc/chrony.d/*.conf")
CHRONY_SOURCES = ("/etc/chrony/sources.d/*.sources", "/run/chrony-dhcp/*.sources")
TIMESYNCD = (
    "/etc/systemd/timesyncd.conf",
    "/etc/systemd/timesyncd.conf.d/*.conf",
    "/run/systemd/timesyncd.conf.d/*.conf",
)
NTPD = ("/etc/ntp.conf", "/etc/ntpsec/ntp.conf", "/etc/ntpsec/ntp.d/*.conf")
PATTERNS = (*CHRONY, *CHRONY_SOURCES, *TIMESYNCD, *NTPD)
FOLDERS = frozenset(
    {"/etc/chrony/conf.d", "/etc/chrony.d", "/etc/chrony/sources.d", "/run/chrony-dhcp", "/var/run/chrony-dhcp"}
)
KEYS = "/etc/ntp/crypto/pw"  # what CentOS 7 includes: a password, no source
BUILT_IN = "systemd-timesyncd FallbackNTP (built in)"  # what it follows where nothing is configured
FOLLOWED = frozenset({"manycastclient", "multicastclient", "broadcastclient", "peer", "pool", "refclock", "server"})
OTHERS = frozenset({  # what else stands in every configuration: a text without any of them is none
    "bindcmdaddress", "confdir", "driftfile", "dumpdir", "dumponexit", "includefile", "keyfile", "keys", "leapsectz",
    "log", "logchange", "logdir", "makestep", "maxupdateskew", "ntpsigndsocket", "restrict", "rtcsync", "sourcedir",
    "statistics", "tinker", "tos",
})  # fmt: skip


class TimeSources(Listed, frozen=True):
    """Every configured source: program, directive, address. Absent: no time daemon is configured here."""


class ApprovedTimeSources(Approved, frozen=True):
    """What of `TimeSources` a person approved. Absent: nothing yet."""


def _time_sources(*groups: tuple[FileText, ...]) -> TimeSources:
    files = {file.path: file.text for group in groups for file in group}
    if not files:
        raise Absent(
            Text(
                "tidak ada konfigurasi layanan waktu (chrony, systemd-timesyncd, ntpd)",
                "there is no configuration of a time daemon (chrony, systemd-timesyncd, ntpd)",
            )
        )
    items: list[str] = []
    understood, built_in = False, False
    for path, text in files.items():
        if "timesyncd" in path:
            found, known = _timesyncd(text)
            built_in |= known
        else:
            found, known = _directives(path, text)
        items += found
        understood |= known
    if not understood:
        raise Missing(
            Text(
                "konfigurasi layanan waktu tidak dapat dipahami",
                "the configuration of the time daemon says nothing known",
            )
        )
    if built_in and not items:
        items.append(BUILT_IN)
    return listed(TimeSources, items)


time_sources = Recipe(TimeSources, tuple(Glob(pattern) for pattern in PATTERNS), _time_sources)


@reads(Register("approved_time_sources", ApprovedTimeSources))
def approved_time_sources(approved: ApprovedTimeSources) -> ApprovedTimeSources:
    return approved


def _directives(path: str, text: str) -> tuple[list[str], bool]:
    """The sources that chrony or ntpd is told, and whether the text is such a configuration."""
    program = "ntpd" if "ntp." in posixpath.basename(path) or "ntpsec" in path else "chrony"
    found, known = [], path.endswith(".sources")
    for raw in text.splitlines():
        words = re.sub(r"^\s*[!#;%].*|\s[#!;%].*", "", raw).split()
        name = words[0].lower() if words else ""
        known |= name in FOLLOWED | OTHERS
        if name in FOLLOWED and len(words) > 1:
            arguments = words[1:3] if name == "refclock" else words[1:2]
            keyed = "nts" if "nts" in words else ""
            found.append(
                item(program, name, *arguments, keyed, "(DHCP)" if path.startswith("/run/chrony-dhcp") else "")
            )
        elif (name in {"include", "includefile"} and words[1:] != [KEYS]) or (
            name in {"confdir", "sourcedir"} and not FOLDERS.issuperset(words[1:])
        ):
            raise Missing(
                Text(
                    f"{path} menyertakan {' '.join(words[1:])[:80]}, yang tidak dibaca",
                    f"{path} includes {' '.join(words[1:])[:80]}, which is not read",
                )
            )
    return found, known


def _timesyncd(text: str) -> tuple[list[str], bool]:
    """NTP= and FallbackNTP=, and whether the text is such a configuration."""
    found, known, section = [], False, ""
    for raw in text.splitlines():
        line = raw.strip()
        if re.fullmatch(r"\[[^]]*\]", line):
            section = line
            known |= section == "[Time]"
        elif section == "[Time]" and not line.startswith(("#", ";")):
            name, equals, value = line.partition("=")
            if equals and name.strip() in {"NTP", "FallbackNTP"}:
                found += [item("systemd-timesyncd", f"{name.strip()}={server}") for server in value.split()]
    return found, known
