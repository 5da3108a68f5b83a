from __future__ import annotations

from checks.facts.sessions import Sessions, Used
from checks.security.shared_accounts import one_place_per_account
from checks.text import words
from checks.verdict import Status, Verdict

SHARED = Sessions(3, 2, (Used("admin", 2, ("10.1.1.5", "192.0.2.7")), Used("budi", 1, ("10.1.1.5",))))


def said(found: Sessions, **thresholds: int) -> Verdict:
    verdict = one_place_per_account(found, **thresholds)
    assert isinstance(verdict, Verdict)
    return verdict


def test_an_account_in_use_from_two_places_fails_and_is_named() -> None:
    assert said(SHARED).status is Status.FAIL
    assert words(said(SHARED).measured, "en") == "admin: 10.1.1.5, 192.0.2.7"
    assert said(SHARED).value == 2
    assert said(SHARED, places=2).status is Status.PASS


def test_nobody_logged_in_and_everyone_in_one_place_pass() -> None:
    assert said(Sessions(0, 0)).status is Status.PASS
    assert said(Sessions(2, 1, (Used("budi", 1, ("10.1.1.5",)),))).status is Status.PASS
