from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from checks.facts.access_registers import AccessWindow, RemoteAccessRegister, ServerRoomRegister, Visit
from checks.facts.login_sessions import login_sessions
from checks.security.sessions import console_logins, remote_logins
from checks.text import words
from checks.verdict import Status, Verdict
from tests.checks.real import NOW, real

LOGINS = login_sessions(real("debian12/last_iso"))


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+07:00")


BUDI = AccessWindow("Budi", "budi", at("2026-11-21T09:30"), at("2026-11-21T12:00"), "Tambal")
ADMIN = AccessWindow("Ani", "*", at("2026-11-23T04:00"), at("2026-11-23T06:00"), "Tender darurat")
VISIT = Visit("Andi", at("2026-11-20T08:00"), at("2026-11-20T08:30"), "Ganti disk", "Sari")


def remote(*rows: AccessWindow) -> Verdict:
    said = remote_logins(LOGINS, RemoteAccessRegister(rows), NOW)
    assert isinstance(said, Verdict)
    return said


def console(*rows: Visit) -> Verdict:
    said = console_logins(LOGINS, ServerRoomRegister(rows), NOW)
    assert isinstance(said, Verdict)
    return said


def test_every_remote_login_within_its_window_passes_and_a_stray_one_is_named() -> None:
    assert remote(BUDI, ADMIN).status is Status.PASS
    stray = remote(BUDI)
    assert stray.status is Status.FAIL
    assert "admin spse-admin.contoh.go.id 2026-11-23 05:00+0700" in words(stray.measured, "id")
    assert "budi" not in words(stray.measured, "id")


def test_a_window_permits_its_own_account_only() -> None:
    other = AccessWindow("Ani", "ani", at("2026-11-23T04:00"), at("2026-11-23T06:00"), "x")
    assert remote(BUDI, other).status is Status.FAIL


@pytest.mark.parametrize(("minutes", "status"), [(4, Status.PASS), (6, Status.FAIL)])
def test_a_few_minutes_before_a_window_opens_are_forgiven(minutes: int, status: Status) -> None:
    late = AccessWindow(
        "Ani", "admin", at("2026-11-23T05:00") + timedelta(minutes=minutes), at("2026-11-23T06:00"), "x"
    )
    assert remote(BUDI, late).status is status


def test_a_register_that_is_empty_permits_nobody_and_one_that_is_not_kept_is_undetermined() -> None:
    assert remote().status is Status.FAIL
    unkept = remote_logins(LOGINS, None, NOW)
    assert isinstance(unkept, Verdict)
    assert unkept.status is Status.UNKNOWN
    assert "belum diisi" in words(unkept.measured, "id")


def test_old_logins_are_no_matter() -> None:
    said = remote_logins(LOGINS, RemoteAccessRegister(), NOW + timedelta(days=8))
    assert isinstance(said, Verdict)
    assert said.status is Status.PASS


def test_a_console_login_needs_a_visit() -> None:
    assert console(VISIT).status is Status.PASS
    stray = console()
    assert stray.status is Status.FAIL
    assert "root tty1" in words(stray.measured, "id")
    said = console_logins(LOGINS, None, NOW)
    assert isinstance(said, Verdict)
    assert said.status is Status.UNKNOWN
