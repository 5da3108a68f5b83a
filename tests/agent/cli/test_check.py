from __future__ import annotations

import json
import os
import pty
import re
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest

from agent.history import History
from agent.hosts.local import LocalHost
from agent.hosts.remembering import series
from checks.facts.filesystem_growth import FilesystemGrowth
from checks.facts.filesystems import Filesystems
from checks.source import Usage
from tests.agent.as_nobody import as_nobody
from tests.agent.parts import TREE, agent, clean, command, enrolled, settings
from tests.checks.trees import plant

GOOD, BAD, BLIND = "K-SSH-01", "K-SSH-01", "G-CPU-01"  # below a root nobody can see the processor


def tree(folder: Path, login: str) -> str:
    plant(folder, "/etc/ssh/sshd_config", f"PermitRootLogin {login}\n")
    return str(folder)


def check(state: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return agent("check", *arguments, state=state, environment=environment)


@pytest.mark.parametrize(
    ("login", "codes", "expected"),
    [("no", [GOOD], 0), ("yes", [BAD], 1), ("no", [BLIND], 3), ("no", [GOOD, BLIND], 3), ("yes", [BAD, BLIND], 1)],
)
def test_the_exit_code_says_pass_fail_or_undetermined(
    tmp_path: Path, login: str, codes: list[str], expected: int
) -> None:
    only = [word for code in codes for word in ("--only", code.lower())]
    done = check(tmp_path, "--root", tree(tmp_path / "tree", login), *only)
    assert done.returncode == expected
    assert done.stderr == ""
    assert all(code in done.stdout for code in codes)


@pytest.mark.parametrize(
    "arguments",
    [
        ("--only", "K-SSH-99"), ("--only", "ssh"), ("--explain", "NOTHING"), ("--standard", "z"), ("--standard", "kk"),
        ("--root", "/nonexistent"), ("--root", "/etc/passwd"), ("--json", "--junit"), ("--unknown",),
        ("--only", GOOD, "--standard", "a"), ("--html", "/nonexistent/x.html", "--only", GOOD),
    ],
    ids=" ".join,
)  # fmt: skip
def test_wrong_use_is_two_with_a_sentence_and_no_output(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    done = check(tmp_path, "--root", str(tmp_path), *arguments)
    assert done.returncode == 2
    assert done.stderr.strip()
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_an_unknown_code_is_answered_with_near_ones(tmp_path: Path) -> None:
    assert "K-SSH-01, K-SSH-02" in check(tmp_path, "--only", "K-SSH-99").stderr
    assert "K-SSH-01" in check(tmp_path, "--only", "KSSH01", PANTAU_LANGUAGE="en").stderr
    assert "tidak ada pemeriksaan K-SSH-99" in check(tmp_path, "--only", "K-SSH-99").stderr


def test_a_check_that_only_the_collector_can_judge_says_so(tmp_path: Path) -> None:
    from agent.audit import answerable
    from checks.catalogue import catalogue

    here = {one.code for one in answerable(catalogue())}
    elsewhere = [code for code in catalogue().checks if code not in here]
    if not elsewhere:
        pytest.skip("every check can be answered by a host")
    done = check(tmp_path, "--only", elsewhere[0], LANG="en_US.UTF-8")
    assert done.returncode == 2
    assert "is judged by the collector" in done.stderr


def test_json_parses_and_agrees_with_the_exit_code(tmp_path: Path) -> None:
    done = check(tmp_path, "--root", tree(tmp_path / "tree", "yes"), "--only", BAD, "--json")
    document = json.loads(done.stdout)
    assert done.returncode == 1
    assert (document["hostname"], document["summary"]["checks"]["fail"]) == ("spse.contoh.go.id", 1)
    assert [(one["check"], one["status"]) for one in document["results"]] == [(BAD, "fail")]


def test_junit_parses_and_unknown_is_an_error(tmp_path: Path) -> None:
    done = check(tmp_path, "--root", str(tmp_path), "--only", BLIND, "--junit")
    assert done.returncode == 3
    assert len(Xml.fromstring(done.stdout).findall(".//error")) == 1


@pytest.mark.parametrize(
    ("login", "code", "word", "expected"),
    [("no", GOOD, "OK", 0), ("yes", BAD, "CRITICAL", 2), ("no", BLIND, "UNKNOWN", 3)],
)
def test_nagios_has_a_first_line_and_codes_of_its_own(
    tmp_path: Path, login: str, code: str, word: str, expected: int
) -> None:
    done = check(tmp_path, "--root", tree(tmp_path / "tree", login), "--only", code, "--nagios")
    assert done.returncode == expected
    assert done.stdout.startswith(f"PANTAU {word} - ")
    assert len(done.stdout.splitlines()) == 1 + (expected == 2)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--only", "K-SSH-99"), "there is no check K-SSH-99"), (("--root", "/nonexistent"), "not a directory"),
        (("--unknown",), "wrong use"), (("--json",), "wrong use"), (("--config", "/no/such.toml"), "/no/such.toml"),
    ],
)  # fmt: skip
def test_what_keeps_nagios_from_an_audit_is_unknown_and_said_on_stdout(
    tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    done = check(tmp_path, "--nagios", *arguments, "--lang", "en")
    assert done.returncode == 3
    assert done.stdout.startswith("PANTAU UNKNOWN - ")
    assert said in done.stdout
    assert done.stdout.count("\n") == 1


def test_the_help_documents_exit_codes_and_json(tmp_path: Path) -> None:
    said = check(tmp_path, "--help").stdout
    for word in ("2 CRITICAL", "3 UNKNOWN", "--lang", "measured, expected", "whatever --lang says", "worst result"):
        assert word in said
    assert max(map(len, said.splitlines())) <= 125


def test_a_filtered_audit_shows_no_standing_and_a_whole_standard_shows_its_own(tmp_path: Path) -> None:
    part = check(tmp_path, "--root", str(tmp_path), "--only", GOOD, "--lang", "en").stdout
    assert "filtered; no standing" in part
    assert "coverage" not in part.lower()
    whole = check(tmp_path, "--root", str(tmp_path), "--standard", "j", "--lang", "en").stdout
    assert "% of applicable checks" in whole
    assert "filtered; no standing" not in whole


def test_html_is_written_to_its_file_with_what_a_hostile_host_said_escaped(tmp_path: Path) -> None:
    hostile = tree(tmp_path / "tree", "<script>alert(1)</script>")
    page = tmp_path / "page.html"
    done = check(tmp_path, "--root", hostile, "--only", BAD, "--html", str(page))
    assert done.stdout == f"{page}\n"
    assert "<script" not in page.read_text()
    assert "&lt;script&gt;" in page.read_text()


def test_escape_sequences_in_a_file_of_the_host_reach_no_terminal(tmp_path: Path) -> None:
    hostile = tree(tmp_path / "tree", "\x1b[2J\x1b]0;pwned\x07[red]")
    for form in ((), ("--json",), ("--junit",), ("--nagios",), ("--explain", BAD)):
        done = check(tmp_path, "--root", hostile, "--only", BAD, *form, FORCE_COLOR="")
        assert "\x1b" not in done.stdout
        assert "\x07" not in done.stdout
        assert "Traceback" not in done.stderr
    assert "[red]" in check(tmp_path, "--root", hostile, "--only", BAD).stdout


def test_explain_says_everything_and_judges(tmp_path: Path) -> None:
    done = check(tmp_path, "--root", tree(tmp_path / "tree", "yes"), "--explain", "k-ssh-01", LANG="en_US.UTF-8")
    assert done.returncode == 1
    for said in ("K-SSH-01", "Severity: critical", "Read from: sshd", "sshd_config", "→"):
        assert said in done.stdout


def test_a_standard_is_audited_alone(tmp_path: Path) -> None:
    done = check(tmp_path, "--root", str(tmp_path), "--standard", "K", "--json")
    results = json.loads(done.stdout)["results"]
    assert len(results) > 20
    assert {one["standard"] for one in results} == {"k"}


@pytest.mark.parametrize(
    ("environment", "arguments", "said"),
    [
        ({}, (), "Kebijakan"), ({"LANG": "C.UTF-8"}, (), "Kebijakan"), ({"LANG": "id_ID.UTF-8"}, (), "Kebijakan"),
        ({"LANG": "en_US.UTF-8"}, (), "Policy"), ({"LC_ALL": "en_GB", "LANG": "id_ID"}, (), "Policy"),
        ({"LANG": "en_US.UTF-8"}, ("--lang", "id"), "Kebijakan"), ({}, ("--lang", "en"), "Policy"),
        ({"LANG": "en_US.UTF-8", "PANTAU_LANGUAGE": "id"}, (), "Kebijakan"),
    ],
)  # fmt: skip
def test_the_language_is_indonesian_unless_the_reader_is_english(
    tmp_path: Path, environment: dict[str, str], arguments: tuple[str, ...], said: str
) -> None:
    done = agent(*arguments, "check", "--root", str(tmp_path), "--only", GOOD, state=tmp_path, environment=environment)
    assert said in done.stdout


def test_an_identity_that_cannot_be_used_is_said_and_does_not_stop_the_audit(tmp_path: Path) -> None:
    enrolled(settings(tmp_path))
    (tmp_path / "agent").chmod(0o777)
    done = check(tmp_path, "--root", tree(tmp_path / "tree", "no"), "--only", GOOD)
    assert done.returncode == 0
    assert "event=identity_not_used" in done.stderr
    assert "can be written by other users" in done.stderr


def test_a_reader_who_goes_away_is_no_traceback(tmp_path: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    for form in ((), ("--json",), ("--nagios",), ("--explain", GOOD)):
        arguments = command("check", "--root", str(tmp_path), "--only", GOOD, *form)
        done = subprocess.run(
            arguments, stdout=writer, stderr=subprocess.PIPE, env=clean(tmp_path), cwd=TREE, text=True, check=False
        )
        assert done.stderr == ""
        assert done.returncode == 1
    os.close(writer)


def test_output_that_cannot_show_a_sign_shows_something_else(tmp_path: Path) -> None:
    done = check(
        tmp_path, "--root", tree(tmp_path / "t", "yes"), "--only", BAD, PYTHONIOENCODING="ascii", PYTHONUTF8="0"
    )
    assert done.returncode == 1
    assert "? K-SSH-01" in done.stdout


def test_on_a_terminal_progress_is_shown_and_taken_back(tmp_path: Path) -> None:
    leader, follower = pty.openpty()
    done = subprocess.run(
        command("check", "--root", str(tmp_path), "--only", GOOD), stderr=follower, stdout=subprocess.PIPE, cwd=TREE,
        env=clean(tmp_path, {"TERM": "xterm"}), check=False, text=True,
    )  # fmt: skip
    os.close(follower)
    shown = os.read(leader, 65536).decode()
    os.close(leader)
    assert "Membaca fakta" in shown
    assert "Membaca" not in done.stdout


def test_without_root_it_works_and_says_what_root_would_see(public: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PANTAU_STATE", str(public / "agent"))
    monkeypatch.setenv("LANG", "en_US.UTF-8")

    def work() -> tuple[int, str]:
        import contextlib
        import io

        from agent.cli import main

        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            code = main(["check", "--root", str(public), "--only", BLIND])
        return code, said.getvalue()

    work()  # imports everything: nobody may not read our Python
    code, said = as_nobody(work)
    assert code == 3
    assert re.search(r"Repeat with `sudo pantau-agent check`", said)


def test_a_trend_is_unknown_until_the_daemon_has_gathered_samples_and_then_told(tmp_path: Path) -> None:
    asked = ("--only", "G-DSK-02", "--json")
    young = check(tmp_path, *asked)
    assert young.returncode == 3
    assert "`pantau-agent run`" in young.stdout
    history = History(settings(tmp_path).path("history.db"), 400)
    (used,) = series([FilesystemGrowth])[Filesystems]
    mounts = [one.mount for one in LocalHost().read(Usage(Filesystems)).filesystems]
    for hour in range(24 * 8 + 1):
        history.remember(used, dict.fromkeys(mounts, 1e9), datetime.now(UTC) - timedelta(hours=hour))
    assert check(tmp_path, *asked).returncode == 0
    image = check(tmp_path, "--root", str(tmp_path), *asked)
    assert image.returncode == 3  # an image has no past here


def test_cost_shows_each_fact_and_keeps_the_exit_code(tmp_path: Path) -> None:
    root = tree(tmp_path / "tree", "yes")
    done = check(tmp_path, "--root", root, "--only", BAD, "--cost", "--lang", "en")
    assert done.returncode == 1
    head, start, fact, *_ = done.stdout.splitlines()
    assert head.split()[:7] == ["wall", "ms", "CPU", "ms", "commands", "ms", "bytes"]
    assert "(the program starts)" in start
    wall, cpu, commands, read, name, _ = fact.split()
    assert name == "sshd"
    assert float(wall) > 0
    assert float(cpu) >= 0
    assert float(commands) == 0
    assert int(read) > 0
    assert check(tmp_path, "--cost", "--json").returncode == 2
