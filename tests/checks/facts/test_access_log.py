from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given

from agent.hosts import commands
from agent.hosts.local import LocalHost
from agent.survey import Outcome, Survey
from checks.fact import After, Missing
from checks.facts.access_log import AccessLogs, Requests, requests
from checks.source import Command
from tests.checks.facts.fuzzing import gives_or_says_why, mixed
from tests.checks.real import real
from tests.checks.trees import plant

NGINX = real("debian12/nginx-access.log")


def outcome(root: Path) -> Outcome:
    return Survey(LocalHost(str(root))).outcome(AccessLogs)


def test_logs_that_are_written_to_are_found_and_rotated_ones_are_not(tmp_path: Path) -> None:
    for path in ("nginx/access.log", "nginx/access.log.1", "nginx/spse-access.log", "apache2/other_vhosts_access.log"):
        plant(tmp_path, f"/var/log/{path}", "x")
    plant(tmp_path, "/var/log/httpd/access_log")  # empty
    plant(tmp_path, "/var/log/nginx/b; access.log", "x")
    fact = outcome(tmp_path).fact
    assert isinstance(fact, AccessLogs)
    assert sorted(fact.paths) == [
        "/var/log/apache2/other_vhosts_access.log", "/var/log/nginx/access.log", "/var/log/nginx/spse-access.log",
    ]  # fmt: skip


def test_no_server_and_no_request_are_absent_and_a_log_elsewhere_is_missing(tmp_path: Path) -> None:
    assert "neither Apache nor nginx" in str(outcome(tmp_path).absent)
    plant(tmp_path, "/usr/sbin/nginx")
    assert "not in the usual places" in str(outcome(tmp_path).missing)
    plant(tmp_path, "/var/log/nginx/access.log")
    assert "no request since rotation" in str(outcome(tmp_path).absent)


def test_nginx_of_debian_12_counts_its_errors() -> None:
    assert requests(NGINX) == Requests(datetime(2026, 11, 23, 13, 22, 46, tzinfo=UTC), 300, 6, 2)


def test_apache_with_virtual_hosts_counts_its_errors() -> None:
    found = requests(real("debian12/apache2-access-vhost.log"))
    assert (found.requests, found.errors, found.p95) == (6, 1, None)


@pytest.mark.parametrize(
    ("name", "p95"),
    [("nginx-access-timed", 0.0), ("nginx-access-last", 0.0), ("apache2-access-timed", 0.00033)],
)
def test_how_long_requests_took_is_read_where_it_is_logged(name: str, p95: float) -> None:
    found = requests(real(f"debian12/{name}.log"))
    assert (found.timed, found.p95) == (6, p95)


def test_what_a_client_says_of_itself_is_no_time() -> None:
    assert "rt=0.001" in NGINX
    assert requests(NGINX).timed == 0


def test_only_the_last_five_minutes_before_the_newest_line_count() -> None:
    old = NGINX.replace("13:22:", "13:17:")
    later = NGINX.replace("23/Nov/2026:13:22:4", "23/Nov/2026:20:22:4").replace("+0000", "+0700")  # the same moment
    assert requests(old + NGINX).requests == 6
    assert requests(NGINX + old).requests == 6
    assert requests(NGINX + later).requests == 12


def test_all_logs_are_read_at_once_and_bounded(tmp_path: Path) -> None:
    (source,) = requests.sources
    assert isinstance(source, After)
    paths = [tmp_path / name for name in ("a-access.log", "b-access.log")]
    for path in paths:
        path.write_text(NGINX * 1000)
    command = source.make(AccessLogs(tuple(map(str, paths))))
    assert isinstance(command, Command)
    assert requests(commands.run(command)).requests == 4000


@pytest.mark.parametrize(
    "text", ["", "-", '{"status": 200}\n', NGINX.replace("Nov", "Nop"), NGINX.replace("23/", "99/")]
)
def test_another_format_is_missing(text: str) -> None:
    with pytest.raises(Missing):
        requests(text)


@given(mixed("[23/Nov/2026:13:22:46 +0000] ", '"GET / HTTP/1.1" ', "502 ", '"x" rt=0.1\n', "us=12\n"))
def test_no_text_breaks_it(text: str) -> None:
    gives_or_says_why(requests, text)
