from __future__ import annotations

import os
from pathlib import Path

import msgspec

from agent.hosts.local import LocalHost
from agent.survey import Survey
from checks.facts.tls_keys import KeyFile, TlsKeys
from tests.checks.trees import plant


def test_private_keys_are_looked_at_where_they_are(tmp_path: Path) -> None:
    plant(
        tmp_path, "/etc/nginx/nginx.conf",
        "http { server { ssl_certificate_key /etc/letsencrypt/live/lpse/privkey.pem; } server { ssl_certificate_key k.pem; } }",
    )  # fmt: skip
    plant(tmp_path, "/etc/letsencrypt/archive/lpse/privkey1.pem", "x", 0o600)
    plant(tmp_path, "/etc/nginx/k.pem", "x", 0o644)
    plant(tmp_path, "/usr/sbin/nginx")
    fact = Survey(LocalHost(str(tmp_path))).outcome(TlsKeys).fact

    assert isinstance(fact, TlsKeys)
    assert {one.path: oct(one.mode) for one in fact.files} == {
        "/etc/letsencrypt/archive/lpse/privkey1.pem": "0o600", "/etc/nginx/k.pem": "0o644",
    }  # fmt: skip


def test_no_tls_means_no_key(tmp_path: Path) -> None:
    plant(tmp_path, "/usr/sbin/nginx")
    plant(tmp_path, "/etc/nginx/nginx.conf", "http { server { listen 80; } }")

    assert Survey(LocalHost(str(tmp_path))).outcome(TlsKeys).absent is not None


def test_of_a_key_only_owner_and_mode_are_read(tmp_path: Path) -> None:
    plant(tmp_path, "/usr/sbin/nginx")
    plant(tmp_path, "/etc/nginx/nginx.conf", "http { server { ssl_certificate_key tls.key; } }")
    plant(tmp_path, "/etc/nginx/tls.key", "-----BEGIN PRIVATE KEY-----", 0o640)
    fact = Survey(LocalHost(str(tmp_path))).outcome(TlsKeys).fact

    assert fact == TlsKeys((KeyFile("/etc/nginx/tls.key", "file", 0o640, os.geteuid(), os.getegid()),))
    assert b"BEGIN" not in msgspec.json.encode(fact)


def test_a_link_is_shown_as_one(tmp_path: Path) -> None:
    plant(tmp_path, "/usr/sbin/apache2")
    plant(tmp_path, "/etc/apache2/apache2.conf", "SSLCertificateKeyFile /etc/ssl/private/lpse.key\n")
    plant(tmp_path, "/etc/ssl/real.key", "x", 0o600)
    (tmp_path / "etc/ssl/private").mkdir()
    (tmp_path / "etc/ssl/private/lpse.key").symlink_to("/etc/ssl/real.key")
    fact = Survey(LocalHost(str(tmp_path))).outcome(TlsKeys).fact

    assert isinstance(fact, TlsKeys)
    assert [(one.path, one.kind) for one in fact.files] == [("/etc/ssl/private/lpse.key", "link")]


def test_a_key_that_is_named_but_not_there_is_absent_and_no_web_server_too(tmp_path: Path) -> None:
    assert Survey(LocalHost(str(tmp_path))).outcome(TlsKeys).absent is not None
    plant(tmp_path, "/usr/sbin/nginx")
    plant(tmp_path, "/etc/nginx/nginx.conf", "http { server { ssl_certificate_key gone.key; } }")
    outcome = Survey(LocalHost(str(tmp_path))).outcome(TlsKeys)

    assert (outcome.fact, outcome.missing) == (None, None)
    assert "gone.key" in str(outcome.absent)


def test_a_key_in_a_variable_or_an_engine_is_no_path(tmp_path: Path) -> None:
    plant(tmp_path, "/usr/sbin/nginx")
    plant(
        tmp_path,
        "/etc/nginx/nginx.conf",
        "http { server { ssl_certificate_key $dir/k.pem; ssl_certificate_key engine:pkcs11:k; } }",
    )

    assert Survey(LocalHost(str(tmp_path))).outcome(TlsKeys).absent is not None
