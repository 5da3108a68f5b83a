from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from checks.catalogue import catalogue
from checks.vantage import Vantage
from tests.agent.parts import agent
from tests.public_site import Authority, attacked, good, served

OUTSIDE = {check.code for check in catalogue().at(Vantage.OUTSIDE)}
QUICK = ("--only", "L-AVL-01", "--only", "L-AVL-02")


def probe(state: Path, url: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return agent("probe", url, *arguments, state=state)


def test_a_good_site_passes_and_the_page_says_which_site_it_was(tmp_path: Path) -> None:
    with served(good()) as server:
        url = f"http://127.0.0.1:{server.port}/eproc4"
        done = probe(tmp_path, url, *QUICK)
    assert (done.returncode, done.stderr) == (0, "")
    assert f"127.0.0.1:{server.port}" in done.stdout


def test_an_attacked_site_fails_over_https_in_every_form(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    with served(attacked(), authority.issue()) as server:
        url = f"https://localhost:{server.port}/eproc4"
        done = probe(tmp_path, url, "--ca", str(authority.file), "--only", "K-IOC-05", "--only", "K-TLS-04", "--json")
        nagios = probe(tmp_path, url, "--ca", str(authority.file), "--only", "K-IOC-05", "--nagios")
    said = {one["check"]: one["status"] for one in json.loads(done.stdout)["results"]}
    assert said == {"K-IOC-05": "fail", "K-TLS-04": "pass"}
    assert done.returncode == 1
    assert (nagios.returncode, nagios.stdout.split(" - ")[0]) == (2, "PANTAU CRITICAL")


def test_a_site_that_is_down_fails_at_once(tmp_path: Path) -> None:
    with served(good()) as server:
        url = f"http://127.0.0.1:{server.port}/eproc4"
    done = probe(tmp_path, url, "--only", "L-AVL-01", "--lang", "en")
    assert done.returncode == 1
    assert "connection refused" in done.stdout


def test_without_consent_ports_are_unknown(tmp_path: Path) -> None:
    done = probe(tmp_path, "http://127.0.0.1:9/", "--only", "K-NET-06", "--lang", "en")
    assert done.returncode == 3
    assert "--consent-ports" in done.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ("lpse.example.go.id",),
        ("https://x/", "--only", "K-SSH-01"),
        ("https://x/", "--only", "Q-AGT-01"),
        (),
        ("https://x/", "--ca", "/nonexistent"),
    ],
    ids=" ".join,
)
def test_wrong_use_is_two_with_a_sentence(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    done = agent("probe", *arguments, state=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.strip()
    assert "Traceback" not in done.stderr


def test_a_check_of_the_outside_asked_of_a_host_is_shown_the_way(tmp_path: Path) -> None:
    done = agent("check", "--only", "L-AVL-01", state=tmp_path)
    assert done.returncode == 2
    assert "pantau-agent probe URL" in done.stderr


def test_no_check_of_the_outside_needs_the_host() -> None:
    assert len(OUTSIDE) == 20
    assert OUTSIDE.isdisjoint({check.code for check in catalogue().at(Vantage.HOST)})
