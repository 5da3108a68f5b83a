"""The main job with real processes: a fault planted on a host is seen, signed, judged, shown; mended, it closes by itself."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from evidence.envelope import read_envelope, verify
from evidence.key import PublicKey
from evidence.report import read_report
from tests.collector.process import Collector
from tests.end_to_end.browser import chromium, log_in

AGENT = str(Path(sys.executable).with_name("pantau-agent"))
BAD = "PermitRootLogin yes\nPasswordAuthentication no\nKbdInteractiveAuthentication no\nMaxAuthTries 3\n"
OPEN = 'pantau_findings_open{provider="lpse-demo",severity="critical"}'


@pytest.fixture
def collector(tmp_path: Path) -> Iterator[Collector]:
    with Collector.initialised(tmp_path, database="") as made, made.serving():
        yield made


@pytest.fixture
def host(tmp_path: Path) -> Path:
    """The files of an audited host, with one fault: root may log in."""
    (tmp_path / "host/etc/ssh").mkdir(parents=True)
    (tmp_path / "host/etc/ssh/sshd_config").write_text(BAD)
    return tmp_path / "host"


def agent(collector: Collector, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PANTAU_STATE": str(collector.state.parent / "agent"), "PANTAU_METRICS": ""}
    return subprocess.run(
        [AGENT, *arguments], env=environment, capture_output=True, text=True, check=False, timeout=120
    )


def survey(collector: Collector, host: Path) -> None:
    done = agent(collector, "run", "--once", "--root", str(host))
    assert done.returncode == 0, done.stdout + done.stderr
    collector.wait_judged()


def to_finding(page: Page, code: str) -> None:
    """From the overview to the finding, as an officer would click."""
    page.get_by_role("link", name="LPSE Kabupaten Contoh").first.click()
    page.locator("a[href^='/servers/']").first.click()
    page.locator(f"li:has-text('{code}') a, tr:has-text('{code}') a, div:has-text('{code}') > a").first.wait_for()
    page.get_by_role("link", name="Login root via SSH nonaktif").first.click()


@pytest.mark.browser
def test_a_planted_fault_becomes_a_finding_and_closes_when_it_is_mended(
    collector: Collector, host: Path, tmp_path: Path
) -> None:
    done = agent(collector, "enrol", "--collector", collector.url, "--token", collector.token())
    assert done.returncode == 0, done.stderr
    survey(collector, host)
    password = (collector.state / "administrator_password").read_text().strip()
    before = collector.metrics()[OPEN]

    with chromium() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        log_in(page, collector.url, "admin", password)
        to_finding(page, "K-SSH-01")
        address = page.url
        assert "permitrootlogin yes" in page.inner_text("main")
        assert "Tanda tangan sah" in page.inner_text("main")
        assert "masih terbuka" in page.inner_text("main")
        with page.expect_download() as download:
            page.get_by_text("Unduh amplop bertanda tangan").first.click()
        proof = Path(download.value.path()).read_bytes()

        (host / "etc/ssh/sshd_config").write_text(BAD.replace("yes", "no", 1))
        survey(collector, host)
        page.goto(address)
        assert "masih terbuka" not in page.inner_text("main")
        assert "Laporan yang menutup temuan" in page.inner_text("main")

    after = collector.metrics()
    assert after.get(OPEN, 0) == before - 1
    [(opened, closed)] = collector.query(
        "SELECT opened_at, closed_at FROM surveillance_finding WHERE check_code = 'K-SSH-01'"
    )
    assert closed > opened

    envelope = read_envelope(proof)  # what the officer downloaded convinces without the collector
    [(key,)] = collector.query("SELECT public_key FROM registry_agent WHERE role = 'agent'")
    report = read_report(verify(envelope, PublicKey.from_raw(bytes(key))))
    assert json.loads(bytes(report.facts["sshd"]))["options"]["permitrootlogin"] == "yes"

    assert json.loads(collector.run("verify").splitlines()[-1])["problems"] == 0
    assert json.loads(collector.run("rejudge", "--check").splitlines()[-1])["differences"] == []


def test_a_second_enrolment_changes_nothing_and_history_shows_what_changed(collector: Collector, host: Path) -> None:
    token = collector.token()
    first = agent(collector, "enrol", "--collector", collector.url, "--token", token)
    again = agent(collector, "enrol", "--collector", collector.url, "--token", token)
    assert (first.returncode, again.returncode) == (0, 1)
    assert "sudah terdaftar" in again.stderr
    survey(collector, host)
    (host / "etc/ssh/sshd_config").write_text(BAD.replace("yes", "no", 1))
    survey(collector, host)

    shown = agent(collector, "history", "K-SSH-01")
    assert [line.split()[3] for line in shown.stdout.splitlines()] == ["lulus", "gagal"]
    assert agent(collector, "status").returncode == 0
