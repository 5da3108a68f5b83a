from __future__ import annotations

from typing import Any

import msgspec
import pytest

from checks.check import Check
from checks.facts.tls_keys import KeyFile, TlsKeys
from checks.facts.web_directives import Served, WebServer
from checks.facts.web_server import WebServers, installed
from checks.security import web
from checks.source import FileStat, FileText
from checks.verdict import Status, Verdict
from tests.checks.real import real
from tests.checks.trees import HEADER

PASS, WARN, FAIL, UNKNOWN = Status.PASS, Status.WARN, Status.FAIL, Status.UNKNOWN
APACHE = WebServer("apache", "prod", trace=False, modules=("reqtimeout",), proxies=True)
NGINX = WebServer("nginx", "off", trace=False, modules=(), proxies=True)


def recorded(program: str, *names: str) -> WebServers:
    """The web server as recorded in these files."""
    files = []
    for name in names:
        parts = HEADER.split(real(name))
        files += [FileText(path, text) for path, text in zip(parts[1::2], parts[2::2], strict=True)]
    return installed((FileStat(program, "file", 0o755, 0, 0, 1, 0.0),), tuple(files))


DEBIAN = recorded("/usr/sbin/apache2", "debian12/apache2-etc.txt", "debian12/modsecurity-etc.txt")
DEBIAN_NGINX = recorded("/usr/sbin/nginx", "debian12/nginx-etc.txt")
EL = recorded("/usr/sbin/httpd", "el7/httpd-etc.txt")


def status(check: Check, fact: object, **thresholds: Any) -> Status:
    verdicts = check(fact, **thresholds)
    found = [verdicts] if isinstance(verdicts, Verdict) else list(verdicts)
    assert len(found) == 1
    return found[0].status


def changed(server: WebServer, header: str | None = None, **fields: object) -> WebServers:
    return WebServers((msgspec.structs.replace(server, **fields),), header)


def test_a_hidden_version_passes_and_defaults_do_not() -> None:
    assert status(web.version_hidden, changed(APACHE)) is PASS
    assert status(web.version_hidden, changed(NGINX)) is PASS
    for shipped in (DEBIAN, DEBIAN_NGINX, EL):
        assert status(web.version_hidden, shipped) is FAIL


def test_a_header_that_still_tells_the_version_fails() -> None:
    assert status(web.version_hidden, changed(APACHE, "Apache/2.4.62 (Debian)")) is FAIL
    assert status(web.version_hidden, changed(APACHE, "Apache")) is PASS
    assert status(web.version_hidden, changed(APACHE, "nginx/1.22.1")) is PASS


def test_modules_listings_and_trace_must_be_off() -> None:
    assert status(web.nothing_extra, changed(APACHE)) is PASS
    assert status(web.nothing_extra, changed(APACHE, trace=True)) is FAIL
    assert status(web.nothing_extra, changed(NGINX, listings=("server",))) is FAIL
    assert status(web.nothing_extra, changed(NGINX, modules=("status",))) is FAIL
    assert status(web.nothing_extra, DEBIAN_NGINX) is PASS
    for shipped in (DEBIAN, EL):
        assert status(web.nothing_extra, shipped) is FAIL


def test_some_limit_on_the_rate_is_wanted() -> None:
    assert status(web.rate_limited, DEBIAN) is PASS  # mod_evasive is in that record
    assert status(web.rate_limited, EL) is PASS
    assert status(web.rate_limited, DEBIAN_NGINX) is FAIL
    assert status(web.rate_limited, changed(NGINX, limits=("limit_req",))) is PASS


@pytest.mark.parametrize(
    ("url", "path", "expected"),
    [
        ("/", "/var/www/html", PASS),
        ("/file_prod", "/home/file_prod", FAIL),
        ("/dokumen", "/home/file/file_prod/2026", FAIL),
        ("/", "/home", FAIL),
        ("/", "/", FAIL),
        ("/eproc4lat", "/home/appserv/spse-lat-4", FAIL),
        ("/eproc4/public", "/home/appserv/spse/webapp/public", PASS),
        ("/", "/home/filegov/www", PASS),
        ("/", "${DOCROOT}/html", PASS),
    ],
)
def test_no_url_may_lead_to_documents(url: str, path: str, expected: Status) -> None:
    assert status(web.documents_not_served, changed(APACHE, served=(Served(url, path),), served_total=1)) is expected


def test_the_guide_that_serves_documents_fails_and_shipped_configurations_pass() -> None:
    assert status(web.documents_not_served, EL) is FAIL
    assert status(web.documents_not_served, DEBIAN) is PASS
    assert status(web.documents_not_served, DEBIAN_NGINX) is PASS


def test_what_was_not_read_leaves_it_open_but_a_find_is_a_find() -> None:
    unread = ("/srv/httpd/*.conf",)

    assert status(web.documents_not_served, changed(APACHE, unread=unread)) is UNKNOWN
    assert status(web.documents_not_served, changed(APACHE, served_total=200)) is UNKNOWN
    assert (
        status(web.documents_not_served, changed(APACHE, unread=unread, served=(Served("/file_prod", "/x"),))) is FAIL
    )
    assert status(web.version_hidden, changed(APACHE, unread=unread)) is UNKNOWN


def test_limits_on_time_and_size_must_be_set_and_large_enough() -> None:
    good = {"limitrequestbody": "1073741824", "proxytimeout": "600"}

    assert status(web.requests_limited, changed(APACHE, sizes=good)) is PASS
    assert status(web.requests_limited, changed(APACHE, sizes=good, modules=())) is FAIL
    assert status(web.requests_limited, changed(APACHE, sizes=good | {"proxytimeout": "60"})) is WARN
    assert status(web.requests_limited, changed(APACHE, sizes=good | {"limitrequestbody": "13107200"})) is WARN
    assert (
        status(web.requests_limited, changed(NGINX, sizes={"client_max_body_size": "1g", "proxy_read_timeout": "600s"}))
        is PASS
    )
    assert (
        status(web.requests_limited, changed(NGINX, sizes={"client_max_body_size": "1g", "proxy_read_timeout": "10m"}))
        is PASS
    )
    assert status(web.requests_limited, changed(NGINX, sizes={"client_max_body_size": "1m"})) is WARN
    assert status(web.requests_limited, changed(NGINX, sizes={"client_max_body_size": "0"})) is FAIL
    assert status(web.requests_limited, DEBIAN_NGINX) is FAIL


def test_private_keys_are_for_root_alone() -> None:
    def keys(mode: int, uid: int = 0, kind: str = "file") -> TlsKeys:
        return TlsKeys((KeyFile("/etc/ssl/private/server.key", kind, mode, uid, 0),))

    assert status(web.key_files, keys(0o600)) is PASS
    assert status(web.key_files, keys(0o400)) is PASS
    assert status(web.key_files, keys(0o640)) is FAIL
    assert status(web.key_files, keys(0o600, uid=33)) is FAIL
    assert status(web.key_files, keys(0o777, kind="link")) is UNKNOWN
