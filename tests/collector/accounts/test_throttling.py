from __future__ import annotations

from datetime import timedelta

import pytest
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.test import Client
from django.utils import timezone

from collector.accounts.models import Account, Role
from collector.accounts.throttling import LOGINS_KEPT, PER_ADDRESS, WINDOW
from tests.collector.world import World

PASSWORD = "empat-kata-sandi-acak"


@pytest.fixture
def officer(world: World) -> Account:
    return world.account(Role.OFFICER, password=PASSWORD)


def attempt(name: str, password: str = "salah", address: str = "192.0.2.7") -> int:
    said = {"username": name, "password": password}
    return Client(REMOTE_ADDR=address).post("/login", said).status_code


def failures(address: str, count: int) -> None:
    AccessFailureLog.objects.bulk_create(
        AccessFailureLog(username=f"nama-{number}", ip_address=address, user_agent="x") for number in range(count)
    )


def test_an_address_that_tries_many_names_is_closed_even_to_the_right_password(officer: Account) -> None:
    failures("192.0.2.7", PER_ADDRESS - 1)
    assert attempt("nama-lain") == 200  # the fiftieth
    assert attempt("satu-lagi") == 429
    assert attempt(officer.username, PASSWORD) == 429


def test_other_addresses_stay_open(officer: Account) -> None:
    failures("192.0.2.7", PER_ADDRESS)
    assert attempt(officer.username, PASSWORD, "192.0.2.8") == 302


def test_an_address_opens_again_after_an_hour(officer: Account) -> None:
    failures("192.0.2.7", PER_ADDRESS)
    AccessFailureLog.objects.update(attempt_time=timezone.now() - WINDOW)
    assert attempt(officer.username, PASSWORD) == 302


def test_what_is_refused_is_not_written_down(officer: Account) -> None:
    failures("192.0.2.7", PER_ADDRESS)
    for number in range(5):
        assert attempt(f"baru-{number}") == 429
    assert AccessFailureLog.objects.count() == PER_ADDRESS
    assert not AccessAttempt.objects.exists()


def test_guessing_on_does_not_prolong_the_closure_of_a_name(officer: Account) -> None:
    for _ in range(8):
        attempt(officer.username)
    before = AccessAttempt.objects.get()
    assert attempt(officer.username, PASSWORD) == 429
    assert AccessAttempt.objects.get().attempt_time == before.attempt_time
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=16))
    assert attempt(officer.username, PASSWORD) == 302


def test_old_failures_and_old_logins_are_deleted(officer: Account) -> None:
    failures("192.0.2.9", 30)
    AccessFailureLog.objects.update(attempt_time=timezone.now() - WINDOW - timedelta(minutes=1))
    attempt("siapa-saja")
    assert AccessFailureLog.objects.get().username == "siapa-saja"
    assert attempt(officer.username, PASSWORD) == 302
    AccessLog.objects.update(attempt_time=timezone.now() - LOGINS_KEPT - timedelta(days=1))
    assert attempt(officer.username, PASSWORD) == 302
    assert AccessLog.objects.count() == 1
