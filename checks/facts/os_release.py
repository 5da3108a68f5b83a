"""Which operating system this is."""

from __future__ import annotations

import re
import shlex

from checks.fact import Fact, Missing, reads
from checks.source import File
from checks.text import Text


class OsRelease(Fact, frozen=True):
    """The distribution by its identifier ("debian", "rhel", "almalinux") and version ("12", "9.4"). Never absent on Linux."""

    id: str
    version: str
    name: str = ""


@reads(File("/etc/os-release"))
def os_release(text: str) -> OsRelease:
    return _os_release(text)


@reads(File("/usr/lib/os-release"))
def vendor_os_release(text: str) -> OsRelease:
    return _os_release(text)


@reads(File("/etc/redhat-release"))
def redhat_release(text: str) -> OsRelease:
    """EL 6 has no os-release: "CentOS release 6.10 (Final)"."""
    line = text.strip().partition("\n")[0]
    found = re.match(r"(CentOS|Red Hat|Oracle|Scientific)\b.*\brelease (\d+(?:\.\d+)*)", line)
    if not found:
        raise Missing(
            Text(
                "/etc/redhat-release tidak menyebut distribusi yang dikenal",
                "/etc/redhat-release names no known distribution",
            )
        )
    distribution = {"CentOS": "centos", "Red Hat": "rhel", "Oracle": "ol", "Scientific": "scientific"}[found[1]]
    return OsRelease(distribution, found[2], line[:80])


def _os_release(text: str) -> OsRelease:
    fields: dict[str, str] = {}
    for line in text.splitlines():
        name, equals, value = line.strip().partition("=")
        if equals and re.fullmatch(r"[A-Z0-9_]+", name):
            try:
                fields[name] = " ".join(shlex.split(value))
            except ValueError as error:
                raise Missing(
                    Text(f"os-release: {name} tidak dapat dibaca: {error}", f"os-release: cannot read {name}: {error}")
                ) from error
    if not re.fullmatch(r"[a-z0-9._-]+", fields.get("ID", "")):
        raise Missing(Text("os-release tidak menyebut distribusi", "os-release names no distribution"))
    name = fields.get("PRETTY_NAME") or fields.get("NAME", "")
    if fields["ID"] == "centos" and "stream" in name.lower():
        return OsRelease("centos-stream", fields.get("VERSION_ID", ""), name[:80])
    return OsRelease(fields["ID"], fields.get("VERSION_ID", ""), name[:80])
