from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from checks.facts.scripts import Script, Scripts, Walk
from checks.facts.web_shells import WebShells
from checks.security import planted
from checks.text import words
from checks.verdict import Status, Verdict
from tests.checks.real import NOW

SHELL = Script("/var/www/html/x.php", NOW - timedelta(hours=2))
HELPER = Script("/home/appserv/spse/cek.sh", NOW - timedelta(days=3))
CLEAN = Walk(("/var/www",), True)
WEB = Walk(("/var/www",), True, {"php": 1}, SHELL.changed, (SHELL,))
APP = Walk(("/home/appserv/spse",), True)
LONE = Walk(("/home/appserv/spse",), True, {"sh": 1}, HELPER.changed, (HELPER,))
STORE = Walk(("/home/file",), True, {"php": 2}, NOW - timedelta(days=400))


def said(found: Scripts, **thresholds: Any) -> list[Verdict]:
    verdicts = planted.no_planted_script(found, NOW, **thresholds)
    assert isinstance(verdicts, Iterator)
    return list(verdicts)


def statuses(found: Scripts, **thresholds: Any) -> list[tuple[str, Status]]:
    return [(one.subject, one.status) for one in said(found, **thresholds)]


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (
            Scripts(APP, APP, CLEAN, Walk(("/home/file",), True)),
            [("SPSE", Status.PASS), ("web", Status.PASS), ("dokumen", Status.PASS)],
        ),
        (Scripts(web=WEB), [("web", Status.FAIL)]),
        (Scripts(stores=STORE), [("dokumen", Status.FAIL)]),
        (Scripts(APP, LONE), [("SPSE", Status.FAIL)]),
        (Scripts(stores=msgspec.structs.replace(STORE, complete=False)), [("dokumen", Status.FAIL)]),
        (Scripts(stores=Walk(("/home/file",), False)), [("dokumen", Status.UNKNOWN)]),
    ],
)  # fmt: skip
def test_scripts_where_none_should_be(found: Scripts, expected: list[tuple[str, Status]]) -> None:
    assert statuses(found) == expected


def test_a_lone_script_of_plays_own_kind_counts_only_while_it_is_new() -> None:
    assert statuses(Scripts(APP, LONE), days=2) == [("SPSE", Status.PASS)]


def test_what_was_found_is_told_with_number_time_and_path() -> None:
    (verdict,) = said(Scripts(web=WEB))

    assert words(verdict.measured, "en") == "1 .php; newest 2026-11-23 01:00 UTC; /var/www/html/x.php"


def test_of_documents_only_number_and_time_are_told() -> None:
    (verdict,) = said(Scripts(stores=STORE))

    assert words(verdict.measured, "id") == "2 .php; terbaru 2025-10-19 03:00 UTC; /home/file"


def test_a_folder_that_policy_knows_is_allowed_and_others_are_not() -> None:
    other = Script("/var/www/y.php", NOW)
    both = msgspec.structs.replace(WEB, suffixes={"php": 2}, latest=(other, SHELL))
    many = msgspec.structs.replace(WEB, suffixes={"php": 50})

    assert statuses(Scripts(web=WEB), known=("/var/www/html",)) == [("web", Status.PASS)]
    assert statuses(Scripts(web=both), known=("/var/www/html",)) == [("web", Status.FAIL)]
    assert statuses(Scripts(web=many), known=("/var/www/html",)) == [("web", Status.UNKNOWN)]
    assert statuses(Scripts(web=many), known=("/var/www",)) == [("web", Status.PASS)]


def shells(found: WebShells, **thresholds: Any) -> Verdict:
    verdict = planted.no_web_shell(found, **thresholds)
    assert isinstance(verdict, Verdict)
    return verdict


def test_a_web_shell_fails_and_is_named() -> None:
    found = WebShells(("/var/www",), 9, 12, ("/var/www/x.php", "/var/www/y.php"))

    assert shells(found).status is Status.FAIL
    assert words(shells(found).measured, "en") == "/var/www/x.php; /var/www/y.php; and 10 more"
    assert shells(WebShells(("/var/www",), 9)).status is Status.PASS


def test_a_script_known_to_be_harmless_is_left_out() -> None:
    found = WebShells(("/var/www",), 9, 1, ("/var/www/x.php",))

    assert shells(found, known=("/var/www/x.php",)).status is Status.PASS
    assert shells(found, known=("/var/www/y.php",)).status is Status.FAIL
