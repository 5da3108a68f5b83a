"""Owner and mode of the private keys that the web servers use; never their content."""

from __future__ import annotations

import re

import msgspec

from checks.fact import Absent, After, Fact, reads
from checks.facts.web_server import WebServers
from checks.source import FileStat, Stat
from checks.text import Text

LIVE = re.compile(r"/etc/letsencrypt/live/([^/]+)/privkey\.pem")


class KeyFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One private key: its path, `kind` as in FileStat, permission bits, numeric owner and group."""

    path: str
    kind: str
    mode: int
    uid: int
    gid: int


class TlsKeys(Fact, frozen=True):
    """Private key files named by Apache or nginx. Absent: neither is configured for TLS, or no key file is there."""

    files: tuple[KeyFile, ...]


def _named(web: WebServers) -> Stat:
    named = sorted({key for server in web.servers for key in server.keys})
    if not named:
        raise Absent(Text("tidak ada server web yang memakai kunci privat", "no web server names a private key"))
    # what certbot calls live/ are links: the keys themselves stand in archive/
    return Stat(tuple(LIVE.sub(r"/etc/letsencrypt/archive/\1/privkey*.pem", path) for path in named))


@reads(After(WebServers, "stat {SSLCertificateKeyFile, ssl_certificate_key}", _named), root=True)
def keys(stats: tuple[FileStat, ...]) -> TlsKeys:
    return TlsKeys(tuple(KeyFile(one.path, one.kind, one.mode, one.uid, one.gid) for one in stats))
