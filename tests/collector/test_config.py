from __future__ import annotations

from pathlib import Path

import pytest

from collector.config import FILE, PREFIX, Config, ConfigError, load


def written(folder: Path, text: str) -> dict[str, str]:
    path = folder / "collector.toml"
    path.write_text(text, encoding="utf-8")
    return {FILE: str(path)}


def why(environment: dict[str, str]) -> str:
    with pytest.raises(ConfigError) as wrong:
        load(environment)
    return str(wrong.value)


def test_every_key_has_a_default() -> None:
    assert load({}) == Config()


def test_the_environment_goes_before_the_file_and_the_file_before_the_default(tmp_path: Path) -> None:
    environment = written(tmp_path, 'listen = "127.0.0.1:9000"\nmax_batch = 10\nallowed_hosts = ["a", "b"]\n')
    config = load({**environment, PREFIX + "MAX_BATCH": "20", PREFIX + "JUDGE": "false"})
    assert (config.listen, config.max_batch, config.judge, config.worker_threads) == ("127.0.0.1:9000", 20, False, 8)
    assert config.allowed_hosts == ["a", "b"]
    assert load({**environment, PREFIX + "ALLOWED_HOSTS": "c,d"}).allowed_hosts == ["c", "d"]
    assert load({**environment, PREFIX + "ALLOWED_HOSTS": ""}).allowed_hosts == []


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('listne = "a:1"', "listne"),
        ('max_body = "large"', "$.max_body"),
        ("max_body = 0", "$.max_body"),
        ("worker_threads = -1", "$.worker_threads"),
        ("request_timeout = 0.0", "$.request_timeout"),
        ('allowed_hosts = "a"', "$.allowed_hosts"),
        ("judge = 3", "$.judge"),
        ("this is no TOML", "line 1"),
        ('listen = "localhost"', "host:port"),
        ('listen = "localhost:http"', "host:port"),
        ('listen = ":8443"', "host:port"),
        ('listen = "127.0.0.1:99999"', "host:port"),
        ('database = "mysql://root@localhost/pantau"', "postgresql://"),
        ('tls_certificate = "/etc/ssl/a.pem"', "tls_key"),
        ('tls_key = "/etc/ssl/a.key"', "tls_certificate"),
    ],
)
def test_what_is_wrong_in_the_file_is_named_with_file_and_key(tmp_path: Path, text: str, says: str) -> None:
    environment = written(tmp_path, text)
    said = why(environment)
    assert said.startswith(environment[FILE])
    assert says in said


def test_what_is_wrong_in_the_environment_is_named_with_its_variable(tmp_path: Path) -> None:
    environment = written(tmp_path, "max_body = 5\n")
    said = why({**environment, PREFIX + "MAX_BATCH": "many"})
    assert PREFIX + "MAX_BATCH" in said
    assert environment[FILE] not in said


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    assert "No such file" in why({FILE: str(tmp_path / "nothing.toml")})
    (tmp_path / "latin.toml").write_bytes(b'state = "\xe9"')
    assert "latin.toml" in why({FILE: str(tmp_path / "latin.toml")})


def test_addresses_of_ipv6_and_the_url_to_print() -> None:
    assert Config(listen="[::1]:8443").address == ("::1", 8443)
    assert Config(listen="127.0.0.1:1").url == "http://127.0.0.1:1"
    assert Config(listen="127.0.0.1:1", tls_certificate="a", tls_key="b").url == "https://127.0.0.1:1"
    assert Config(public_url="https://pantau.example.go.id").url == "https://pantau.example.go.id"
