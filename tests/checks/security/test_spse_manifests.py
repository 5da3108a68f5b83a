from __future__ import annotations

from collections.abc import Iterable

import pytest

from checks.facts.spse_manifests import Manifest, SpseManifests
from checks.security.spse_manifests import jars_are_released
from checks.text import words
from checks.verdict import Status, Verdict

DIGEST = "0123456789abcdef" * 4
SPSE = SpseManifests((Manifest("spse", 180, DIGEST[:32], ("lib/evil.jar", "lib/a.jar")),), "0" * 12)


def judged(*accepted: str) -> Verdict:
    said = jars_are_released(SPSE, accepted=accepted)
    assert isinstance(said, Iterable)
    (verdict,) = said
    return verdict


def test_jars_of_any_accepted_release_pass_and_the_release_is_named() -> None:
    said = judged(f"4.4 {'f' * 64}", f"4.5.20240301 {DIGEST}")
    assert said.status is Status.PASS
    assert "4.5.20240301" in words(said.measured, "id")


def test_other_jars_fail_and_those_that_changed_last_are_named() -> None:
    said = judged(f"4.4 {'f' * 64}")
    assert said.status is Status.FAIL
    assert "lib/evil.jar" in words(said.measured, "id")


def test_without_a_published_manifest_there_is_nothing_to_compare_with() -> None:
    assert judged().status is Status.NOT_APPLICABLE


@pytest.mark.parametrize("line", ["", "4.5", f"4.5 {DIGEST[:40]}", DIGEST])
def test_a_wrong_line_of_policy_judges_nobody(line: str) -> None:
    assert judged(line).status is Status.UNKNOWN
