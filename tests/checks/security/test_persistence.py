"""What of these checks is not said of all baselines (`tests/checks/test_baseline_checks.py`)."""

from __future__ import annotations

from datetime import UTC, datetime

from checks.baseline import listed
from checks.facts.authorized_keys import AuthorizedKeys
from checks.facts.autostart import ApprovedAutostart, Autostart, with_dpkg
from checks.facts.web_places import UNREAD, ApprovedWebPlaces, WebPlaces
from checks.security import persistence
from checks.text import words
from checks.verdict import Status, Verdict
from tests.checks.real import real

AT = datetime(2026, 11, 1, tzinfo=UTC)


def one(said: object) -> Verdict:
    assert isinstance(said, Verdict)
    return said


def test_all_that_was_read_being_as_approved_is_no_pass_while_an_included_file_is_not_read() -> None:
    now = listed(WebPlaces, ("nginx server > location /", f"{UNREAD} nginx /opt/panel/*.conf"))
    same = ApprovedWebPlaces(now.items, now.count, now.digest, AT)

    said = one(persistence.web_places(now, same))
    assert said.status is Status.UNKNOWN
    assert "/opt/panel/*.conf" in words(said.measured, "id")


def test_a_new_address_fails_even_then() -> None:
    before = listed(WebPlaces, (f"{UNREAD} nginx /opt/panel/*.conf",))
    now = listed(WebPlaces, (*before.items, "nginx server > location /slot"))
    said = one(persistence.web_places(now, ApprovedWebPlaces(before.items, before.count, before.digest, AT)))
    assert said.status is Status.FAIL
    assert "/slot" in words(said.measured, "en")


def test_a_real_debian_passes_once_approved_and_fails_with_a_miner_in_cron() -> None:
    found, lists = real("debian12/find-autostart.txt"), real("debian12/dpkg-lists-systemd.txt")
    good, bad = with_dpkg(found, lists), with_dpkg(f"{found}{'ab' * 32}  /etc/cron.d/.sysd\n", lists)
    assert isinstance(good, Autostart)
    approved = ApprovedAutostart(good.items, good.count, good.digest, AT)

    assert one(persistence.autostart_entries(good, approved)).status is Status.PASS
    said = one(persistence.autostart_entries(bad, approved))
    assert (said.status, said.value) == (Status.FAIL, 1.0)
    assert "/etc/cron.d/.sysd" in words(said.measured, "en")


def test_a_host_without_any_key_is_approved_like_any_other() -> None:
    assert one(persistence.authorized_keys(listed(AuthorizedKeys, ()), None)).status is Status.UNKNOWN
