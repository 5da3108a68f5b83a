from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given

from agent.hosts.local import LocalHost
from checks.fact import Missing
from checks.facts.processes import Process, ProcessTable
from checks.facts.web_load import (
    ServerLoad,
    WebLoad,
    apache_limit,
    connections,
    cores,
    listening,
    nginx_limit,
    web_load,
)
from checks.facts.web_syntax import Directive
from checks.source import FileText, Glob
from tests.checks.facts.fuzzing import TEXT
from tests.checks.real import real
from tests.checks.trees import grow, plant

TCP = FileText("/proc/net/tcp", real("debian12/proc-net-tcp.txt"))
TCP6 = FileText("/proc/net/tcp6", real("debian12/proc-net-tcp6.txt"))


def load(root: Path, program: str, name: str, sockets: tuple[FileText, ...] = (TCP, TCP6)) -> WebLoad:
    plant(root, program)
    host = LocalHost(str(root))
    table = ProcessTable((Process(7, 1, name, "www-data", program, False, (name,), 0.0),))
    texts = [
        host.read(source) for source in web_load.sources if isinstance(source, Glob) and "/proc" not in source.pattern
    ]
    installed = host.read(web_load.sources[0])
    return web_load(installed, table, sockets, "0-3\n", *texts)


def said(name: str, *words: str) -> Directive:
    return Directive(name, words, ())


def test_apache_of_debian_12_as_installed(tmp_path: Path) -> None:
    grow(tmp_path, real("debian12/apache2-etc.txt"))
    (one,) = load(tmp_path, "/usr/sbin/apache2", "apache2").servers
    assert one == ServerLoad("apache", (80,), 0, 450)  # mpm_event: MaxRequestWorkers 150, three connections to a worker


def test_nginx_of_debian_12_as_installed(tmp_path: Path) -> None:
    grow(tmp_path, real("debian12/nginx-etc.txt"))
    busy = TCP.text.replace("0100007F:B4C7 0100007F:BD5E 01", "0100007F:0050 0100007F:BD5E 01")
    (one,) = load(tmp_path, "/usr/sbin/nginx", "nginx", (FileText("/proc/net/tcp", busy),)).servers
    assert one == ServerLoad("nginx", (80,), 1, 4 * 768)


def test_established_connections_are_counted_by_local_port() -> None:
    assert connections((TCP, TCP6))[0xB4C7] == 1
    assert connections((TCP,)) == {0xBD5E: 1, 0xB4C7: 1}  # neither those that listen nor those in TIME_WAIT


@pytest.mark.parametrize(
    ("directives", "limit"),
    [
        ((), 1200),  # mpm_event built in: 16 processes of 25 threads, and three connections to each
        ((said("loadmodule", "mpm_prefork_module", "x"),), 256),
        ((said("loadmodule", "mpm_prefork_module", "x"), said("maxclients", "40")), 40),
        ((said("loadmodule", "mpm_worker_module", "x"), said("threadsperchild", "50"), said("serverlimit", "10")), 500),
        ((said("maxrequestworkers", "100"), said("asyncrequestworkerfactor", "1")), 200),
        ((said("maxrequestworkers", "0"),), 1200),
    ],
)
def test_what_apache_can_hold_depends_on_its_mpm(directives: tuple[Directive, ...], limit: int) -> None:
    assert apache_limit(list(directives)) == limit


@pytest.mark.parametrize(
    ("directives", "limit"),
    [
        ((), 512),
        ((said("worker_processes", "auto"), said("worker_connections", "1000")), 8000),
        ((said("worker_processes", "2"), said("worker_connections", "1000"), said("proxy_pass", "http://b")), 1000),
    ],
)
def test_a_proxy_takes_two_connections_for_each_client(directives: tuple[Directive, ...], limit: int) -> None:
    assert nginx_limit(list(directives), 8) == limit


@pytest.mark.parametrize(
    ("words", "product", "ports"),
    [
        (("80",), "apache", (80,)),
        (("[::]:443", "https"), "apache", (443,)),
        (("0.0.0.0:8443",), "apache", (8443,)),
        (("443", "ssl", "http2"), "nginx", (443,)),
        (("127.0.0.1",), "nginx", (80,)),
        (("[::1]",), "nginx", (80,)),
        (("unix:/run/x.sock",), "nginx", (80,)),
    ],
)
def test_ports_are_those_of_the_configuration(words: tuple[str, ...], product: str, ports: tuple[int, ...]) -> None:
    assert listening([said("listen", *words)], product) == ports


def test_processors_are_counted_from_the_kernels_list() -> None:
    assert (cores("0\n"), cores("0-3,8"), cores("0-1,4-5")) == (1, 5, 4)


@pytest.mark.parametrize("text", ["", "garbage", "  sl  local_address rem_address   st\n x y z 01 a\n"])
def test_sockets_that_cannot_be_read_are_missing(text: str) -> None:
    with pytest.raises(Missing):
        connections((FileText("/proc/net/tcp", text),))


def test_a_server_whose_configuration_is_elsewhere_is_missing(tmp_path: Path) -> None:
    with pytest.raises(Missing, match="was not found"):
        load(tmp_path, "/usr/sbin/nginx", "nginx")


@given(TEXT)
def test_no_text_breaks_it(text: str) -> None:
    with suppress(Missing):
        cores(text)
    with suppress(Missing):
        connections((FileText("/proc/net/tcp", f"local_address\n{text}"),))
