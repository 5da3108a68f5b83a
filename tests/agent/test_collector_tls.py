from __future__ import annotations

from pathlib import Path

import pytest

from agent.collector_client import CollectorClient, Unreachable
from tests.agent.certificates import Authority
from tests.agent.collector_stand_in import CollectorStandIn, Said, collector
from tests.agent.parts import enrolled, seal, settings, spool

HTML = Said(200, b"<html>Selamat datang di hotspot</html>", {"Content-Type": "text/html"})


@pytest.fixture
def envelopes(tmp_path: Path) -> list[bytes]:
    kept = spool(tmp_path)
    seal(kept, enrolled(settings(tmp_path)), 3)
    return [one.envelope for one in kept.waiting(most=3, most_bytes=1 << 30)]


def client(server: CollectorStandIn, tmp_path: Path, **changed: object) -> CollectorClient:
    return CollectorClient(server.url, settings(tmp_path, **{"timeout": 2.0, **changed}))


def say(server: CollectorStandIn, said: Said) -> None:
    server.answer = lambda asked: said


def test_a_page_of_a_proxy_is_named_with_its_type_and_address(
    collector: CollectorStandIn, tmp_path: Path, envelopes: list[bytes]
) -> None:
    say(collector, HTML)
    with pytest.raises(
        Unreachable, match=r"the answer 200 \(text/html, 38 bytes\) of http://127.* is not the collector's"
    ):
        client(collector, tmp_path).push(envelopes)


def test_a_private_authority_is_trusted_where_it_is_named_and_nowhere_else(
    tmp_path: Path, envelopes: list[bytes]
) -> None:
    (tmp_path / "other").mkdir()
    ours, other = Authority(tmp_path), Authority(tmp_path / "other")
    with collector(tls=ours.issue("localhost", "127.0.0.1")) as server:
        assert len(client(server, tmp_path, ca=str(ours.certificate)).push(envelopes)) == 3
        for ca in ("", str(other.certificate)):
            with pytest.raises(Unreachable, match=r"the certificate is not trusted \(.*`ca`"):
                client(server, tmp_path, ca=ca).push(envelopes)
    assert len(server.asked) == 1


@pytest.mark.parametrize(("names", "days"), [(("spse.example",), 1), (("127.0.0.1",), -1)], ids=["other name", "ended"])
def test_a_certificate_of_another_name_or_time_is_not_trusted(
    tmp_path: Path, envelopes: list[bytes], names: tuple[str, ...], days: int
) -> None:
    ours = Authority(tmp_path)
    with collector(tls=ours.issue(*names, days=days)) as server:
        with pytest.raises(Unreachable, match="certificate"):
            client(server, tmp_path, ca=str(ours.certificate)).push(envelopes)
        assert not server.asked


@pytest.mark.parametrize("content", [None, b"", b"no PEM"])
def test_a_file_of_authorities_that_is_missing_or_garbage_is_named(
    tmp_path: Path, envelopes: list[bytes], content: bytes | None
) -> None:
    path = tmp_path / "private-ca.pem"
    if content is not None:
        path.write_bytes(content)
    with (
        collector(tls=Authority(tmp_path).issue("127.0.0.1")) as server,
        pytest.raises(Unreachable, match=r"private-ca\.pem"),
    ):
        client(server, tmp_path, ca=str(path)).push(envelopes)


def test_plain_http_where_tls_is_spoken_is_a_broken_road(tmp_path: Path, envelopes: list[bytes]) -> None:
    with collector() as server, pytest.raises(Unreachable):
        CollectorClient(server.url.replace("http:", "https:"), settings(tmp_path)).push(envelopes)


def test_the_proxy_of_the_settings_is_asked_and_its_page_is_no_answer(tmp_path: Path, envelopes: list[bytes]) -> None:
    with collector() as proxy:
        say(proxy, HTML)
        known = CollectorClient("http://pantau.invalid", settings(tmp_path, proxy=proxy.url))
        with pytest.raises(Unreachable, match="is not the collector's"):
            known.push(envelopes)
        assert proxy.asked[0].path == "http://pantau.invalid/v1/reports"


def test_a_proxy_that_is_away_is_named(tmp_path: Path, envelopes: list[bytes]) -> None:
    known = CollectorClient("http://pantau.invalid", settings(tmp_path, proxy="http://127.0.0.1:1"))
    with pytest.raises(Unreachable, match=r"the proxy http://127\.0\.0\.1:1 fails"):
        known.push(envelopes)


def test_a_password_in_the_address_of_the_proxy_is_not_printed(tmp_path: Path, envelopes: list[bytes]) -> None:
    known = CollectorClient("http://pantau.invalid", settings(tmp_path, proxy="http://budi:rahasia@127.0.0.1:1"))
    with pytest.raises(Unreachable) as error:
        known.push(envelopes)
    assert "rahasia" not in str(error.value)
