from __future__ import annotations

import os
import pwd
import threading
import time
from pathlib import Path

import psutil
import pytest

from agent.hosts import commands
from checks.fact import Absent, Missing
from checks.source import Command
from checks.text import words


def sh(script: str, **options: object) -> Command:
    return Command(("sh", "-c", script), **options)  # type: ignore[arg-type]


def alive(marker: str) -> list[int]:
    """Processes that carry `marker` in their arguments."""
    return [
        process.pid
        for process in psutil.process_iter(["cmdline", "status"])
        if process.info["status"] != psutil.STATUS_ZOMBIE and marker in " ".join(process.info["cmdline"] or [])
    ]


def gone(marker: str) -> bool:
    """Did they end, within two seconds?"""
    for _ in range(40):
        if not alive(marker):
            return True
        time.sleep(0.05)
    return False


def test_what_a_command_prints_is_its_reading_and_its_stderr_is_not() -> None:
    assert commands.run(sh("echo out; echo err >&2")) == "out\n"


def test_invalid_utf8_is_replaced() -> None:
    assert commands.run(sh(r"printf 'a\377b'")) == "a�b"


def test_an_exit_code_that_is_no_answer_is_missing_with_what_the_command_said() -> None:
    with pytest.raises(Missing) as error:
        commands.run(sh("echo 'sh: cannot do it' >&2; echo more >&2; exit 3"))
    assert words(error.value.reason, "en") == "sh ended with code 3: cannot do it"
    assert words(error.value.reason, "id") == "sh berakhir dengan kode 3: cannot do it"


def test_an_exit_code_that_counts_as_an_answer_is_one() -> None:
    assert commands.run(sh("echo half; exit 3", ok=(0, 3))) == "half\n"


def test_a_command_that_dies_of_a_signal_is_missing() -> None:
    with pytest.raises(Missing, match="ended with code -11"):
        commands.run(sh("kill -SEGV $$"))


def test_a_command_that_is_not_installed_is_missing_and_absent_only_where_it_is_the_thing_itself() -> None:
    with pytest.raises(Missing, match="the command pantau-no-such is not installed"):
        commands.run(Command(("pantau-no-such",)))
    with pytest.raises(Absent, match="pantau-no-such is not installed"):
        commands.run(Command(("pantau-no-such",), is_the_thing=True))


def test_the_environment_is_clean_and_standard_input_is_empty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "id_ID.UTF-8")
    monkeypatch.setenv("PGPASSWORD", "rahasia")
    monkeypatch.setenv("LD_PRELOAD", "")
    seen = dict(line.split("=", 1) for line in commands.run(Command(("env",))).splitlines())
    assert seen == commands.ENVIRONMENT
    assert seen["LC_ALL"] == "C"
    assert commands.run(sh("cat; pwd")) == "/\n"


def test_a_command_is_looked_for_in_the_systems_folders_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pantau-here").write_text("#!/bin/sh\necho planted\n")
    (tmp_path / "pantau-here").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    with pytest.raises(Missing, match="not installed"):
        commands.run(Command(("pantau-here",)))


def test_arguments_never_pass_through_a_shell() -> None:
    assert commands.run(Command(("echo", "$HOME; id", "`id`"))) == "$HOME; id `id`\n"


def test_an_argument_with_a_nul_is_missing() -> None:
    with pytest.raises(Missing, match="null byte"):
        commands.run(Command(("echo", "a\0b")))


def test_a_command_that_hangs_is_killed_with_children_and_grandchildren() -> None:
    marker = f"31{os.getpid()}1"
    start = time.monotonic()
    with pytest.raises(Missing, match=r"sh did not end within 0\.5 s"):
        commands.run(sh(f"sh -c 'sleep {marker} & sleep {marker}' & sleep {marker}", timeout=0.5))
    assert time.monotonic() - start < 5
    assert gone(marker)


def test_grandchildren_that_keep_the_pipe_open_are_killed_though_the_command_itself_has_ended() -> None:
    marker = f"32{os.getpid()}2"
    with pytest.raises(Missing, match="did not end"):
        commands.run(sh(f"echo done; sleep {marker} &", timeout=0.5))
    assert gone(marker)


def test_what_a_command_leaves_behind_is_killed_and_its_answer_counts() -> None:
    marker = f"33{os.getpid()}3"
    assert commands.run(sh(f"sleep {marker} >/dev/null 2>&1 & echo answer")) == "answer\n"
    assert gone(marker)


def test_a_command_that_closes_its_output_and_works_on_is_killed_in_time() -> None:
    marker = f"34{os.getpid()}4"
    with pytest.raises(Missing, match="did not end"):
        commands.run(sh(f"exec >&- 2>&-; sleep {marker}", timeout=0.5))
    assert gone(marker)


def test_a_command_that_ignores_sigterm_ends_all_the_same() -> None:
    with pytest.raises(Missing, match="did not end"):
        commands.run(sh("trap '' TERM INT HUP; while :; do sleep 0.1; done", timeout=0.3))


def test_one_hundred_megabytes_are_missing_and_soon() -> None:
    start = time.monotonic()
    with pytest.raises(Missing, match="printed more than 1048576 bytes"):
        commands.run(sh("head -c 100000000 /dev/zero"))
    assert time.monotonic() - start < 5


def test_output_without_end_is_missing_within_the_limit() -> None:
    with pytest.raises(Missing, match="printed more than 1000 bytes"):
        commands.run(Command(("yes",), max_bytes=1000))


def test_output_of_exactly_the_limit_is_an_answer() -> None:
    assert len(commands.run(sh("head -c 1000 /dev/zero", max_bytes=1000))) == 1000


def test_five_megabytes_on_stderr_first_block_nothing() -> None:
    assert commands.run(sh("head -c 5000000 /dev/zero >&2; echo answer")) == "answer\n"


def test_heavy_commands_are_niced() -> None:
    before = os.nice(0)
    assert int(commands.run(sh("nice", heavy=True))) == min(19, before + 19)
    assert int(commands.run(sh("nice"))) == before


def test_heavy_commands_take_only_what_others_leave_of_the_disk() -> None:
    before = commands.run(Command(("ionice",)))
    assert commands.run(Command(("ionice",), heavy=True)) == "idle\n" != before


def test_many_commands_at_once_leave_no_child_and_no_open_file() -> None:
    def count() -> tuple[int, int]:
        return len(os.listdir("/proc/self/fd")), len(psutil.Process().children())

    before, failures = count(), []

    def work() -> None:
        for number in range(10):
            try:
                assert commands.run(sh(f"echo {number}")) == f"{number}\n"
                with pytest.raises(Missing):
                    commands.run(sh("sleep 5", timeout=0.05))
            except AssertionError as error:
                failures.append(error)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert count() == before


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may run a command as somebody else")
def test_a_command_of_another_user_has_none_of_our_privileges() -> None:
    assert commands.run(Command(("id", "-un")), user="nobody") == "nobody\n"
    groups = {int(one) for one in commands.run(Command(("id", "-G")), user="nobody").split()}
    assert groups == {pwd.getpwnam("nobody").pw_gid}


def test_on_debian_the_programs_of_postgresql_are_asked_and_not_the_script_that_looks_for_them() -> None:
    found = commands.find("pg_isready")
    if not list(Path("/usr/lib/postgresql").glob("*/bin/pg_isready")):
        pytest.skip("no PostgreSQL of Debian here")
    assert found is not None
    assert found.startswith("/usr/lib/postgresql/")
    assert Path(found).read_bytes()[:4] == b"\x7fELF"
