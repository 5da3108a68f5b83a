from __future__ import annotations

from pathlib import Path

import pytest

from agent.problem import Problem
from agent.restore.tools import NEEDED, Tools, fitting, installed
from tests.checks.trees import plant

OLD, MIDDLE, NEW = (Tools(major, f"{major}.1", Path(f"/usr/pgsql-{major}/bin")) for major in (11, 15, 17))


@pytest.mark.parametrize(
    ("major", "chosen"), [(11, OLD), (12, MIDDLE), (15, MIDDLE), (16, NEW), (17, NEW), (18, NEW), (None, NEW)]
)
def test_the_same_major_version_is_chosen_else_the_next_newer(major: int | None, chosen: Tools) -> None:
    assert fitting((OLD, MIDDLE, NEW), major) == chosen


def test_no_release_is_a_sentence() -> None:
    with pytest.raises(Problem, match="is not installed on this server"):
        fitting((), 15)


def test_complete_releases_of_all_families_are_found_oldest_first(tmp_path: Path) -> None:
    for folder, version in (
        ("usr/pgsql-16/bin", "16.4"),
        ("usr/lib/postgresql/9.6/bin", "9.6.24"),
        ("usr/bin", "18beta1"),
    ):
        for name in NEEDED:
            plant(tmp_path, f"/{folder}/{name}", f"#!/bin/sh\necho 'postgres (PostgreSQL) {version} (Debian)'\n", 0o755)
    plant(tmp_path, "/usr/lib/postgresql/15/bin/psql", "", 0o755)  # only a client

    assert [(tools.major, tools.version) for tools in installed(tmp_path)] == [
        (9, "9.6.24"),
        (16, "16.4"),
        (18, "18beta1"),
    ]
