from __future__ import annotations

import shutil
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.hosts.commands import ENVIRONMENT
from agent.hosts.ssh_command import (
    MOST_ARGUMENTS,
    PROOF,
    batches,
    began,
    code,
    decoded,
    encoded,
    ended,
    opening,
    quote,
    script,
)  # fmt: skip

HOSTILE = [
    "", " ", "a b", "a\nb", "\n", "'", "''", "'\"'\"'", '"', "$(id)", "`id`", "$HOME", "~", "~root", "*", "?", "[a-z]", "{a,b}",
    "\\", "\\\\", "a\\", "\\'", "a;b", "a&b", "a|b", "a>b", "#a", "!a", "=ls", "-n", "--", "\t", "\r", "\x01", "ü", "\udcff\udcfe",
    PROOF,
]  # fmt: skip


def arrives(*argv: str) -> list[bytes]:
    """The arguments as a program sees them behind the shell."""
    said = b" ".join(map(quote, ["printf", r"%s\0", *argv]))
    return subprocess.run(["/bin/sh", "-c", said], stdout=subprocess.PIPE, check=True).stdout.split(b"\0")[:-1]


@pytest.mark.parametrize("name", HOSTILE, ids=ascii)
def test_a_hostile_name_arrives_as_it_is(name: str) -> None:
    assert arrives("x", name, "y") == [b"x", encoded(name), b"y"]


@given(st.lists(st.binary(max_size=20).filter(lambda raw: b"\0" not in raw), min_size=1, max_size=5))
def test_any_bytes_arrive_as_they_are(names: list[bytes]) -> None:
    assert arrives(*map(decoded, names)) == names


@pytest.mark.parametrize("name", ["\0", "a\0b", "\ud800"], ids=ascii)
def test_what_can_be_no_argument_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=r"NUL|encode"):
        quote(name)


MARK = "0123456789abcdef" * 2
SHELLS = [pytest.param(argv, marks=pytest.mark.skipif(not shutil.which(argv[0]), reason=f"no {argv[0]} here"), id=argv[0])
          for argv in (["dash"], ["bash", "--posix"], ["busybox", "sh"], ["sh"])]  # fmt: skip


def run(shell: list[str], *scripts: bytes) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(shell, input=b"".join(scripts), capture_output=True, env=ENVIRONMENT, check=False)


@pytest.mark.parametrize("shell", SHELLS)
def test_every_shell_puts_an_answer_between_its_marks_whatever_was_printed(shell: list[str]) -> None:
    for argv, printed, status in (
        (["printf", "%s", PROOF], encoded(PROOF), 0),
        (["printf", "%s", f"{MARK[:-1]}\n{MARK[:-1]}.\n"], f"{MARK[:-1]}\n{MARK[:-1]}.\n".encode(), 0),
        (["sh", "-c", "printf 'a\\000b'; exit 3"], b"a\0b", 3),
        (["true"], b"", 0),
        (["cat"], b"", 0),
        (["pantau-no-such"], b"", 127),
    ):
        ran = run(
            shell, script(argv, MARK, seconds=10, most=1000), script(["echo", "next"], "f" * 32, seconds=10, most=9)
        )
        before, _, rest = ran.stdout.partition(began(MARK))
        answer, _, rest = rest.partition(ended(MARK))
        assert (before, code(answer, MARK)) == (b"", (printed, status)), argv
        assert rest == began("f" * 32) + b"next\n" + f"\n{'f' * 32} 0\n".encode() + ended("f" * 32)
        assert ran.stderr.startswith(began(MARK)), argv
        assert ended(MARK) in ran.stderr


@pytest.mark.parametrize("shell", SHELLS)
def test_more_than_was_asked_for_never_leaves_the_far_host_and_has_no_code(shell: list[str]) -> None:
    ran = run(shell, script(["head", "-c", "5000000", "/dev/zero"], MARK, seconds=10, most=1000))
    answer = ran.stdout.removeprefix(began(MARK)).removesuffix(ended(MARK))
    assert 1000 < len(answer) < 1100
    assert code(answer, MARK) is None


@pytest.mark.parametrize("shell", SHELLS)
def test_no_program_sees_the_mark(shell: list[str]) -> None:
    ran = run(shell, script(["sh", "-c", "env; cat /proc/*/cmdline /proc/*/environ"], MARK, seconds=10, most=1 << 24))
    found = code(ran.stdout.removeprefix(began(MARK)).removesuffix(ended(MARK)), MARK)
    assert found is not None
    assert MARK.encode() not in found[0]


@pytest.mark.parametrize("shell", SHELLS)
def test_the_environment_is_empty_the_locale_c_and_the_folder_the_root(shell: list[str]) -> None:
    started = b" ".join([opening().replace(b"exec ", b"", 1).rpartition(b" ")[0], *map(quote, shell)])
    ran = subprocess.run(
        ["/bin/sh", "-c", started], input=script(["env"], MARK, seconds=9, most=9999) + script(["pwd"], MARK, seconds=9, most=99),
        stdout=subprocess.PIPE, env={"SECRET": "x", "PATH": "/usr/bin:/bin"}, check=True,
    )  # fmt: skip
    assert b"LC_ALL=C\n" in ran.stdout
    assert b"HOME=/nonexistent\n" in ran.stdout
    assert b"SECRET" not in ran.stdout
    assert began(MARK) + b"/\n" in ran.stdout


def test_a_heavy_command_is_niced_there() -> None:
    assert b"\n19\n" in run(["sh"], script(["nice"], MARK, seconds=10, most=99, heavy=True)).stdout


def test_sudo_stands_before_everything_else_and_another_user_in_an_empty_environment() -> None:
    assert opening(sudo=True).startswith(b"exec sudo -n -- env -i ")
    assert opening().startswith(b"exec env -i ")
    assert b"{ runuser -u postgres -- env -i " in script(["id"], MARK, seconds=10, most=99, user="postgres")


@given(st.binary(max_size=300))
def test_an_answer_without_its_code_is_none_and_never_another(answer: bytes) -> None:
    assert code(answer, MARK) is None
    assert code(answer + f"\n{MARK} 7\n".encode(), MARK) == (answer, 7)
    assert code(answer + f"\n{MARK} 7\n.".encode(), MARK) is None


def test_many_names_are_cut_into_lines_that_a_shell_takes() -> None:
    names = [f"/home/{'x' * 200}/{number} '" for number in range(1000)]
    groups = list(batches(names))
    assert [name for group in groups for name in group] == names
    assert all(sum(len(quote(name)) + 1 for name in group) <= MOST_ARGUMENTS for group in groups)
    assert list(batches([])) == []
