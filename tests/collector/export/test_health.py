from __future__ import annotations

import pytest
from django.test import Client

from tests.collector.process import Collector


def test_a_collector_that_works_is_healthy_and_ready(served: Collector) -> None:
    for path, said in (("/-/healthy", "healthy\n"), ("/-/ready", "ready\n")):
        answer = served.get(path)
        assert (answer.status_code, answer.text) == (200, said)
        assert answer.headers["content-type"].startswith("text/plain")
        head = served.client.head(served.url + path)
        assert (head.status_code, head.content) == (200, b"")


@pytest.mark.parametrize("path", ["/-/healthy", "/-/ready"])
def test_health_is_only_read(db: None, path: str) -> None:
    assert Client().post(path).status_code == 405


def test_a_collector_whose_database_is_gone_is_healthy_and_not_ready(served: Collector) -> None:
    served.query("ALTER TABLE ledger_cursor RENAME TO ledger_cursor_gone")
    try:
        answer = served.get("/-/ready")
        assert answer.status_code == 503
        assert "database" in answer.text
        assert served.get("/-/healthy").status_code == 200
    finally:
        served.query("ALTER TABLE ledger_cursor_gone RENAME TO ledger_cursor")
    assert served.get("/-/ready").status_code == 200


def test_health_needs_no_login_and_tells_nothing_else(served: Collector) -> None:
    answer = served.client.get(served.url + "/-/healthy", follow_redirects=False)
    assert answer.status_code == 200
    assert "set-cookie" not in answer.headers
