from __future__ import annotations

import pytest

from checks.fact import Missing
from checks.facts.exposed_paths import BELOW_FILES, INTERNAL, ROOT_FILES, files, internal
from checks.outside import Visit
from tests.checks.visits import CHALLENGE, SILENT, visit

GONE = visit("<title>404</title>", 404)
SAME = visit("<title>Beranda</title><p>jobs, pages, query</p>")


def inside(answers: dict[str, Visit], control: Visit = GONE, other: Visit = GONE) -> tuple[Visit, ...]:
    return (control, *(answers.get(path, other) for path in INTERNAL))


def lying(answers: dict[str, Visit], control: Visit = GONE, other: Visit = GONE) -> tuple[Visit, ...]:
    return (control, *(answers.get(path, other) for path in (*ROOT_FILES, *BELOW_FILES)))


def test_what_answers_is_open_and_what_refuses_is_closed() -> None:
    metrics = visit("# HELP jvm_threads x\n# TYPE jvm_threads gauge\n")
    found = internal(inside({"/metrics": metrics, "/@status": visit("Not authorized", 401), "/@jobs": visit("x", 403)}))
    assert (found.asked, found.open, found.unclear) == (7, ("/metrics",), ())


def test_a_site_that_answers_everything_with_its_home_page_has_nothing_open() -> None:
    assert internal(inside({}, SAME, SAME)).open == ()
    assert files(lying({}, SAME, SAME)).open == ()


def test_files_are_known_by_what_stands_in_them() -> None:
    given = {
        "/.git/HEAD": visit("ref: refs/heads/main\n"), "/backup.sql": visit("-- PostgreSQL database dump\nCREATE TABLE x"),
        "/conf/application.conf": visit("# x\napplication.secret=s3cret\n"), "/backup.zip": visit("PK\x03\x04..."),
        "/.env": visit("<!doctype html><p>A=b</p>"), "/epns_prod.sql.gz": visit("\x1f\N{REPLACEMENT CHARACTER}x"),
    }  # fmt: skip
    found = files(lying(given))
    assert set(found.open) == set(given) - {"/.env"}
    assert "s3cret" not in repr(found)


def test_what_could_not_be_asked_is_unclear() -> None:
    found = internal(
        inside({"/metrics": SILENT, "/@jobs": visit("x", 503), "/@query": visit("x", 429), "/@pages": CHALLENGE})
    )
    assert found.unclear == ("/metrics", "/@query", "/@pages", "/@jobs")


def test_without_an_answer_to_the_control_nothing_was_learnt() -> None:
    with pytest.raises(Missing):
        internal(inside({}, SILENT))
    with pytest.raises(Missing):
        files(())
