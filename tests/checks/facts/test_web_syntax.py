from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.fact import Missing
from checks.facts.web_syntax import Directive, Tree, apache, nginx

MAIN = "/etc/x/main.conf"


def tree(main: str, **files: str) -> Tree:
    others = {f"/etc/x/conf.d/{name}.conf": text for name, text in files.items()}
    return Tree({MAIN: main} | others, "/etc/x", ("/etc/x/conf.d/*.conf", "/etc/x/mime.types"))


def test_apache_sections_quotes_and_long_lines_are_read() -> None:
    text = '<VirtualHost *:443>\n  SetEnv a "b c" \\\n    d\n# no\n</VirtualHost>\nServerTokens Prod\n'

    assert apache(tree(text), MAIN) == [
        Directive("setenv", ("a", "b c", "d"), ("virtualhost *:443",)),
        Directive("servertokens", ("Prod",), ()),
    ]


def test_only_conditions_that_hold_count() -> None:
    text = (
        "LoadModule security2_module x.so\n<IfModule mod_security2.c>\nA 1\n</IfModule>\n<IfModule !security2_module>\nB 1\n"
        "</IfModule>\n<IfModule mod_evasive20.c>\nC 1\n</IfModule>\n"
        "<IfDefine X>\nD 1\n</IfDefine>\n<IfDefine !X>\nE 1\n</IfDefine>\n"
    )

    assert [one.name for one in apache(tree(text), MAIN)] == ["loadmodule", "a", "e"]


def test_includes_are_followed_in_their_place_and_others_are_reported() -> None:
    read = tree("One 1\nIncludeOptional conf.d/*.conf\nInclude /opt/other.conf\nLast 1\n", b="B 1", a="A 1")

    assert [one.name for one in apache(read, MAIN)] == ["one", "a", "b", "last"]
    assert read.unread == ["/opt/other.conf"]


def test_nginx_blocks_quotes_and_includes_are_read() -> None:
    read = tree(
        'http { include conf.d/*.conf; include mime.types; # no }\n server { location ~ \\.php$ { root "/a b"; } } }',
        a="server_tokens off;",
    )

    assert nginx(read, MAIN) == [
        Directive("server_tokens", ("off",), ("http",)),
        Directive("root", ("/a b",), ("http", "server", "location ~ \\.php$")),
    ]
    assert read.unread == []


@pytest.mark.parametrize("text", ["<Directory />\n", "</Directory>\n", "<A>\n</B>\n"])
def test_apache_refuses_sections_that_do_not_close(text: str) -> None:
    with pytest.raises(Missing):
        apache(tree(text), MAIN)


@pytest.mark.parametrize("text", ["http {", "}", "root /a", 'root "/a;', "http { } }", "; a b;"])
def test_nginx_refuses_what_does_not_end(text: str) -> None:
    with pytest.raises(Missing):
        nginx(tree(text), MAIN)


def test_circles_are_refused() -> None:
    with pytest.raises(Missing):
        apache(tree("Include conf.d/a.conf\n", a="Include conf.d/a.conf\n"), MAIN)
    with pytest.raises(Missing):
        nginx(tree("include conf.d/a.conf;", a="include conf.d/a.conf;"), MAIN)


@given(st.text(alphabet="<>/{};\"'\\# \nab$", max_size=60) | st.text())
def test_any_text_gives_directives_or_missing(text: str) -> None:
    for read in (apache, nginx):
        with contextlib.suppress(Missing):
            assert isinstance(read(tree(text), MAIN), list)
