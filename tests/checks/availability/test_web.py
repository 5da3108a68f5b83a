from __future__ import annotations

from datetime import timedelta

import pytest

from checks.availability.web import server_errors
from checks.facts.access_log import Requests, requests
from checks.verdict import Status, Verdict
from tests.checks.real import NOW, real


def judged(seen: Requests, after: timedelta = timedelta(0)) -> Status:
    verdict = server_errors(seen, seen.until + after)
    assert isinstance(verdict, Verdict)
    return verdict.status


@pytest.mark.parametrize(
    ("count", "errors", "status"),
    [
        (1000, 0, Status.PASS), (1000, 10, Status.PASS), (1000, 11, Status.FAIL), (5, 0, Status.PASS), (5, 1, Status.WARN),
        (0, 0, Status.UNKNOWN),
    ],
)  # fmt: skip
def test_one_in_a_hundred_may_fail_and_few_only_warn(count: int, errors: int, status: Status) -> None:
    assert judged(Requests(NOW, 300, count, errors)) is status


def test_a_proxy_whose_spse_is_dead_fails() -> None:
    assert judged(requests(real("debian12/nginx-access.log") * 10)) is Status.FAIL


def test_without_requests_there_is_nothing_to_judge_and_the_future_is_unknown() -> None:
    seen = Requests(NOW, 300, 1000, 900)
    assert judged(seen, timedelta(seconds=299)) is Status.FAIL
    assert judged(seen, timedelta(seconds=301)) is Status.NOT_APPLICABLE
    assert judged(seen, timedelta(seconds=-301)) is Status.UNKNOWN
