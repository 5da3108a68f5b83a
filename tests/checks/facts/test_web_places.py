from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given

from agent.hosts.local import LocalHost
from agent.survey import Survey
from checks.fact import Absent, Missing
from checks.facts.web_places import UNREAD, WebPlaces, web_places
from checks.source import FileStat, FileText
from tests.checks.facts.fuzzing import gives_or_says_why, mixed
from tests.checks.real import real
from tests.checks.trees import grow, plant

PROGRAMS = {"apache2": "/usr/sbin/apache2", "httpd": "/usr/sbin/httpd", "nginx": "/usr/sbin/nginx"}


def places(root: Path) -> tuple[str, ...]:
    seen = Survey(LocalHost(str(root))).outcome(WebPlaces)
    assert isinstance(seen.fact, WebPlaces), seen.missing or seen.absent
    return seen.fact.items


def host(root: Path, program: str, recorded: str, path: str = "", text: str = "") -> Path:
    """A host on which `program` is installed, configured as `recorded`, with one file more."""
    plant(root, PROGRAMS[program], "", 0o755)
    grow(root, real(recorded))
    if path:
        plant(root, path, text)
    return root


def test_apache_of_debian_as_installed(tmp_path: Path) -> None:
    assert set(places(host(tmp_path, "apache2", "debian12/apache2-etc.txt"))) >= {
        "apache virtualhost *:80",
        "apache virtualhost *:80 documentroot /var/www/html",
        "apache scriptalias /cgi-bin/ /usr/lib/cgi-bin/",
        "apache location /server-status",
    }


def test_nginx_of_debian_as_installed(tmp_path: Path) -> None:
    assert places(host(tmp_path, "nginx", "debian12/nginx-etc.txt")) == (
        "nginx server > location /",
        "nginx server listen 80 default_server",
        "nginx server listen [::]:80 default_server",
        "nginx server root /var/www/html",
        "nginx server server_name _",
    )


def test_httpd_of_centos_with_its_proxy(tmp_path: Path) -> None:
    said = places(host(tmp_path, "httpd", "el7/httpd-etc.txt"))
    assert "apache documentroot /var/www/html" in said
    assert [line for line in said if " proxypass " in line or " servername " in line or " virtualhost " in line]


@pytest.mark.parametrize(
    ("line", "new"),
    [
        ("Alias /slot /var/tmp/.x", "apache alias /slot /var/tmp/.x"),
        ("ProxyPass /login http://203.0.113.9/", "apache proxypass /login http://203.0.113.9/"),
        (
            "RewriteRule ^/a/(.*) http://203.0.113.9/$1 [P,L]",
            "apache rewriterule ^/a/(.*) http://203.0.113.9/$1 [P] sha256:",
        ),
        ("Redirect 301 /x https://slot.example/", "apache redirect 301 /x https://slot.example/"),
        ("SetHandler proxy:unix:/run/php.sock|fcgi://x", "apache sethandler proxy:unix:/run/php.sock|fcgi://x"),
    ],
)
def test_one_line_in_apache_is_one_item_more(tmp_path: Path, line: str, new: str) -> None:
    root = host(tmp_path, "apache2", "debian12/apache2-etc.txt")
    before = set(places(root))
    plant(root, "/etc/apache2/conf-enabled/zz.conf", line + "\n")
    (said,) = set(places(root)) - before
    assert said.startswith(new)


def test_a_location_and_where_it_leads_are_items_of_nginx(tmp_path: Path) -> None:
    root = host(tmp_path, "nginx", "debian12/nginx-etc.txt")
    before = set(places(root))
    plant(root, "/etc/nginx/conf.d/zz.conf", "server { location ^~ /slot { proxy_pass http://203.0.113.9; } }\n")
    assert set(places(root)) - before == {
        "nginx server > location ^~ /slot",
        "nginx server > location ^~ /slot proxy_pass http://203.0.113.9",
    }


def test_passwords_and_queries_stay_here_and_still_count(tmp_path: Path) -> None:
    said = []
    for number in ("2", "3"):
        root = host(tmp_path, "nginx", "debian12/nginx-etc.txt", "/etc/nginx/conf.d/zz.conf", (
            f"server {{ location /a {{ proxy_pass http://u:hunter{number}@127.0.0.1:9090/x?key=hunter{number}; }}\n"
            f"location /b {{ return 200 'hello hunter{number}'; }} if ($arg_k = hunter{number}) {{ return 403; }} }}"
        ))  # fmt: skip
        plant(root, PROGRAMS["apache2"], "", 0o755)
        grow(root, real("debian12/apache2-etc.txt"))
        plant(root, "/etc/apache2/conf-enabled/zz.conf", (
            f"ProxyPass /ajp ajp://127.0.0.1:8009/ secret=hunter{number}\n"
            f"RewriteRule ^/c http://127.0.0.1/c [E=T:hunter{number},P]\n"
        ))  # fmt: skip
        said.append(set(places(root)))
    assert "hunter" not in str(said)
    assert len(said[0] - said[1]) == 4
    assert any("proxy_pass http://127.0.0.1:9090/x sha256:" in line for line in said[0])


def test_an_included_file_that_is_not_read_is_an_item(tmp_path: Path) -> None:
    root = host(
        tmp_path, "nginx", "debian12/nginx-etc.txt", "/etc/nginx/conf.d/zz.conf", "include /opt/panel/*.conf;\n"
    )
    assert f"{UNREAD} nginx /opt/panel/*.conf" in places(root)


def test_no_web_server_is_absence_and_one_without_configuration_is_missing(tmp_path: Path) -> None:
    assert Survey(LocalHost(str(tmp_path))).outcome(WebPlaces).absent
    plant(tmp_path, PROGRAMS["nginx"])
    assert Survey(LocalHost(str(tmp_path))).outcome(WebPlaces).missing
    plant(tmp_path, "/etc/nginx/nginx.conf", "# nothing\n")
    assert Survey(LocalHost(str(tmp_path))).outcome(WebPlaces).missing
    with pytest.raises(Absent):
        web_places((FileStat(PROGRAMS["nginx"], "directory", 0, 0, 0, 0, 0.0),))
    with pytest.raises(Missing):
        web_places((FileStat(PROGRAMS["nginx"], "file", 0, 0, 0, 0, 0.0),), (FileText("/etc/nginx/nginx.conf", "}"),))


@given(
    mixed(
        "server {",
        "}",
        "location /a ",
        "proxy_pass http://a;",
        "return 200 'x y';",
        "Alias /a /b\n",
        "<VirtualHost *>\n",
    )
)
def test_any_text_gives_the_fact_or_says_why_not(text: str) -> None:
    for program, path in (("nginx", "/etc/nginx/nginx.conf"), ("apache2", "/etc/apache2/apache2.conf")):
        stat = (FileStat(PROGRAMS[program], "file", 0o755, 0, 0, 1, 0.0),)
        gives_or_says_why(web_places, stat, (FileText(path, text),))


def test_nginx_of_el_9_as_installed(tmp_path: Path) -> None:
    assert {
        "nginx server listen 80", "nginx server listen [::]:80", "nginx server root /usr/share/nginx/html",
        "nginx server server_name _",
    } <= set(places(host(tmp_path, "nginx", "el9/nginx-etc.txt")))  # fmt: skip


def test_nginx_of_an_ubuntu_24_04_with_an_application_behind_it(tmp_path: Path) -> None:
    said = places(host(tmp_path, "nginx", "ubuntu2404/nginx-etc.txt"))

    assert "nginx server > location /api/ proxy_pass http://localhost:8080" in said
    assert "nginx server listen 443 ssl default_server" in said
    assert "nginx server server_name xiv.isucon.net" in said
