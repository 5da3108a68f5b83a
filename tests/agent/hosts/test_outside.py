from __future__ import annotations

import itertools
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.hosts.outside import NotAnInstance, OutsideHost, Pace
from agent.hosts.outside_tls import Authorities
from agent.survey import Survey
from checks.catalogue import catalogue
from checks.fact import Absent, After, Missing
from checks.facts.home_page import HOME, HomePage
from checks.outside import Dns, Hello, Page, Pages, Tcp, Tls
from checks.source import File
from checks.vantage import Vantage
from tests.public_site import Asked, Authority, Server, attacked, good, html, served
from tests.public_site import Pages as Shown


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def site(authority: Authority) -> Iterator[Server]:
    with served(good(), authority.issue()) as server:
        yield server


def host(server: Server, authority: Authority | None = None, *, consent: bool = False, plain: int = 80) -> OutsideHost:
    scheme, file = ("https", str(authority.file)) if authority else ("http", "")
    url = f"{scheme}://localhost:{server.port}/eproc4"
    return OutsideHost(url, consent=consent, authorities=file, plain_port=plain, tls_port=server.port, pace=0.0)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as line:
        return int(line.getsockname()[1])


@pytest.mark.parametrize(
    "url",
    [
        "",
        "lpse.example.go.id",
        "ftp://x/",
        "https://",
        "https://user:pw@x/",
        "https://x:0/",
        "https://x:99999/",
        "http://a b/",
    ],
)
def test_what_is_no_public_url_is_refused_with_an_example(url: str) -> None:
    with pytest.raises(NotAnInstance, match=r"https://lpse\.example\.go\.id/eproc4"):
        OutsideHost(url)


def test_authorities_that_cannot_be_read_are_refused(tmp_path: Path) -> None:
    (tmp_path / "no.pem").write_text("nothing")
    for file in (tmp_path / "no.pem", tmp_path / "none.pem"):
        with pytest.raises(NotAnInstance, match="cannot be read"):
            OutsideHost("https://localhost/", authorities=str(file))


def test_every_fact_of_the_outside_is_read_from_a_real_site(site: Server, authority: Authority) -> None:
    facts = {fact for check in catalogue().at(Vantage.OUTSIDE) for fact in check.facts}
    with served(good()) as plain:
        snapshot = Survey(host(site, authority, consent=True, plain=plain.port)).take(facts)
    assert (snapshot.missing, snapshot.absent) == ({}, {})
    assert set(snapshot.facts) == facts


def test_a_page_is_asked_for_once_however_many_facts_rest_on_it(site: Server, authority: Authority) -> None:
    facts = {fact for check in catalogue().at(Vantage.OUTSIDE) for fact in check.facts}
    Survey(host(site, authority)).take(facts)
    honest = [one for one in site.pages.asked if one.path == "/eproc4" and one.agent.startswith("Pantau/")]
    assert len(honest) == 1


def test_paths_of_the_host_and_below_the_url_are_kept_apart(site: Server, authority: Authority) -> None:
    host(site, authority).read(Pages(("/top",), below=("/inner",)))
    host(site, authority).read(Page("/x y?é"))
    assert [one.path for one in site.pages.asked] == ["/top", "/eproc4/inner", "/eproc4/x%20y?%C3%A9"]


def test_the_home_of_a_url_without_a_path_is_its_root(authority: Authority) -> None:
    with served(Shown()) as server:
        OutsideHost(f"http://127.0.0.1:{server.port}", pace=0.0).read(HOME)
    assert [one.path for one in server.pages.asked] == ["/"]


def test_a_site_that_is_gone_is_not_asked_for_every_path(authority: Authority) -> None:
    gone = OutsideHost(f"http://127.0.0.1:{free_port()}/eproc4", pace=0.0)
    visits = gone.read(Pages(tuple(f"/{n}" for n in range(30))))
    assert {visit.trouble for visit in visits} == {"refused"}
    assert len(visits) == 30
    assert len({visit.url for visit in visits}) == 3


def test_nobody_at_the_port_of_tls_is_absence_of_tls() -> None:
    with served(good()) as server:
        without = OutsideHost(f"http://127.0.0.1:{server.port}/", tls_port=free_port(), pace=0.0)
        for source in (Tls(), Hello(0x0301, (0x2F,))):
            with pytest.raises(Absent, match="nobody answers TLS"):
                without.read(source)


def test_a_port_that_speaks_no_tls_is_missing_not_absent() -> None:
    with served(good()) as server, pytest.raises(Missing, match="could not be read"):
        OutsideHost(f"http://127.0.0.1:{server.port}/", tls_port=server.port, pace=0.0).read(Tls())


def test_ports_are_not_tried_without_consent(site: Server, authority: Authority) -> None:
    with pytest.raises(Missing, match="only with the consent"):
        host(site, authority).read(Tcp((site.port,)))


def test_with_consent_open_and_closed_ports_and_greetings_are_told(authority: Authority) -> None:
    with socket.create_server(("127.0.0.1", 0)) as talker, served(good()) as server:

        def greet() -> None:
            line, _ = talker.accept()
            with line:
                line.sendall(b"SSH-2.0-test\r\n")

        thread = threading.Thread(target=greet, daemon=True)
        thread.start()
        number, closed = talker.getsockname()[1], free_port()
        told = host(server, consent=True).read(Tcp((number, server.port, closed), timeout=2.0))
        thread.join(5)
    assert [(port.number, port.state) for port in told] == [(number, "open"), (server.port, "open"), (closed, "closed")]
    assert told[0].greeting.startswith("SSH-2.0")


def test_a_port_that_does_not_take_connections_in_time_is_filtered() -> None:
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        number = full.getsockname()[1]
        waiting = [socket.socket() for _ in range(4)]
        for line in waiting:  # they fill the queue; the kernel drops what comes after, as a firewall does
            line.setblocking(False)
            line.connect_ex(("127.0.0.1", number))
        time.sleep(0.2)
        (told,) = OutsideHost("http://127.0.0.1/", consent=True).read(Tcp((number,), timeout=0.5))
        for line in waiting:
            line.close()
    assert told.state == "filtered"


def test_the_public_name_is_resolved() -> None:
    seen = OutsideHost("https://localhost/").read(Dns())
    assert {"127.0.0.1", "::1"} & set(seen.addresses)
    assert OutsideHost("https://127.0.0.1/").read(Dns()).aliases == ()


def test_a_name_that_cannot_exist_has_no_addresses() -> None:
    assert OutsideHost(f"https://{'x' * 64}.example/").read(Dns()).addresses == ()  # a label has 63 letters at the most


def test_sources_of_a_host_are_not_read_from_outside() -> None:
    with pytest.raises(Missing, match="not to be read from outside: file /etc/passwd"):
        OutsideHost("https://localhost/").read(File("/etc/passwd"))
    with pytest.raises(TypeError, match="resolved by the survey"):
        OutsideHost("https://localhost/").read(After(HomePage, "x", lambda _: Page()))


def test_requests_are_a_pace_apart_whoever_asks() -> None:
    pace, passed = Pace(0.1), list[float]()

    def go() -> None:
        pace()
        passed.append(time.monotonic())

    threads = [threading.Thread(target=go) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(5)
    passed.sort()
    assert all(later - earlier >= 0.09 for earlier, later in itertools.pairwise(passed))


def test_what_is_shown_to_a_search_engine_alone_is_seen(authority: Authority) -> None:
    from checks.facts.cloaking import Cloaking

    with served(attacked(), authority.issue()) as server:
        outcome = Survey(host(server, authority)).outcome(Cloaking)
    assert isinstance(outcome.fact, Cloaking)
    assert "slot gacor" in outcome.fact.hidden
    assert any("Googlebot" in one.agent and "google" in one.referer for one in server.pages.asked)
    assert {one.cookies for one in server.pages.asked} == {""}


def test_everything_but_the_test_for_cloaking_says_who_asks(site: Server, authority: Authority) -> None:
    facts = {fact for check in catalogue().at(Vantage.OUTSIDE) if check.code != "K-IOC-05" for fact in check.facts}
    Survey(host(site, authority)).take(facts)
    assert {one.agent.split("/")[0] for one in site.pages.asked} == {"Pantau"}


def test_a_web_firewall_that_refuses_everything_is_told_as_a_refusal() -> None:
    def refuse(_: Asked) -> tuple[int, dict[str, str], str]:
        return html("<h1>403 Forbidden</h1>", 403)(_)

    with served(Shown(everything=refuse)) as server:
        outcome = Survey(host(server)).outcome(HomePage)
    assert isinstance(outcome.fact, HomePage)
    assert (outcome.fact.status, outcome.fact.refusal, outcome.fact.trouble) == (403, "403", "")


def test_with_public_only_a_private_address_is_not_connected_to_by_any_source(authority: Authority) -> None:
    """Whoever registers an instance must not be able to point the prober at the networks it stands in."""
    with served(good(), authority.issue()) as server:
        address = f"https://localhost:{server.port}/eproc4"
        guarded = OutsideHost(address, True, str(authority.file), public_only=True, tls_port=server.port, pace=0.0)
        for source in (HOME, Pages(("/",)), Tls(), Hello(0x0301, (1,)), Tcp((server.port,))):
            with pytest.raises(Missing, match="not public"):
                guarded.read(source)
        assert server.pages.asked == []
        assert guarded.read(Dns()).addresses  # a name may be looked up: that it leads inside is worth knowing


def test_hosts_may_share_the_authorities_they_trust(authority: Authority, site: Server) -> None:
    shared = Authorities(str(authority.file))
    for _ in range(2):
        one = OutsideHost(f"https://localhost:{site.port}/eproc4", authorities=shared, pace=0.0)
        assert one.read(HOME).trusted
    assert shared.context(verify=True) is shared.context(verify=True)
    assert shared.context(verify=True) is not shared.context(verify=False)
