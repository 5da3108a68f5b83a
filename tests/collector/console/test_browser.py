"""The console in a real browser: what people do, and what a phone shows."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connections
from django.utils import timezone
from msgspec.structs import replace
from pytest_django import Settings

from collector.accounts.models import Role
from collector.registry.models import Provider, RegisterEntry
from collector.surveillance.models import Finding, Waiver
from evidence.key import PrivateKey
from tests.collector.console.outside import UP, Outside
from tests.collector.world import Sensor, World, sshd

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

CHROMIUM = os.environ.get("PANTAU_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
PASSWORD = "empat-kata-sandi-acak"
PHONE = {"width": 390, "height": 844}

Visit = Callable[..., "Page"]


@pytest.fixture(autouse=True)
def _database_from_playwrights_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    """Playwright's sync API runs a loop in this thread, which Django takes for asynchronous code."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@pytest.fixture(autouse=True)
def _own_key(settings: Settings, tmp_path: Path) -> None:
    """A collector with a key of its own, as `init` makes it: registers are sealed with it."""
    (tmp_path / "collector_key.pem").write_bytes(PrivateKey.generate().pem())
    settings.CONFIG = replace(settings.CONFIG, state=str(tmp_path))


@pytest.fixture
def browser(_database_from_playwrights_loop: None) -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("there is no Chromium (looked in PATH and PANTAU_CHROMIUM)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield launched
        launched.close()


@pytest.fixture
def visit(browser: Browser, live_server: Any, world: World, lpse: Provider) -> Iterator[Visit]:
    """Log a new person with a role in, and stand on the first page. Whatever the console of the browser says is a failure."""
    complaints: list[str] = []

    def log_in(role: Role, **context: Any) -> Page:
        account = world.account(role, lpse, password=PASSWORD)
        page = browser.new_context(base_url=live_server.url, **context).new_page()
        page.on("console", lambda said: complaints.append(f"{page.url}: {said.text}") if said.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
        page.goto("/")
        page.get_by_label("Nama pengguna").fill(account.username)
        page.get_by_label("Kata sandi").fill(PASSWORD)
        page.get_by_role("button", name="Masuk").click()
        return page

    yield log_in
    connections.close_all()  # those that belong to Playwright's loop; nobody else would
    assert complaints == []


def overflow(page: Page) -> int:
    """Pixels by which the page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def test_from_the_nation_to_the_proof(visit: Visit, world: World, sensor: Sensor) -> None:
    world.deliver(world.sensor(world.provider("LPSE Provinsi Baik"), "baik.go.id").report(sshd()))
    page = visit(Role.OFFICER)
    page.get_by_role("heading", name="Ikhtisar nasional").wait_for()
    page.get_by_label("Cari nama").press_sequentially("kota")
    page.get_by_text("1 dari 2 penyedia").wait_for()
    assert page.url.endswith("/?q=kota&letter=&standing=&severity=&sort=worst")
    page.get_by_role("link", name="LPSE Kota Contoh").click()
    page.get_by_role("link", name="spse1.contoh.go.id").first.click()
    page.locator("nav.chips").get_by_role("link", name="Lulus").click()
    page.wait_for_url("**?status=pass")
    assert page.locator("li.result.is-fail").count() == 0
    page.go_back()
    page.locator("li.result.is-fail").first.wait_for()
    page.get_by_role("link", name="Login root via SSH nonaktif").first.click()
    page.get_by_text("Tanda tangan sah").wait_for()
    with page.expect_download() as download:
        page.get_by_role("link", name="Unduh amplop").click()
    assert download.value.suggested_filename.endswith(".dsse.json")


def test_everything_works_without_javascript(visit: Visit, sensor: Sensor) -> None:
    page = visit(Role.OFFICER, java_script_enabled=False)
    page.locator("select[name=standing]").select_option("not_met")
    page.locator("select[name=letter]").select_option("k")
    page.get_by_role("button", name="Terapkan").click()
    page.get_by_text("1 dari 1 penyedia").wait_for()
    page.get_by_role("button", name="EN").click()
    page.get_by_role("heading", name="National overview").wait_for()
    page.get_by_role("button", name="Log out").click()
    page.get_by_role("heading", name="Log in to Pantau").wait_for()  # the cookie remembers


def test_a_waiver_takes_two_people(visit: Visit, sensor: Sensor, finding: Finding) -> None:
    first = visit(Role.PROVIDER_ADMIN)
    first.goto(f"/findings/{finding.pk}")
    first.get_by_role("link", name="Ajukan pengecualian").click()
    first.get_by_label("Alasan").fill("Vendor mengganti jalur masuk bulan depan; akses dibatasi VPN.")
    first.get_by_label("Berlaku sampai").fill((timezone.localdate() + timedelta(days=30)).isoformat())
    first.get_by_role("button", name="Ajukan").click()
    first.get_by_text("Pengecualian diajukan").wait_for()
    assert first.get_by_role("button", name="Setujui").count() == 0
    second = visit(Role.APPROVER)
    second.goto("/waivers")
    second.get_by_role("link", name="K-SSH-01").click()
    second.get_by_label("Alasan keputusan").fill("Risiko diterima sementara.")
    second.get_by_role("button", name="Setujui").click()
    second.get_by_text("Keputusan dicatat").wait_for()
    assert Waiver.objects.get().stage == "approved"
    first.goto(f"/servers/{sensor.server.pk}?status=waived")
    assert first.locator("li.result.is-waived").count() == 1


def test_a_token_is_made_and_can_be_copied(visit: Visit, lpse: Provider) -> None:
    page = visit(Role.PROVIDER_ADMIN)
    page.goto("/agents")
    page.get_by_role("button", name="Buat token").click()
    page.get_by_text("pantau-agent enrol --collector").wait_for()
    page.get_by_role("button", name="Salin perintah").wait_for()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_scrolls_sideways_on_a_phone(
    visit: Visit, world: World, sensor: Sensor, finding: Finding, lpse: Provider, scheme: str
) -> None:
    outside = Outside.of(world, lpse, sensor.server)
    outside.seen(UP)
    version = RegisterEntry.objects.create(
        target=lpse.itself, register="policy_register", digest="0" * 64,
        content={"rows": [{"number": "SK-1", "title": "x" * 200, "kind": "policy", "valid_from": "2026-01-02"}]},
    )  # fmt: skip
    page = visit(Role.OFFICER, viewport=PHONE, color_scheme=scheme)
    addresses = (
        f"/instances/{outside.instance.pk}", f"/organisations/{lpse.itself.pk}", "/probers",
        f"/targets/{lpse.itself.pk}/registers/policy_register", f"/targets/{lpse.itself.pk}/versions/{version.pk}",
        f"/targets/{outside.instance.pk}/baselines",
        "/", f"/providers/{finding.target.provider.slug}", f"/servers/{finding.target_id}", f"/findings/{finding.pk}",
        "/agents", "/waivers", f"/waivers/request?target={finding.target_id}&check=K-SSH-01",
    )  # fmt: skip
    for address in addresses:
        page.goto(address)
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        assert overflow(page) <= 0, address
    page.goto("/")
    assert page.locator("table.matrix tbody tr").first.bounding_box()["width"] <= PHONE["width"]  # type: ignore[index]
    assert page.locator("td.cell").first.evaluate("one => getComputedStyle(one, '::before').content") == '"a"'


def test_a_register_is_typed_with_the_keyboard_alone(visit: Visit, lpse: Provider) -> None:
    page = visit(Role.PROVIDER_ADMIN, viewport=PHONE)
    page.goto(f"/targets/{lpse.itself.pk}/registers/policy_register")
    assert overflow(page) <= 0
    page.get_by_label("Nomor, baris 1").focus()
    page.keyboard.type("SK-1")
    page.keyboard.press("Tab")
    page.keyboard.type("Kebijakan akses")
    page.keyboard.press("Tab")
    page.keyboard.type("Kebijakan")  # picks the choice of that name
    page.get_by_label("Berlaku, baris 1").fill("2026-01-02")
    page.get_by_label("Alasan (wajib)").fill("Ditetapkan.")
    page.keyboard.press("Enter")
    page.get_by_text("Register disimpan").wait_for()
    row = RegisterEntry.objects.get().content["rows"][0]
    assert (row["number"], row["kind"], row["valid_from"]) == ("SK-1", "policy", "2026-01-02")


def test_every_input_of_a_new_page_has_a_label(visit: Visit, world: World, lpse: Provider, sensor: Sensor) -> None:
    outside = Outside.of(world, lpse, sensor.server)
    page = visit(Role.PROVIDER_ADMIN)
    addresses = (
        f"/targets/{lpse.itself.pk}/registers/ticket_register", f"/instances/{outside.instance.pk}/edit",
        f"/instances/{outside.instance.pk}/consent", f"/targets/{outside.instance.pk}/retire",
    )  # fmt: skip
    for address in addresses:
        page.goto(address)
        unlabelled = page.evaluate(
            "[...document.querySelectorAll('main :is(input:not([type=hidden]), select, textarea)')]"
            ".filter(one => !one.labels.length && !one.ariaLabel).map(one => one.name)"
        )
        assert unlabelled == [], address


def test_the_keyboard_reaches_the_content_first(visit: Visit, sensor: Sensor) -> None:
    page = visit(Role.OFFICER)
    page.goto("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#content"
