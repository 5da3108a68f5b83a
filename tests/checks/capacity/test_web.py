from __future__ import annotations

from datetime import timedelta

import pytest

from checks.capacity.web import response_time, workers
from checks.facts.access_log import Requests
from checks.facts.web_load import ServerLoad, WebLoad
from checks.verdict import Status, Verdict
from tests.checks.real import NOW


@pytest.mark.parametrize(("used", "status"), [(10, Status.PASS), (320, Status.PASS), (321, Status.FAIL)])
def test_each_server_is_judged_by_what_it_can_hold(used: int, status: Status) -> None:
    verdicts = workers(WebLoad((ServerLoad("apache", (80, 443), used, 400), ServerLoad("nginx", (8080,), 0, 100))))
    assert not isinstance(verdicts, Verdict)
    assert {one.subject: one.status for one in verdicts} == {"apache": status, "nginx": Status.PASS}


@pytest.mark.parametrize(
    ("p95", "timed", "status"),
    [
        (0.8, 200, Status.PASS),
        (5.1, 200, Status.FAIL),
        (5.1, 3, Status.NOT_APPLICABLE),
        (0.8, 3, Status.PASS),
        (None, 0, Status.UNKNOWN),
    ],
)
def test_one_request_in_twenty_may_take_long(p95: float | None, timed: int, status: Status) -> None:
    verdict = response_time(Requests(NOW, 300, 200, 0, timed, p95), NOW)
    assert isinstance(verdict, Verdict)
    assert verdict.status is status


def test_a_quiet_night_has_no_response_time() -> None:
    verdict = response_time(Requests(NOW - timedelta(hours=1), 300, 200, 0, 200, 9.0), NOW)
    assert isinstance(verdict, Verdict)
    assert verdict.status is Status.NOT_APPLICABLE
