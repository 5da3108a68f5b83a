from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.fact import Absent, Missing
from checks.facts.web_directives import Served, WebServer, apache_server, nginx_server
from checks.facts.web_syntax import Tree

APACHE, NGINX = "/etc/apache2/apache2.conf", "/etc/nginx/nginx.conf"


def apache(text: str, **files: str) -> WebServer:
    others = {f"/etc/apache2/sites-enabled/{name}.conf": said for name, said in files.items()}
    return apache_server(Tree({APACHE: text} | others, "/etc/apache2", ("/etc/apache2/sites-enabled/*",)), APACHE)


def nginx(text: str, **files: str) -> WebServer:
    others = {f"/etc/nginx/modsec/{name}.conf": said for name, said in files.items()}
    return nginx_server(Tree({NGINX: text} | others, "/etc/nginx", ("/etc/nginx/modsec/*.conf",)), NGINX)


# Apache


def test_apache_that_says_nothing_of_itself_tells_its_version_and_answers_trace() -> None:
    read = apache("ServerRoot /etc/apache2\n")
    assert (read.tokens, read.trace, read.modules, read.limits, read.engines) == ("full", True, (), (), {})


@pytest.mark.parametrize(
    ("text", "trace"),
    [
        ("TraceEnable off\n", False),
        ("TraceEnable Off\nTraceEnable on\n", True),
        ("TraceEnable off\n<VirtualHost *:80>\nTraceEnable on\n</VirtualHost>\n", True),
        ("<VirtualHost *:80>\nTraceEnable off\n</VirtualHost>\n", True),
        ("TraceEnable extended\n", True),
    ],
)
def test_trace_is_off_only_where_nobody_switched_it_on(text: str, trace: bool) -> None:
    assert apache(text).trace is trace


def test_directories_are_listed_only_where_the_module_that_does_it_is_loaded() -> None:
    options = '<Directory "/var/www">\nOptions FollowSymLinks Indexes\n</Directory>\n'
    assert apache(options).listings == ()
    assert apache("LoadModule autoindex_module x.so\n" + options).listings == ('directory "/var/www"',)
    assert apache("LoadModule autoindex_module x.so\nOptions -Indexes\n").listings == ()
    assert apache("LoadModule autoindex_module x.so\nOptions All\n").listings == ("",)


def test_an_engine_without_its_module_is_none() -> None:
    assert apache("SecRuleEngine On\n").engines == {}
    assert apache("LoadModule security2_module x.so\nSecRuleEngine On\n").engines == {"": "on"}


def test_a_site_that_switches_the_engine_off_is_named() -> None:
    read = apache(
        "LoadModule security2_module x.so\nSecRuleEngine On\n<VirtualHost *:443>\nSecRuleEngine Off\n</VirtualHost>\n"
    )
    assert read.engines == {"": "on", "virtualhost *:443": "off"}
    assert read.sites == 1


def test_what_is_served_as_files_is_listed_with_its_address() -> None:
    read = apache(
        'DocumentRoot "/var/www/html"\nAlias /file_prod /home/file_prod\nScriptAlias /cgi-bin/ /usr/lib/cgi-bin/\n'
        "<Location /unduh>\nAlias /home/file/file_prod\n</Location>\n"
    )
    assert read.served == (
        Served("/", "/var/www/html"),
        Served("/file_prod", "/home/file_prod"),
        Served("/cgi-bin/", "/usr/lib/cgi-bin/"),
        Served("/unduh", "/home/file/file_prod"),
    )
    assert read.served_total == 4


def test_lists_are_bounded_and_their_true_length_is_said() -> None:
    read = apache("".join(f"Alias /a{number} /srv/{number}\n" for number in range(150)))
    assert (len(read.served), read.served_total) == (100, 150)


def test_of_a_limit_the_last_one_written_counts() -> None:
    assert apache("Timeout 60\nTIMEOUT 300\nProxyTimeout 600\n").sizes == {"timeout": "300", "proxytimeout": "600"}


def test_relative_paths_of_keys_are_below_the_server_root() -> None:
    read = apache("ServerRoot /etc/httpd\nSSLCertificateKeyFile ssl/lpse.key\nSSLCertificateKeyFile /etc/pki/b.key\n")
    assert read.keys == ("/etc/httpd/ssl/lpse.key", "/etc/pki/b.key")


def test_files_out_of_reach_are_named() -> None:
    assert apache("Include /opt/x/*.conf\nInclude sites-enabled/a.conf\n", a="ServerTokens Prod\n").unread == (
        "/opt/x/*.conf",
    )


# nginx


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("http { server { listen 80; } }", "on"),
        ("http { server_tokens off; server { listen 80; } }", "off"),
        ("http { server { server_tokens off; listen 80; } }", "on"),
        ("http { server_tokens off; server { server_tokens on; } }", "on"),
        ("http { server_tokens off; server { server_tokens build; } }", "build"),
    ],
)
def test_tokens_are_off_only_if_they_are_off_everywhere(text: str, tokens: str) -> None:
    assert nginx(text).tokens == tokens


def test_nginx_never_answers_trace() -> None:
    assert not nginx("http { server { listen 80; } }").trace


def test_sites_limits_and_status_pages_are_seen() -> None:
    read = nginx(
        "http { limit_req_zone $a zone=a:1m rate=1r/s; server { listen 80; limit_conn a 1; }\n"
        "server { listen 443; location /s { stub_status; } location / { proxy_pass http://127.0.0.1:9090; } } }"
    )
    assert (read.modules, read.limits, read.proxies) == (("status",), ("limit_conn",), True)
    assert read.sites >= 1


def test_a_zone_alone_limits_nobody() -> None:
    assert nginx("http { limit_req_zone $a zone=a:1m rate=1r/s; server { listen 80; } }").limits == ()


@pytest.mark.parametrize(
    ("rules", "engine"),
    [
        ("SecRuleEngine On\n", "on"),
        ("SecRuleEngine DetectionOnly\n", "detectiononly"),
        ("SecRuleEngine On\nSecRuleEngine Off\n", "off"),
        ("# SecRuleEngine On\n", "off"),
        ("", "off"),
    ],
)
def test_modsecurity_does_what_its_rules_say_last(rules: str, engine: str) -> None:
    text = "http { modsecurity on; modsecurity_rules_file modsec/main.conf; server { listen 80; } }"
    assert nginx(text, main=rules).engines == {"": engine}


SITE = "http { modsecurity on; modsecurity_rules_file modsec/main.conf; server { listen 80; } }"


def test_rules_that_include_each_other_end() -> None:
    both = "Include /etc/nginx/modsec/main.conf\nInclude other.conf\n" * 50
    assert nginx(SITE, main=both, other=both).engines == {"": "off"}
    assert nginx(SITE, main=both, other=f"SecRuleEngine On\n{both}").engines == {"": "on"}


@pytest.mark.parametrize("included", ["other.conf", "/etc/nginx/modsec/other.conf", '"/etc/nginx/modsec/o*.conf"'])
def test_included_rules_count_however_they_are_named(included: str) -> None:
    assert nginx(SITE, main=f"Include {included}\n", other="SecRuleEngine On\n").engines == {"": "on"}


def test_what_is_written_after_an_include_wins() -> None:
    assert nginx(SITE, main="Include other.conf\nSecRuleEngine On\n", other="SecRuleEngine Off\n").engines == {"": "on"}
    assert nginx(SITE, main="SecRuleEngine On\nInclude other.conf\n", other="SecRuleEngine Off\n").engines == {
        "": "off"
    }


def test_included_rules_out_of_reach_are_named() -> None:
    assert nginx(SITE, main="Include /opt/rules/local.conf\n").unread == ("/opt/rules/local.conf",)
    assert nginx(SITE).unread == ("/etc/nginx/modsec/main.conf",)


def test_rules_within_the_configuration_count_too() -> None:
    text = "http { modsecurity on; modsecurity_rules 'SecRuleEngine On'; server { listen 80; modsecurity off; } }"
    assert nginx(text).engines == {"": "on", "server": "off"}


@pytest.mark.parametrize("text", ["", "\n", "# nothing\n"])
def test_a_configuration_without_a_directive_is_missing(text: str) -> None:
    for read in (apache, nginx):
        with pytest.raises(Missing):
            read(text)


WORDS = st.lists(
    st.sampled_from(
        ["Alias /a /b\n", "<VirtualHost *:80>\n", "</VirtualHost>\n", "SecRuleEngine On\n", "http {", "server {", "}",
         "listen 80;", "modsecurity on;", "include x;", "Include x\n", "root /a;", "TraceEnable\n", "Options\n", "alias;", '"'],
    ),
    max_size=12,
).map("".join)  # fmt: skip


@given(st.one_of(WORDS, st.text(max_size=60)))
def test_any_text_is_a_server_or_a_reason(text: str) -> None:
    for read in (apache, nginx):
        with contextlib.suppress(Missing, Absent):
            assert isinstance(read(text), WebServer)


def test_sites_that_read_alike_are_counted_one_by_one() -> None:
    guarded = "server { listen 443 ssl; server_name a; modsecurity on; modsecurity_rules 'SecRuleEngine On'; }\n"
    bare = "server { listen 443 ssl; server_name b; }\n"
    one, both = nginx(guarded + bare), nginx(guarded + guarded)
    assert (one.sites, list(one.engines)) == (2, ["server"])
    assert (both.sites, list(both.engines)) == (2, ["server", "server (2)"])

    loaded = "LoadModule security2_module x.so\n"
    site = "<VirtualHost *:443>\n ServerName {0}\n {1}\n</VirtualHost>\n"
    read = apache(loaded + site.format("a", "SecRuleEngine On") + site.format("b", ""))
    assert (read.sites, read.engines) == (2, {"virtualhost *:443": "on"})


def test_a_site_that_sends_everything_elsewhere_is_none() -> None:
    guarded = "server { listen 443 ssl; modsecurity on; modsecurity_rules 'SecRuleEngine On'; }\n"
    assert nginx(guarded + "server { listen 80; return 301 https://$host$request_uri; }\n").sites == 1
    assert nginx(guarded + "server { listen 80; location /old { return 301 https://a/; } }\n").sites == 2
    assert nginx(guarded + "server { listen 80; return 403; }\n").sites == 2

    site = "<VirtualHost *:80>\n {0}\n</VirtualHost>\n"
    assert apache(site.format("Redirect permanent / https://a/")).sites == 0
    assert apache(site.format("Redirect /old https://a/")).sites == 1
