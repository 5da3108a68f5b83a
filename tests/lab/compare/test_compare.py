"""The comparison's own conclusions, on what Lynis and OpenSCAP really printed."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from checks.catalogue import catalogue
from checks.fact import vantages
from checks.vantage import Vantage
from tests.lab.compare import judge
from tests.lab.compare.judge import Overlap, Said, Why, compare, concluded, disagreements, overlaps
from tests.lab.compare.record import PAGE, current_page, recorded
from tests.lab.compare.said import Lynis, of_rules, openscap, ours
from tests.lab.compare.tools import for_any_system

LOG = """\
2026-11-23 15:16:03 ====
2026-11-23 15:16:03 Performing test ID AUTH-9204 (Check users with an UID of zero)
2026-11-23 15:16:03 Test: Searching accounts with UID 0
2026-11-23 15:16:03 Result: Found more than one administrator accounts
2026-11-23 15:16:03 Warning: Multiple users with UID 0 found in passwd file [test:AUTH-9204] [details:-] [solution:-]
2026-11-23 15:16:03 ====
2026-11-23 15:16:03 Performing test ID SSH-7440 (Check OpenSSH option: AllowUsers and AllowGroups)
2026-11-23 15:16:03 Result: AllowUsers is not set
2026-11-23 15:16:03 Result: SSH has no specific user or group limitation. Most likely all valid users can SSH to this machine.
2026-11-23 15:16:03 ====
2026-11-23 15:16:03 Performing test ID LOGG-2130 (Check for running syslog daemon)
2026-11-23 15:16:03 Result: Found a logging daemon
2026-11-23 15:16:03 ====
2026-11-23 15:16:03 Skipped test LOGG-2190 (Checking for deleted files in use)
2026-11-23 15:16:03 Reason to skip: Prerequisites not met (ie missing tool, other type of Linux distribution)
2026-11-23 15:16:03 ====
"""
PRINTED = """\
--- Starting Evaluation ---

Title
\tVerify Permissions on group File
Rule
\txccdf_org.ssgproject.content_rule_file_permissions_etc_group
Result
\tfail

Title
\tVerify User Who Owns group File
Rule
\txccdf_org.ssgproject.content_rule_file_owner_etc_group
Result
\tpass

Title
\tSet Boot Loader Password in grub2
Rule
\txccdf_org.ssgproject.content_rule_grub2_password
Result
\tnotapplicable

"""
ROW = Overlap("a thing", "files", "K-FS-03", "", "FILE-7524", "", ("file_permissions_etc_group",))


def test_a_test_of_lynis_that_warns_or_suggests_has_failed_and_one_that_ran_has_passed() -> None:
    said = Lynis.read(LOG)
    assert said.verdict("AUTH-9204", "") == "fail"
    assert said.verdict("LOGG-2130", "") == "pass"


def test_the_words_of_the_log_may_decide() -> None:
    assert Lynis.read(LOG).verdict("SSH-7440", "") == "pass"
    assert Lynis.read(LOG).verdict("SSH-7440", "no specific user or group limitation") == "fail"


def test_a_test_that_was_skipped_or_never_named_says_nothing() -> None:
    assert Lynis.read(LOG).verdict("LOGG-2190", "") is None
    assert Lynis.read("").verdict("AUTH-9204", "") is None


def test_the_worst_of_several_rules_counts_and_what_does_not_apply_says_nothing() -> None:
    said = openscap(PRINTED)
    assert said == {
        "file_permissions_etc_group": "fail", "file_owner_etc_group": "pass", "grub2_password": "notapplicable",
    }  # fmt: skip
    assert of_rules([said], ["file_owner_etc_group", "file_permissions_etc_group"]) == "fail"
    assert of_rules([said], ["grub2_password", "no_such_rule"]) is None


def test_the_first_content_that_judges_a_rule_counts() -> None:
    assert of_rules([{"a": "notapplicable"}, {"a": "pass"}], ["a"]) == "pass"
    assert of_rules([{"a": "fail"}, {"a": "pass"}], ["a"]) == "fail"


def test_the_content_is_made_for_any_system_and_keeps_its_other_conditions() -> None:
    system = '<xccdf-1.2:platform idref="cpe:/o:debian:debian_linux:11"/>'
    other = '<xccdf-1.2:platform idref="#machine"/>'
    assert for_any_system(f"a{system}b{other}") == f"ab{other}"


def test_of_several_subjects_one_can_be_asked_for() -> None:
    results = [
        {"check": "K-FS-03", "subject": "/etc/group", "status": "fail"},
        {"check": "K-FS-03", "subject": {"id": "x", "en": "/etc/passwd"}, "status": "pass"},
    ]
    assert ours(results, "K-FS-03", "") == "fail"
    assert ours(results, "K-FS-03", "/etc/passwd") == "pass"
    assert ours(results, "K-FS-04", "") is None


def test_only_what_both_judged_is_compared() -> None:
    said = compare([ROW], {"h": {"pantau": lambda _: "pass", "lynis": lambda _: None, "openscap": lambda _: "pass"}})
    found = concluded(said, ())
    assert [one.auditor for one in found.agreed] == ["openscap"]
    assert [one.auditor for one in found.silent] == ["lynis"]


@pytest.mark.parametrize(
    ("ours_", "theirs", "agree"),
    [("pass", "pass", True), ("warn", "pass", True), ("warn", "fail", False), ("unknown", "fail", False),
     ("not_applicable", "pass", False), ("not judged", "pass", False)],
)  # fmt: skip
def test_unknown_and_not_applicable_agree_with_nothing(ours_: str, theirs: str, agree: bool) -> None:
    assert Said("a thing", "lynis", "h", ours_, theirs).agree is agree


def test_a_disagreement_needs_a_reason_of_its_own_and_an_old_reason_is_named() -> None:
    said = [Said("a thing", "lynis", "h", "pass", "fail")]
    right = Why("a thing", "lynis", "pass", "fail", "pantau", "because")
    old = Why("a thing", "lynis", "fail", "pass", "pantau", "because")
    assert concluded(said, [old]).unexplained == (said[0],)
    assert concluded(said, [old]).not_seen == (old,)
    assert concluded(said, [right]).explained == ((said[0], right),)


def test_a_reason_for_an_unknown_thing_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "disagreements.csv"
    path.write_text(
        "overlap,auditor,ours,theirs,right,reason\nnothing,lynis,pass,fail,pantau,because\n", encoding="utf-8"
    )
    monkeypatch.setattr(judge, "DISAGREEMENTS", path)
    with pytest.raises(ValueError, match="nothing"):
        disagreements()


def test_the_table_names_only_checks_that_a_host_answers() -> None:
    found = catalogue()
    for row in overlaps():
        facts = found.checks[row.check].facts
        assert any(Vantage.HOST in vantages(fact) for fact in facts), row.name


def test_the_tables_are_whole() -> None:
    assert len(overlaps()) >= 40
    assert disagreements()
    for path in (judge.OVERLAPS, judge.DISAGREEMENTS):
        with path.open(encoding="utf-8", newline="") as text:
            lengths = {len(row) for row in csv.reader(text)}
        assert len(lengths) == 1


def test_every_disagreement_of_the_recorded_run_is_explained() -> None:
    said, _ = recorded()
    found = concluded(said, disagreements())
    assert found.unexplained == ()
    assert len(found.agreed) > len(found.explained)


def test_the_page_is_current() -> None:
    """`python -m tests.lab.compare.record` writes it anew after a table was changed."""
    assert PAGE.read_text(encoding="utf-8") == current_page()
