from __future__ import annotations

from pathlib import Path

import pytest

from agent.hosts.local import LocalHost
from agent.survey import Outcome, Survey
from checks.fact import Missing
from checks.facts.processes import Process, ProcessTable
from checks.facts.web_directives import Served, WebServer
from checks.facts.web_server import WebServers, answering, installed
from checks.source import Answer, FileStat, FileText
from tests.checks.real import real
from tests.checks.trees import grow, plant

DEBIAN, NGINX, WAF, EL = (
    real(name)
    for name in (
        "debian12/apache2-etc.txt", "debian12/nginx-etc.txt", "debian12/modsecurity-etc.txt", "el7/httpd-etc.txt",
    )
)  # fmt: skip


def outcome(root: Path) -> Outcome:
    return Survey(LocalHost(str(root))).outcome(WebServers)


def server(root: Path, program: str) -> WebServer:
    """The one server below `root`, whose programs are planted first."""
    plant(root, program)
    host = LocalHost(str(root))
    return installed(*[host.read(source) for source in installed.sources]).servers[0]


def test_apache_of_debian_12_as_installed(tmp_path: Path) -> None:
    read = server(grow(tmp_path, DEBIAN), "/usr/sbin/apache2")

    assert (read.product, read.tokens, read.trace) == ("apache", "os", False)
    assert read.modules == ("autoindex", "reqtimeout", "status")
    assert Served("/", "/var/www/html") in read.served
    assert (read.engines, read.limits, read.keys, read.unread) == ({}, (), (), ())
    assert read.sizes["timeout"] == "300"


def test_modsecurity_of_debian_12_as_installed_only_detects(tmp_path: Path) -> None:
    read = server(grow(tmp_path, DEBIAN, WAF), "/usr/sbin/apache2")

    assert read.engines == {"": "detectiononly"}
    assert read.limits == ("evasive20",)
    assert read.sizes["secrequestbodylimit"] == "13107200"
    assert read.unread == ()


def test_nginx_of_debian_12_as_installed(tmp_path: Path) -> None:
    read = server(grow(tmp_path, NGINX), "/usr/sbin/nginx")

    assert (read.product, read.tokens, read.sites, read.unread) == ("nginx", "on", 1, ())
    assert read.served == (Served("/", "/var/www/html"),)


def test_the_proxy_of_a_published_spse_guide_on_el(tmp_path: Path) -> None:
    read = server(grow(tmp_path, EL), "/usr/sbin/httpd")

    assert (read.tokens, read.trace, read.proxies) == ("full", True, True)
    assert read.modules == ("autoindex", "evasive20", "info", "security2", "status", "userdir")
    assert read.engines == {"": "on"}
    assert Served("/file_prod", "/home/file_prod") in read.served
    assert (read.sizes["proxytimeout"], read.sizes["secrequestbodylimit"]) == ("600", "800000000")


def test_nginx_with_modsecurity_and_locations(tmp_path: Path) -> None:
    plant(
        tmp_path, "/etc/nginx/nginx.conf",
        "http { server_tokens off; modsecurity on; modsecurity_rules_file /etc/nginx/modsec/main.conf;\n"
        "server { listen 443 ssl; ssl_certificate_key ssl/key.pem; autoindex on; limit_req zone=a;\n"
        "location /file_prod/ { alias /home/file/file_prod/; } location / { proxy_pass http://127.0.0.1:9090; } } }",
    )  # fmt: skip
    plant(
        tmp_path,
        "/etc/nginx/modsec/main.conf",
        "Include modsecurity.conf\nInclude /usr/share/modsecurity-crs/owasp-crs.load\n",
    )
    plant(tmp_path, "/etc/nginx/modsec/modsecurity.conf", "SecRuleEngine DetectionOnly\nSecRuleEngine On\n")
    read = server(tmp_path, "/usr/sbin/nginx")

    assert read.tokens == "off"
    assert read.engines == {"": "on"}
    assert read.served == (Served("/file_prod/", "/home/file/file_prod/"),)
    assert read.listings == ("server",)
    assert (read.limits, read.keys, read.proxies, read.unread) == (
        ("limit_req",),
        ("/etc/nginx/ssl/key.pem",),
        True,
        (),
    )


def test_an_include_out_of_reach_is_said(tmp_path: Path) -> None:
    plant(tmp_path, "/etc/nginx/nginx.conf", "http { include /srv/nginx/*.conf; server { listen 80; } }")

    assert server(tmp_path, "/usr/sbin/nginx").unread == ("/srv/nginx/*.conf",)


def test_without_a_program_there_is_no_web_server_and_without_configuration_it_is_missing(tmp_path: Path) -> None:
    host = LocalHost(str(grow(tmp_path, DEBIAN)))
    assert outcome(tmp_path).absent is not None
    plant(tmp_path, "/usr/sbin/nginx")
    with pytest.raises(Missing, match="nginx"):
        installed(*[host.read(source) for source in installed.sources])


def test_of_two_servers_the_one_that_runs_counts() -> None:
    programs = tuple(FileStat(path, "file", 0o755, 0, 0, 1, 0.0) for path in ("/usr/sbin/apache2", "/usr/sbin/nginx"))
    texts = (
        FileText("/etc/apache2/apache2.conf", "ServerTokens Prod\n"),
        FileText("/etc/nginx/nginx.conf", "http { server { listen 80; } }"),
    )
    alive = Process(7, 1, "nginx", "root", "", False, (), 0.0)

    assert [one.product for one in installed(programs, texts).servers] == ["apache", "nginx"]
    running = answering(programs, ProcessTable((alive,)), Answer(200, {"server": "nginx/1.22.1"}, ""), texts)
    assert isinstance(running, WebServers)
    assert [one.product for one in running.servers] == ["nginx"]
    assert running.header == "nginx/1.22.1"


def test_nginx_of_el_9_as_installed(tmp_path: Path) -> None:
    read = server(grow(tmp_path, real("el9/nginx-etc.txt")), "/usr/sbin/nginx")

    assert (read.product, read.tokens, read.sites) == ("nginx", "on", 1)
    assert read.served == (Served("/", "/usr/share/nginx/html"),)


def test_nginx_of_an_ubuntu_24_04_with_an_application_behind_it(tmp_path: Path) -> None:
    read = server(grow(tmp_path, real("ubuntu2404/nginx-etc.txt")), "/usr/sbin/nginx")

    assert (read.tokens, read.sites, read.proxies) == ("on", 3, True)
    assert Served("/", "/home/isucon/webapp/public/") in read.served
    assert len(read.keys) == 2
