from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from agent.hosts.local import LocalHost
from agent.restore import record
from agent.restore.scratch import sweep
from agent.survey import Survey
from checks.facts.restore_test import RestoreTest
from tests.agent.parts import TREE, agent, clean, command
from tests.agent.restore.dumps import ROWS, Dumps, working_in

pytest_plugins = ("tests.agent.restore.dumps", "tests.postgres_cluster")


@pytest.fixture
def state(dumps: Dumps) -> Path:
    """What `parts` call the state: the agent keeps everything in `agent` below it."""
    place = dumps / f"host-{time.monotonic_ns() % 10**6}/var/lib"
    place.mkdir(parents=True)
    return place


def base(state: Path) -> Path:
    return state / ("agent-restore" if os.geteuid() == 0 else "agent/restore")


def wait_for(true: Callable[[], object], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.1)


def started(state: Path, dumps: Dumps) -> subprocess.Popen[bytes]:
    """A test of the slow dump, in the middle of restoring."""
    process = subprocess.Popen(
        command("restore-test", "--backup", str(dumps / "slow.sql")), env=clean(state), cwd=TREE,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    wait_for(lambda: any(map(_sleeps, working_in(base(state)))))
    return process


def _sleeps(pid: int) -> bool:
    """A backend of PostgreSQL says in its title what it does."""
    try:
        return b"pantau_restored [local] SELECT" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return False


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("id", ("✓ Cadangan pulih dalam", "2/4 Menyiapkan PostgreSQL sementara", "3.000  public.paket", "Tercatat di")),
        ("en", ("✓ The backup was restored in", "2/4 Preparing a scratch", "3,000  public.paket", "Recorded in")),
    ],
)
def test_a_good_backup_is_told_and_recorded(dumps: Dumps, state: Path, language: str, said: tuple[str, ...]) -> None:
    done = agent("--lang", language, "restore-test", "--backup", str(dumps / "c.dump"), state=state)

    assert done.returncode == 0, done.stderr
    for words in said:
        assert words in done.stdout + done.stderr
    assert "penawaran" not in done.stdout
    kept = state / "agent" / record.FILE
    assert kept.stat().st_mode & 0o777 == 0o600
    test = msgspec.json.decode(kept.read_bytes(), type=RestoreTest)
    assert (test.passed, test.counted[0].rows) == (True, ROWS)


def test_the_record_becomes_the_fact_of_the_next_survey(dumps: Dumps, state: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only the record of root or pantau is believed")
    assert agent("restore-test", "--backup", str(dumps / "p.sql"), state=state).returncode == 0
    (state / "agent").rename(state / "pantau")
    (state.parents[1] / "etc").mkdir()

    outcome = Survey(LocalHost(str(state.parents[1]))).outcome(RestoreTest)

    assert isinstance(outcome.fact, RestoreTest), outcome
    assert outcome.fact.passed
    assert outcome.fact.backup == str(dumps / "p.sql")


def test_root_writes_into_the_state_of_the_daemon_as_the_daemon(dumps: Dumps, state: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can")
    (state / "agent").mkdir(mode=0o700)
    shutil.chown(state / "agent", "nobody")
    assert agent("restore-test", "--backup", str(dumps / "p.sql"), state=state).returncode == 0

    kept = (state / "agent" / record.FILE).stat()
    assert kept.st_uid == (state / "agent").stat().st_uid != 0


def test_a_failure_says_step_reason_and_what_to_do_and_is_recorded(dumps: Dumps, state: Path) -> None:
    dumps.write("half.dump", (dumps / "c.dump").read_bytes()[:20_000])
    done = agent("--lang", "en", "restore-test", "--backup", str(dumps / "half.dump"), state=state)

    assert done.returncode == 1
    assert "✗ The restore test failed while " in done.stdout
    assert "the backup is cut off or damaged" in done.stdout
    assert "Make a new backup now" in done.stdout
    test = msgspec.json.decode((state / "agent" / record.FILE).read_bytes(), type=RestoreTest)
    assert (test.passed, test.reason) == (False, "cut")


def test_what_kill_9_left_behind_goes_with_the_next_test(dumps: Dumps, state: Path) -> None:
    process = started(state, dumps)
    process.kill()
    process.wait()
    assert working_in(base(state)), "the server should have outlived its test"
    assert list(base(state).glob("run-*"))

    done = agent("--lang", "en", "restore-test", "--backup", str(dumps / "p.sql"), state=state)

    assert done.returncode == 0, done.stderr
    assert "Remains of earlier tests were removed: 1." in done.stdout
    assert working_in(base(state)) == []
    assert not list(base(state).glob("run-*"))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it_and_leaves_nothing(dumps: Dumps, state: Path, number: signal.Signals) -> None:
    process = started(state, dumps)
    process.send_signal(number)

    assert process.wait(timeout=60) == 130
    assert working_in(base(state)) == []
    assert not list(base(state).glob("run-*"))
    assert not (state / "agent" / record.FILE).exists()  # it says nothing of the backup


def test_what_was_kept_can_be_looked_at_with_the_commands_that_are_printed(dumps: Dumps, state: Path) -> None:
    done = agent("--lang", "en", "restore-test", "--keep", "--backup", str(dumps / "p.sql"), state=state)
    start, look = [
        line.strip().split() for line in done.stdout.splitlines() if " -U " in line or line.endswith("start")
    ]
    try:
        subprocess.run([*start, "-w"], check=True, stdout=subprocess.DEVNULL, cwd="/", timeout=60)
        counted = [*look, "-Atc", "SELECT count(*) FROM paket"]
        assert subprocess.run(counted, check=True, capture_output=True, text=True, cwd="/").stdout == f"{ROWS}\n"
    finally:
        sweep(base(state))
    assert working_in(base(state)) == []


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--backup", "/no/such.dump"), 2, "/no/such.dump is not a file"),
        (("--backup", "/etc/passwd", "--scratch", "/no/such"), 1, "/no/such"),
        (("--hours", "0"), 2, "must be between 0 and 240"),
    ],
)
def test_wrong_use_is_a_sentence(state: Path, arguments: tuple[str, ...], code: int, said: str) -> None:
    done = agent("--lang", "en", "restore-test", *arguments, state=state)

    assert done.returncode == code
    assert said in done.stderr
    assert "Traceback" not in done.stderr
