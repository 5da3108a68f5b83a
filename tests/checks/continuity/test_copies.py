from __future__ import annotations

import pytest

from checks.continuity.copies import configuration, elsewhere
from checks.facts.config_backup import ConfigBackup
from checks.facts.document_store import DocumentFolders
from checks.facts.off_host_copy import OffHostCopy
from checks.facts.postgres_installed import PostgresInstalled
from checks.text import words
from checks.verdict import Status, Verdict
from tests.checks.real import NOW

HERE = PostgresInstalled(("/etc/postgresql/15/main",))


def ago(hours: float) -> float:
    return NOW.timestamp() - hours * 3600


@pytest.mark.parametrize(
    ("found", "status"),
    [
        (ConfigBackup(ago(48), False, None, ago(72), "/etc/x"), Status.PASS),
        (ConfigBackup(ago(48), False, None, None, ""), Status.PASS),
        (ConfigBackup(ago(24 * 8), False, None, ago(24 * 30), "/etc/x"), Status.FAIL),
        (ConfigBackup(ago(-5), False, None, None, ""), Status.FAIL),  # from the future
        (ConfigBackup(ago(48), False, None, ago(25), "/etc/x"), Status.FAIL),  # changed since, a day ago
        (ConfigBackup(ago(48), False, None, ago(2), "/etc/x"), Status.PASS),  # changed since, just now
        (ConfigBackup(ago(48), True, None, None, ""), Status.WARN),
        (ConfigBackup(None, False, ago(48), None, ""), Status.WARN),
        (ConfigBackup(None, False, ago(24 * 8), None, ""), Status.FAIL),
        (ConfigBackup(None, False, None, None, ""), Status.UNKNOWN),
    ],
)
def test_configuration_is_copied_each_week_and_after_each_change(found: ConfigBackup, status: Status) -> None:
    verdict = configuration(found, NOW)
    assert isinstance(verdict, Verdict)
    assert verdict.status is status


def test_what_changed_after_the_copy_is_named() -> None:
    verdict = configuration(ConfigBackup(ago(48), False, None, ago(25), "/etc/nginx/nginx.conf"), NOW)
    assert isinstance(verdict, Verdict)
    assert words(verdict.measured, "en") == "2 days ago; changed after it: /etc/nginx/nginx.conf"


def copies(copy: OffHostCopy, database: PostgresInstalled | None = HERE) -> dict[str, Status]:
    verdicts = elsewhere(database, None, copy, NOW)
    assert not isinstance(verdicts, Verdict)
    return {one.subject: one.status for one in verdicts}


@pytest.mark.parametrize(
    ("copy", "host", "site"),
    [
        (OffHostCopy(ago(20), ago(100)), Status.PASS, Status.PASS),
        (OffHostCopy(ago(25), ago(24 * 8)), Status.FAIL, Status.FAIL),
        (OffHostCopy(ago(20), None, True), Status.PASS, Status.UNKNOWN),
        (OffHostCopy(ago(-5), ago(-5)), Status.FAIL, Status.FAIL),
        (OffHostCopy(), Status.UNKNOWN, Status.UNKNOWN),
    ],
)
def test_copies_off_host_and_off_site_are_judged_by_themselves(copy: OffHostCopy, host: Status, site: Status) -> None:
    assert copies(copy) == {"off-host": host, "off-site": site}


def test_a_server_with_nothing_to_copy_need_not_copy_it() -> None:
    assert copies(OffHostCopy(), None) == {"": Status.NOT_APPLICABLE}
    verdicts = list(elsewhere(None, DocumentFolders(("/home/file/file_prod",)), OffHostCopy(), NOW))  # type: ignore[arg-type]
    assert len(verdicts) == 2
