from __future__ import annotations

import re

import pytest

from agent.present import Presentation, table
from agent.present.lines import WIDEST
from checks.text import Text
from checks.verdict import Result, Status
from tests.agent.present.hostile import OBEYED, hostile, most, shown

FAIL, WARN, PASS, UNKNOWN, NOT = Status.FAIL, Status.WARN, Status.PASS, Status.UNKNOWN, Status.NOT_APPLICABLE


@pytest.fixture(autouse=True)
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.setenv("TERM", "xterm-256color")
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)


def printed(of: Presentation, capsys: pytest.CaptureFixture[str], *, everything: bool = False) -> str:
    table.show(of, everything=everything)
    return capsys.readouterr().out


def test_a_failure_says_its_code_its_severity_what_was_measured_expected_and_to_do(
    capsys: pytest.CaptureFixture[str],
) -> None:
    of = shown(Result("K-SSH-01", FAIL, "permitrootlogin yes", "permitrootlogin no"))
    out = printed(of, capsys)
    assert "✗ K-SSH-01 critical · Not met: SSH root login is disabled\n" in out
    assert "permitrootlogin yes · expected permitrootlogin no" in out
    assert out.count("→") == 1
    counts = "1 fail, 0 unknown, 0 warn, 0 pass, 0 not applicable"
    assert f"spse.contoh.go.id: 1 check, 1 result; checks by their worst result: {counts}\n" in out
    assert "Policy: default (" in out


def test_one_remedy_stands_under_all_subjects_of_a_check(capsys: pytest.CaptureFixture[str]) -> None:
    results = [Result("K-WEB-01", FAIL, f"version {name}", "hidden", name) for name in ("apache", "nginx", "haproxy")]
    out = printed(shown(*results), capsys)
    assert out.count("→") == 1
    assert out.count("K-WEB-01") == 1
    assert out.count("expected hidden") == 1
    assert [out.index(f"{name}: version {name}") for name in ("apache", "nginx", "haproxy")]


def test_checks_that_cannot_tell_for_one_reason_share_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    codes = ("K-PG-01", "K-PG-02", "K-PG-04", "K-PG-06")
    out = printed(shown(*(Result(code, UNKNOWN, "PostgreSQL: does not answer") for code in codes)), capsys)
    assert out.count("PostgreSQL: does not answer") == 1
    line = next(line for line in out.splitlines() if "4 checks:" in line)
    assert all(code in line for code in codes)


def test_what_passes_is_counted_and_shown_only_on_demand(capsys: pytest.CaptureFixture[str]) -> None:
    of = shown(Result("K-SSH-01", PASS, "no"), Result("K-SSH-02", NOT, "no sshd"))
    assert "✓ 1 pass, 1 not applicable" in (out := printed(of, capsys))
    assert "K-SSH-01" not in out
    out = printed(of, capsys, everything=True)
    assert re.search(r"✓ K-SSH-01 .* · no\n", out)
    assert "– K-SSH-02" in out


def test_the_end_names_the_worst_to_begin_with(capsys: pytest.CaptureFixture[str]) -> None:
    results = [Result(code, FAIL, "x") for code in ("J-ACC-08", "K-SSH-01", "K-NET-01")]
    out = printed(shown(*results), capsys)
    end = out[out.index("Begin here:") :]
    assert "✗ K-SSH-01 critical · Not met: SSH root login is disabled\n" in end
    assert "K-NET-01" in end
    assert "J-ACC-08" not in end  # of low severity


@pytest.mark.parametrize("width", [20, 40, 80, 120, 300])
def test_no_line_is_wider_than_the_terminal_or_than_one_reads_and_none_ends_in_blanks(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    results = [
        Result("K-SSH-01", FAIL, "a long word " * 30 + "x" * 200, "y " * 50),
        Result("K-SSH-02", UNKNOWN, "z" * 150),
    ]
    for line in printed(shown(*results), capsys).splitlines():
        assert len(line) <= max(width, 28)
        assert len(line) <= WIDEST
        assert line == line.rstrip()


def test_nothing_of_a_hostile_host_is_obeyed_or_marked_up(capsys: pytest.CaptureFixture[str]) -> None:
    out = printed(hostile(), capsys, everything=True)
    assert not set(out) & set(OBEYED)
    assert "[red]x[/red]" in out
    assert ":skull:" in out
    assert r"\u001b[2J" in out.replace("\n", "")


def test_on_a_terminal_only_our_own_colours_reach_it(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    out = printed(hostile(), capsys, everything=True)
    assert "\x1b[" in out
    rest = re.sub(r"\x1b\[[0-9;]*m", "", out)
    assert not set(rest) & set(OBEYED)
    assert "]8;" not in out  # no link


def test_both_languages_say_their_own(capsys: pytest.CaptureFixture[str]) -> None:
    result = Result("K-SSH-01", FAIL, Text("diukur", "measured"), Text("harapan", "hope"))
    indonesian = printed(shown(result, language="id", whole="k"), capsys)
    assert "diukur · seharusnya harapan" in indonesian
    assert "Tidak terpenuhi: Login root via SSH nonaktif" in indonesian
    assert f"tidak terpenuhi, cakupan {most('k')} dari pemeriksaan yang berlaku\n" in indonesian
    assert "Cakupan: bagian dari" in indonesian
    assert "hanya dapat dinilai collector" in " ".join(indonesian.split())
    english = printed(shown(result, whole="k"), capsys)
    assert "measured · expected hope" in english
    assert f"not met, coverage {most('k')} of applicable checks\n" in english


def test_a_standard_that_did_not_run_whole_is_called_filtered(capsys: pytest.CaptureFixture[str]) -> None:
    out = printed(shown(Result("K-SSH-01", FAIL, "x")), capsys)
    assert re.search(r"^k · .*  filtered; no standing$", out, re.MULTILINE)
    assert "coverage" not in out.lower()


def test_a_check_with_several_subjects_is_counted_once(capsys: pytest.CaptureFixture[str]) -> None:
    results = [Result("K-WEB-01", one, "seen", "", f"{one}-{n}") for one in (PASS, UNKNOWN) for n in (1, 2)]
    out = printed(shown(*results, Result("K-SSH-01", PASS), Result("K-SSH-02", PASS)), capsys)
    assert "✓ 2 pass\n" in out
    assert "? 1 check: K-WEB-01 (unknown-1), K-WEB-01 (unknown-2)" in out
    assert "3 checks, 6 results; checks by their worst result: 0 fail, 1 unknown, 0 warn, 2 pass" in out


def test_an_empty_audit_is_a_summary(capsys: pytest.CaptureFixture[str]) -> None:
    assert "0 fail, 0 unknown" in printed(shown(), capsys)


def test_what_stands_under_no_standard_comes_last(capsys: pytest.CaptureFixture[str]) -> None:
    of = shown(Result("K-SSH-01", FAIL, "x"))
    bare = Presentation(of.hostname, "", of.rulebook, {}, of.audit, "en")
    assert "Under no standard" in printed(bare, capsys)
